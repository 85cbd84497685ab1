"""The styles, and which of them a language has."""

from collections.abc import Mapping

from codegen_lsp.docstrings.content import Style, StyleName
from codegen_lsp.docstrings.styles import (
    doxygen,
    godoc,
    google,
    javadoc,
    jsdoc,
    numpy,
    plain,
    rustdoc,
    sphinx,
    tsdoc,
    xml,
)

STYLES: Mapping[StyleName, Style] = {
    module.STYLE.name: module.STYLE
    for module in (
        google,
        numpy,
        sphinx,
        plain,
        jsdoc,
        tsdoc,
        godoc,
        rustdoc,
        javadoc,
        doxygen,
        xml,
    )
}
"""Every style by its name."""

_BY_LANGUAGE: Mapping[str, tuple[StyleName, ...]] = {
    "python": ("google", "numpy", "sphinx", "plain"),
    "javascript": ("jsdoc",),
    "javascriptreact": ("jsdoc",),
    "typescript": ("tsdoc", "jsdoc"),
    "typescriptreact": ("tsdoc", "jsdoc"),
    "go": ("godoc",),
    "rust": ("rustdoc",),
    "java": ("javadoc",),
    "c": ("doxygen",),
    "cpp": ("doxygen",),
    "csharp": ("xml",),
}


def styles_for(language: str) -> tuple[StyleName, ...]:
    """Styles that documentation in an LSP language may have, the default first; () without any."""
    return _BY_LANGUAGE.get(language, ())


def default_style(language: str) -> StyleName | None:
    """The style where nothing tells another; None for a language that has none."""
    return next(iter(styles_for(language)), None)
