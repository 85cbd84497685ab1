from codegen_lsp.docstrings.content import StyleName
from codegen_lsp.docstrings.detecting import detect, style_for, style_of

GOOGLE = '"""Do it.\n\n    Args:\n        x: The x.\n    """'
NUMPY = '"""Do it.\n\n    Parameters\n    ----------\n    x : int\n        The x.\n    """'
SPHINX = '"""Do it.\n\n    :param x: The x.\n    """'
PROSE = '"""Do it."""'


def test_the_style_of_most_docstrings_wins() -> None:
    assert detect([NUMPY, GOOGLE, PROSE, NUMPY, PROSE, PROSE], "python") == "numpy"
    assert detect([SPHINX], "python") == "sphinx"


def test_prose_tells_nothing() -> None:
    assert detect([PROSE, PROSE], "python") is None


def test_the_file_counts_before_the_repository_and_that_before_the_default() -> None:
    usual: dict[str, StyleName] = {"python": "sphinx"}
    assert style_for("auto", "python", [NUMPY], usual) == "numpy"
    assert style_for("auto", "python", [PROSE], usual) == "sphinx"
    assert style_for("auto", "python", [PROSE], {}) == "google"


def test_a_setting_counts_before_all_but_only_for_its_languages() -> None:
    assert style_for("plain", "python", [NUMPY], {}) == "plain"
    assert style_for("numpy", "go", [], {}) == "godoc"
    assert style_for("google", "json", [], {}) is None


def test_one_docstring_may_have_a_style_of_its_own() -> None:
    assert style_of(NUMPY, "python", "google") == "numpy"
    assert style_of(PROSE, "python", "google") == "google"
    assert style_of(GOOGLE, "python", "google") == "google"
