"""Google's style."""

import pytest

from codegen_lsp.docstrings.content import Content, Entry
from codegen_lsp.docstrings.styles.google import STYLE
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

    Args:
        path: The file that is read, which need not have a
            line end at its end.
        limit: How many lines at most.
        *names: Columns.
        **options: Passed on.

    Returns:
        The lines without `\\n`, in their order, each of them
        only once.

    Raises:
        ValueError: If `limit < 0`.
        errors.NotFound: If there is none.
    """'''
    )


def test_a_class_and_a_generator() -> None:
    point = definition(kind="class", attributes=(Parameter("x"), Parameter("y")))
    assert (
        rendered(STYLE, POINT, point)
        == '''\
    """A point.

    Attributes:
        x: To the right.
        y: Downwards.
    """'''
    )
    numbers = Content("Count.", {"yields": (Entry("", "Each number."),)})
    assert '    Yields:\n        Each number.\n    """' in rendered(STYLE, numbers, definition())


def test_a_section_for_a_docstring_that_is_there() -> None:
    section = STYLE.render_section("returns", [Entry("", "The lines.")], READER, LAYOUT)
    assert section == ["    Returns:", "        The lines."]


def test_what_is_written_is_read_again() -> None:
    read = STYLE.parse(rendered(STYLE, READ, READER).strip())
    assert entries(read) == READ.sections
    assert read.summary == READ.summary


HUMAN = '''"""Take
    some of them.

    More about it: see below.

    Arguments:
        items (list of str, optional): What
            is taken.

            A paragraph more.
        `limit`, size: How many
        *rest (int): -- Others.
        - mode - How.
        key:
            What they are sorted by.

    Example:
        text: not a parameter

    Keyword Args:
        deep: Also below.
    Return:
        dict[str, int]: Counts: by name.
    Raises:
        :class:`ValueError`, `TypeError`: If not.
        [`errors.Gone`](https://example.org/a,b), [`Late`]: If late.
        KeyError / IndexError: If missing."""'''


def test_what_people_write() -> None:
    read = STYLE.parse(HUMAN)
    assert read.summary == "Take some of them."
    assert items(read) == [
        (
            "parameters",
            [
                ("items", "What is taken. A paragraph more."),
                ("`limit`, size", "How many"),
                ("*rest", "-- Others."),
                ("mode", "How."),
                ("key", "What they are sorted by."),
            ],
        ),
        ("parameters", [("deep", "Also below.")]),
        ("returns", [("", "Counts: by name.")]),
        (
            "raises",
            [
                ("`ValueError`, `TypeError`", "If not."),
                ("`errors.Gone`, `Late`", "If late."),
                ("KeyError, IndexError", "If missing."),
            ],
        ),
    ]
    assert "\n".join(read.lines) == HUMAN


def test_items_and_sections_know_their_lines() -> None:
    read = STYLE.parse(HUMAN)
    assert item_lines(read)[0] == ("items", HUMAN.split("\n")[6:10])
    assert item_lines(read)[-1] == (
        "KeyError, IndexError",
        ['        KeyError / IndexError: If missing."""'],
    )
    assert [(section.first, section.last) for section in read.sections] == [
        (5, 15),
        (19, 21),
        (21, 23),
        (23, 27),
    ]


@pytest.mark.parametrize("title", ["Args", "Arguments", "Parameters", "Params", "Other Parameters"])
def test_titles_of_parameters(title: str) -> None:
    assert items(STYLE.parse(f'"""Do.\n\n{title}:\n  x: It.\n"""')) == [
        ("parameters", [("x", "It.")])
    ]


@pytest.mark.parametrize(
    "text",
    [
        '"""Takes these\n\n    arguments:\n        x: It.\n    """',
        '"""Do.\n\n    Notes:\n        x: It.\n    """',
        '"""Do.\n\n    Parameters:\n    -----------\n    x : int\n        It.\n    """',
        '"""Do Args: nothing."""',
    ],
)
def test_what_is_no_section(text: str) -> None:
    assert STYLE.parse(text).sections == ()


def test_prose_in_a_section_names_nothing() -> None:
    assert items(STYLE.parse('"""Do.\n\n    Args:\n        None\n    """')) == [("parameters", [])]
    assert items(STYLE.parse('"""Do.\n\n    Raises:\n        If it cannot.\n    """')) == [
        ("raises", [("", "If it cannot.")])
    ]
    assert items(STYLE.parse('"""Do.\n\n    Returns:\n    """')) == [("returns", [])]
