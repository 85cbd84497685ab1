"""Numpy's style."""

import pytest

from codegen_lsp.docstrings.content import Content, Entry, SectionKind
from codegen_lsp.docstrings.styles.numpy import STYLE
from codegen_lsp.syntax.signatures.facts import Parameter
from tests.docstrings.python_styles import (
    LAYOUT,
    POINT,
    READ,
    READER,
    definition,
    entries,
    item_lines,
    items,
    rendered,
)


def test_a_function() -> None:
    assert (
        rendered(STYLE, READ, READER)
        == '''\
    r"""Read the lines of a file.

    Parameters
    ----------
    path : Path
        The file that is read, which need not have a line
        end at its end.
    limit : int | None
        How many lines at most.
    *names
        Columns.
    **options : object
        Passed on.

    Returns
    -------
    list[str]
        The lines without `\\n`, in their order, each of them
        only once.

    Raises
    ------
    ValueError
        If `limit < 0`.
    errors.NotFound
        If there is none.
    """'''
    )


def test_a_class() -> None:
    attributes = (Parameter("x", "int"), Parameter("y"))
    assert (
        rendered(STYLE, POINT, definition(kind="class", attributes=attributes))
        == '''\
    """A point.

    Attributes
    ----------
    x : int
        To the right.
    y
        Downwards.
    """'''
    )


@pytest.mark.parametrize(
    ("kind", "returns", "expected"),
    [
        ("returns", "", "object"),
        ("returns", "dict[\n    str,int,\n]", "dict[str, int]"),
        ("returns", '"Tree"', "'Tree'"),
        ("yields", "Iterator[int]", "int"),
        ("yields", "typing.AsyncGenerator[list[int], None]", "list[int]"),
        ("yields", "Generator[tuple[int, str], None, bool]", "tuple[int, str]"),
        ("yields", "", "object"),
        ("yields", "Numbers[int]", "object"),
        ("yields", "Iterator", "object"),
    ],
)
def test_types_of_values(kind: SectionKind, returns: str, expected: str) -> None:
    documentable = definition(returns=returns)
    _title, _line, *written = STYLE.render_section(kind, [Entry("", "It.")], documentable, LAYOUT)
    assert written == [f"    {expected}", "        It."]


def test_a_type_that_is_no_expression() -> None:
    rest = definition(Parameter("values", "*Types", kind="rest"))
    content = Content("Do.", {"parameters": (Entry("values", "All."),)})
    assert "    *values : *Types\n" in rendered(STYLE, content, rest)


def test_what_is_written_is_read_again() -> None:
    read = STYLE.parse(rendered(STYLE, READ, READER).strip())
    assert entries(read) == READ.sections
    assert read.summary == READ.summary


HUMAN = '''"""
    Take some.

    Args
    ====
    x, y : int, optional
        Where.

        A paragraph more.
    `mode`: {"r", "w"}
    *rest
        Others.

    Prose that has come to stand here.

    Returns:
    --------
    out : int
        How many.
    text : str
        What.

    Notes
    -----
    z : not a parameter

    Raises
    ------
    ValueError: if not
    errors.Missing
        If none."""'''


def test_what_people_write() -> None:
    read = STYLE.parse(HUMAN)
    assert read.summary == "Take some."
    assert items(read) == [
        (
            "parameters",
            [("x, y", "Where. A paragraph more."), ("`mode`", ""), ("*rest", "Others.")],
        ),
        ("returns", [("", "How many. What.")]),
        ("raises", [("ValueError", "if not"), ("errors.Missing", "If none.")]),
    ]
    assert [(section.first, section.last) for section in read.sections] == [
        (3, 12),
        (15, 21),
        (26, 31),
    ]
    assert item_lines(read)[1] == ("`mode`", ['    `mode`: {"r", "w"}'])
    assert "\n".join(read.lines) == HUMAN


def test_prose_behind_a_value_is_not_of_it() -> None:
    text = '"""Do.\n\nReturns\n-------\nint\n    How many.\n\nMore about it.\n"""'
    assert item_lines(STYLE.parse(text)) == [("", ["int", "    How many."])]


def test_a_value_of_which_only_the_words_are_given() -> None:
    text = '"""Do.\n\nReturns\n-------\nHow many there are.\n"""'
    assert items(STYLE.parse(text)) == [("returns", [("", "How many there are.")])]


@pytest.mark.parametrize(
    "text",
    [
        '"""Do.\n\n    Args:\n        x: It.\n    """',
        '"""Do.\n\n    Parameters\n    x : It.\n    """',
        '"""Do.\n\n    See Also\n    --------\n    x : It.\n    """',
        '"""------"""',
    ],
)
def test_what_is_no_section(text: str) -> None:
    assert STYLE.parse(text).sections == ()


def test_sections_without_items() -> None:
    for title in ("Parameters", "Returns"):
        read = STYLE.parse(f'"""Do.\n\n    {title}\n    -------\n    """')
        assert [(section.last, section.items) for section in read.sections] == [(4, ())]
