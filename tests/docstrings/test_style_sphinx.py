"""The style of Sphinx's field lists."""

import pytest

from codegen_lsp.docstrings.content import Content, Entry
from codegen_lsp.docstrings.styles.sphinx import STYLE
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

    :param path: The file that is read, which need not have
        a line end at its end.
    :param limit: How many lines at most.
    :param \\*names: Columns.
    :param \\*\\*options: Passed on.
    :returns: The lines without ``\\n``, in their order, each
        of them only once.
    :raises ValueError: If ``limit < 0``.
    :raises errors.NotFound: If there is none.
    """'''
    )


def test_a_class_and_a_generator() -> None:
    point = definition(kind="class", attributes=(Parameter("x"), Parameter("y")))
    assert (
        rendered(STYLE, POINT, point)
        == '''\
    """A point.

    :ivar x: To the right.
    :ivar y: Downwards.
    """'''
    )
    numbers = Content("Count.", {"yields": (Entry("", "Each number."),)})
    assert '\n    :yields: Each number.\n    """' in rendered(STYLE, numbers, definition())


def test_a_section_for_a_docstring_that_is_there() -> None:
    section = STYLE.render_section("raises", READ.sections["raises"], READER, LAYOUT)
    assert section == [
        "    :raises ValueError: If ``limit < 0``.",
        "    :raises errors.NotFound: If there is none.",
    ]


def test_what_is_written_is_read_again() -> None:
    read = STYLE.parse(rendered(STYLE, READ, READER).strip())
    assert entries(read) == {
        kind: tuple(Entry(entry.name, entry.text.replace("`", "``")) for entry in said)
        for kind, said in READ.sections.items()
    }
    assert read.summary == READ.summary


HUMAN = '''"""Take some.

    :param dict[str, int] x: Where,
    and more.
    :type y: str
    :param y: What.

        A paragraph more.
    :parameter \\*rest: Others, see :class:`Rest`.
    :type rest: int or
        str

    :keyword z: Last.
    :meta private:
    :return: How many.
    :rtype: int
    :raises :class:`ValueError`: If not.
    :raise ~errors.Missing: If none.

    Prose: at the end."""'''


def test_what_people_write() -> None:
    read = STYLE.parse(HUMAN)
    assert read.summary == "Take some."
    assert not read.problem
    assert items(read) == [
        (
            "parameters",
            [
                ("x", "Where, and more."),
                ("y", "What. A paragraph more."),
                (r"\*rest", "Others, see :class:`Rest`."),
                ("z", "Last."),
            ],
        ),
        ("returns", [("", "How many.")]),
        ("raises", [("`ValueError`", "If not."), ("errors.Missing", "If none.")]),
    ]
    assert "\n".join(read.lines) == HUMAN


def test_items_know_their_lines_and_those_of_their_types() -> None:
    lines = HUMAN.split("\n")
    assert item_lines(STYLE.parse(HUMAN)) == [
        ("x", lines[2:4]),
        ("y", lines[4:8]),
        (r"\*rest", lines[8:11]),
        ("z", lines[12:13]),
        ("", lines[14:16]),
        ("`ValueError`", lines[16:17]),
        ("errors.Missing", lines[17:18]),
    ]


def test_types_apart_are_no_second_items_and_cannot_be_mended() -> None:
    read = STYLE.parse('"""Do.\n\n:param x: X.\n:param y: Y.\n:type x: int\n:type y: str\n"""')
    assert items(read) == [("parameters", [("x", "X."), ("y", "Y.")])]
    assert read.problem == "a type stands apart from what it belongs to"


def test_a_type_alone_documents_its_name() -> None:
    read = STYLE.parse('"""Do.\n\n:type x: int\n:rtype: str\n"""')
    assert items(read) == [("parameters", [("x", "")]), ("returns", [("", "")])]
    assert not read.problem


def test_sections_end_at_other_lines() -> None:
    read = STYLE.parse('"""Do.\n\n:param x: X.\n\nProse.\n\n:param y: Y.\n:yield: Z.\n"""')
    assert [(section.kind, section.first, section.last) for section in read.sections] == [
        ("parameters", 2, 3),
        ("parameters", 6, 7),
        ("yields", 7, 8),
    ]


@pytest.mark.parametrize(
    "text",
    [
        '"""Do, see :class:`Rest`: all of it."""',
        '"""Do.\n\n:class:`Rest`: is used.\n"""',
        '"""Do.\n\n:meta private:\n:copyright: none\n"""',
        '"""Do.\n\n    Args:\n        x: It.\n    """',
    ],
)
def test_what_is_no_section(text: str) -> None:
    assert STYLE.parse(text).sections == ()


def test_a_type_without_a_name_is_that_of_the_field_above() -> None:
    read = STYLE.parse('"""Set it.\n\n    :param x: Where.\n    :type: str\n    """')
    assert items(read) == [("parameters", [("x", "Where.")])]
    assert item_lines(read) == [("x", ["    :param x: Where.", "    :type: str"])]
