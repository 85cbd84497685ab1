"""The linters of docstrings, run for real: what they say of one function is told apart."""

from pathlib import Path

import pytest

from codegen_lsp.docstrings.content import StyleName
from codegen_lsp.evaluate.docstring_lint import Linted, lint

GOOD = '''\
"""A module."""


def area(width: int, height):
    """Return the area.

    Args:
        width: The width.
        height: The height.

    Returns:
        The product.

    Raises:
        ValueError: If `width` is negative.
    """
    if width < 0:
        raise ValueError("negative")
    return width * height
'''
NUMPY = '''\
def area(width: int, height):
    """Return the area.

    Parameters
    ----------
    width : int
        The width.
    height
        The height.

    Returns
    -------
    int
        The product.
    """
    return width * height
'''
SPHINX = '''\
def area(width: int) -> int:
    """Return the area.

    :param width: The width.
    :returns: The product.
    """
    return width * width
'''
LACKS = GOOD.replace("        height: The height.\n", "")
FOREIGN = GOOD + '\n\ndef other(a):\n    """does nothing"""\n'
BROKEN = GOOD.replace('    """Return the area.', '    """Return """ the area.')


def codes(text: str, folder: Path, style: StyleName = "google") -> set[str]:
    lines = text.split("\n")
    first = next(n for n, line in enumerate(lines, start=1) if line.startswith("def area"))
    last = max(n for n, line in enumerate(lines, start=1) if line == '    """')
    found = lint([Linted(text, first, last)], style, folder)[0]
    return {each.code for each in found}


def test_a_good_docstring_has_no_findings(tmp_path: Path) -> None:
    assert codes(GOOD, tmp_path) == set()


@pytest.mark.parametrize(("style", "text"), [("numpy", NUMPY), ("sphinx", SPHINX)])
def test_every_style_has_its_rules(tmp_path: Path, style: StyleName, text: str) -> None:
    assert codes(text, tmp_path, style) == set()
    assert codes(text, tmp_path, "google") != set()


def test_both_see_a_missing_parameter(tmp_path: Path) -> None:
    assert codes(LACKS, tmp_path) >= {"D417", "DOC101"}


def test_what_is_elsewhere_does_not_count(tmp_path: Path) -> None:
    assert codes(FOREIGN, tmp_path) == set()


def test_a_file_that_does_not_parse_counts(tmp_path: Path) -> None:
    assert codes(BROKEN, tmp_path) >= {"invalid-syntax", "DOC002"}


def test_each_file_gets_its_own(tmp_path: Path) -> None:
    files = [Linted(LACKS, 4, 14), Linted(GOOD, 4, 15)]
    first, second = lint(files, "google", tmp_path)
    assert first
    assert second == []
