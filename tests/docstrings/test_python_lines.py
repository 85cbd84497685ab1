"""Quotes and the summary's line of Python docstrings."""

import ast

import pytest

from codegen_lsp.docstrings.content import Content, Entry, Layout
from codegen_lsp.docstrings.styles import google, plain
from tests.docstrings.python_styles import definition, rendered


def _plain(summary: str, width: int = 88) -> str:
    return rendered(plain.STYLE, Content(summary), definition(), Layout("", width))


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        ("Do it.", '"""Do it."""'),
        ('Return "a".', '"""Return "a"."""'),
        ('Return "a."', '"""Return "a"."""'),
        ('Return "a"', '"""Return "a"."""'),
        (r"Split at \n.", r'r"""Split at \n."""'),
        ("Split at \\", 'r"""Split at \\."""'),
        ('Find """.', "'''Find \"\"\".'''"),
        ('"Do" it.', '""""Do" it."""'),
        ("Öffne 日本.", '"""Öffne 日本."""'),
    ],
)
def test_quotes(summary: str, expected: str) -> None:
    assert _plain(summary) == expected
    assert ast.literal_eval(expected).startswith(summary[:4])


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        ("Return the items that are new.", "Return the items."),
        ("Read the file using `a that b` names.", "Read the file."),
        ("Return the items, the names and all.", "Return the items."),
        ("Return the names and all the items.", "Return the names."),
        ("Read `a, and b` or nothing.", "Read `a, and b` or nothing."),
        ("Unpronounceable-and-uncuttable.", "Unpronounceable-and-uncuttable."),
        ("Return the items at.", "Return the items at."),
    ],
)
def test_a_summary_that_is_too_long_ends_earlier(summary: str, expected: str) -> None:
    assert _plain(summary, 26) == f'"""{expected}"""'


def test_a_line_is_just_long_enough() -> None:
    summary = "Do it that way."
    assert _plain(summary, len(summary) + 6) == f'"""{summary}"""'
    assert _plain(summary, len(summary) + 5) == '"""Do it."""'
    content = Content(summary, {"returns": (Entry("", "It."),)})
    lines = google.STYLE.render(content, definition(), Layout("", len(summary) + 3))
    assert lines[0] == f'"""{summary}'


def test_tabs_indent_and_long_words_stay_whole() -> None:
    entry = Entry("x", "See " + "word-" * 12 + "end.")
    lines = google.STYLE.render(
        Content("Do it.", {"parameters": (entry,)}), definition(), Layout("\t", 30)
    )
    assert lines[2:] == ["\tArgs:", "\t    x: See", f"\t        {'word-' * 12}end.", '\t"""']
