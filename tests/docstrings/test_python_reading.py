"""Quotes, margin and summary of Python docstrings."""

import pytest

from codegen_lsp.docstrings.styles.google import STYLE


@pytest.mark.parametrize(
    "text",
    [
        '"""Do it."""',
        "'''Do it.'''",
        '"Do it."',
        "'Do it.'",
        'r"""Do it."""',
        'U"Do it."',
        '"""\n    Do it.\n    """',
        '"""\\\n    Do it.\n    """',
        '"""Do\n\tit.\n\n\tMore.\n\t"""',
    ],
)
def test_summary(text: str) -> None:
    read = STYLE.parse(text)
    assert (read.summary, read.problem) == ("Do it.", "")


@pytest.mark.parametrize(
    "text",
    [
        'b"""Do it."""',
        'f"""Do it."""',
        'Rb"Do."',
        '"Do " "it."',
        '("Do")',
        '"""Do it.',
        "Do it.",
        "",
        r'"Do it.\"',
        '"' + "\\a" * 100,  # must not take for ever
    ],
)
def test_what_is_no_docstring_has_a_problem(text: str) -> None:
    read = STYLE.parse(text)
    assert read.problem == "it is more than one plain string"
    assert (read.summary, read.sections) == ("", ())


@pytest.mark.parametrize("text", ['""', "''", '""""""', '"""\n    """'])
def test_one_that_says_nothing(text: str) -> None:
    read = STYLE.parse(text)
    assert (read.summary, read.problem) == ("", "")


def test_escaped_quotes_are_text() -> None:
    assert STYLE.parse(r'"""Do \"""it\""" "now"."""').summary == r'Do \"""it\""" "now".'


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_in_the_file(end: str) -> None:
    lines = ('"""Do.\x0c', "", "    Args:", "\tx: It.", '    """')
    read = STYLE.parse(end.join(lines))
    assert read.lines == lines
    assert [(item.first, item.last) for item in read.sections[0].items] == [(3, 4)]


def test_a_docstring_that_begins_with_a_section() -> None:
    read = STYLE.parse('"""Args:\n        x: It.\n    """')
    assert read.summary == ""
    assert (read.sections[0].first, read.sections[0].items[0].name) == (0, "x")


def test_fields_of_epytext_are_no_prose() -> None:
    text = '"""Do it.\n\n    @param x: The x.\n    @return: It.\n    """'
    assert STYLE.parse(text).problem == "its fields are those of epytext"
    assert not STYLE.parse('"""Like @property."""').problem
