from typing import get_args

from codegen_lsp.docstrings.content import StyleName
from codegen_lsp.docstrings.registry import STYLES, default_style, styles_for
from codegen_lsp.syntax.languages import languages_with_grammar


def test_every_style_is_there_under_its_own_name() -> None:
    assert set(STYLES) == set(get_args(StyleName))
    assert all(style.name == name for name, style in STYLES.items())


def test_the_default_comes_first() -> None:
    assert default_style("python") == "google"
    assert styles_for("typescript") == ("tsdoc", "jsdoc")
    assert default_style("cpp") == "doxygen"


def test_a_language_without_documentation_has_no_style() -> None:
    assert styles_for("json") == ()
    assert default_style("json") is None


def test_each_language_whose_definitions_are_known_has_a_style() -> None:
    known = {language for language in languages_with_grammar() if styles_for(language)}
    others = {"kotlin", "lua", "php", "ruby", "shellscript", "swift"}
    assert known == set(languages_with_grammar()) - others
