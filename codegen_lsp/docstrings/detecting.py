"""Which style a docstring, a file or a repository is written in."""

from collections.abc import Iterable, Mapping
from typing import Literal

from codegen_lsp.docstrings.content import StyleName
from codegen_lsp.docstrings.registry import STYLES, default_style, styles_for

StyleSetting = StyleName | Literal["auto"]
"""A style, or that the docstrings that are there tell it."""


def detect(texts: Iterable[str], language: str) -> StyleName | None:
    """The style that most of some docstrings have; None where none has parts that would tell.

    Args:
        texts: the docstrings of a file, or of several, as they stand there.
        language: LSP language identifier.
    """
    told = [style for text in texts if (style := _told_by(text, language)) is not None]
    best = max(styles_for(language), key=told.count, default=None)
    return best if told else None


def style_for(
    setting: StyleSetting,
    language: str,
    texts: Iterable[str],
    usual: Mapping[str, StyleName],
) -> StyleName | None:
    """The style for new docstrings of a file; None for a language that has no style.

    Args:
        setting: a style of another language counts as "auto".
        language: LSP language identifier.
        texts: the docstrings of the file.
        usual: the style of the rest of the repository by language, where one is known.
    """
    if setting != "auto" and setting in styles_for(language):
        return setting
    return detect(texts, language) or usual.get(language) or default_style(language)


def style_of(text: str, language: str, otherwise: StyleName) -> StyleName:
    """The style of one docstring: that of its parts; `otherwise` where it has none."""
    if STYLES[otherwise].parse(text).sections:
        return otherwise
    return _told_by(text, language) or otherwise


def _told_by(text: str, language: str) -> StyleName | None:
    """The style whose reading of `text` finds most parts."""
    found = {style: len(STYLES[style].parse(text).sections) for style in styles_for(language)}
    best = max(found, key=found.__getitem__, default=None)
    return best if best is not None and found[best] else None
