"""The style that the docstrings of a project are written in."""

from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path

from codegen_lsp.context.content import read_text
from codegen_lsp.context.files import Rules, walk
from codegen_lsp.docstrings.content import StyleName
from codegen_lsp.docstrings.detecting import StyleSetting, detect
from codegen_lsp.docstrings.reading import read
from codegen_lsp.docstrings.registry import styles_for
from codegen_lsp.syntax.languages import language_of

_MOST_ASKED = 100
"""Files of a project that are read to learn its style."""


def usual_styles(root: Path, languages: Iterable[str], rules: Rules) -> Mapping[str, StyleName]:
    """The style that the project at `root` documents each of `languages` in, where it tells."""
    asked = {each for each in languages if len(styles_for(each)) > 1}
    if not asked:
        return {}
    paths = (file.path for file in walk(root, rules) if language_of(file.path) in asked)
    docstrings: dict[str, list[str]] = {language: [] for language in asked}
    for path in islice(paths, _MOST_ASKED):
        language = language_of(path)
        docstrings[language] += read(language, read_text(path).text).docstrings
    found = {language: detect(texts, language) for language, texts in docstrings.items()}
    return {language: style for language, style in found.items() if style is not None}


def usual_or(
    setting: StyleSetting, languages: Iterable[str], usual: Mapping[str, StyleName]
) -> Mapping[str, StyleName]:
    """`usual`, and for those of `languages` that it does not tell, the style of the settings."""
    if setting == "auto":
        return usual
    return {each: setting for each in languages if setting in styles_for(each)} | dict(usual)
