"""TSDoc."""

from codegen_lsp.docstrings.content import Content
from codegen_lsp.docstrings.styles.tsdoc import STYLE
from tests.docstrings.comment_styles import TAKE, outline, rendered


def test_all_parts() -> None:
    assert (
        rendered(STYLE, TAKE)
        == """\
  /**
   * Returns the first `limit` items, or fewer.
   *
   * @typeParam T - Kind of item.
   * @param items - The items that the first ones are taken
   *     from, in their order.
   * @param limit - How many at most.
   * @returns The items.
   * @throws RangeError If `limit < 0`.
   */"""
    )


def test_what_it_writes_it_reads() -> None:
    assert outline(STYLE.parse(rendered(STYLE, TAKE).strip())) == [
        (kind, [entry.name for entry in entries]) for kind, entries in TAKE.sections.items()
    ]


def test_marks_are_escaped_outside_of_code() -> None:
    content = Content("Turn {a} into <b> with `{c: <d>}` and @e.")
    assert rendered(STYLE, content) == (
        "  /** Turns \\{a\\} into \\<b\\> with `{c: <d>}` and \\@e. */"
    )


def test_links_are_names() -> None:
    parsed = STYLE.parse(
        "/**\n * @typeParam T - Kind.\n * @throws {@link RangeError} if so\n"
        " * @throws `Error` ever\n */"
    )
    assert outline(parsed) == [("type_parameters", ["T"]), ("raises", ["RangeError", "Error"])]
