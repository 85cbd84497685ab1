"""Doxygen."""

import pytest

from codegen_lsp.docstrings.content import Content, Layout
from codegen_lsp.docstrings.styles.doxygen import STYLE
from tests.docstrings.comment_styles import TAKE, item_lines, outline, rendered


def test_all_parts() -> None:
    assert (
        rendered(STYLE, TAKE)
        == """\
  /**
   * @brief Returns the first `limit` items, or fewer.
   *
   * @tparam T Kind of item.
   * @param items The items that the first ones are taken
   *     from, in their order.
   * @param limit How many at most.
   * @return The items.
   * @throws RangeError If `limit < 0`.
   */"""
    )


def test_lines_with_the_mark_of_the_file() -> None:
    assert rendered(STYLE, Content("Close it."), Layout("", 80, "/// ")) == "/// @brief Closes it."


@pytest.mark.parametrize("mark", [" * ", "/// ", "//! "])
def test_what_it_writes_it_reads(mark: str) -> None:
    text = rendered(STYLE, TAKE, Layout("  ", 60, mark)).strip()
    parsed = STYLE.parse(text)
    assert parsed.mark == mark
    assert parsed.summary == "Returns the first `limit` items, or fewer."
    assert outline(parsed) == [
        (kind, [entry.name for entry in entries]) for kind, entries in TAKE.sections.items()
    ]


def test_commands_in_words_are_escaped() -> None:
    content = Content(r"Send a@b, <x> and \n, but not `@c`.")
    assert rendered(STYLE, content) == (
        "  /** @brief Sends a\\@b, \\<x> and \\\\n, but not `@c`. */"
    )


def test_what_people_write_is_read() -> None:
    parsed = STYLE.parse(
        r"""/*! \brief Reads it
 *  all.
 *
 *  Details here.
 *  \param[in,out] buffer where to
 *  \param x,y  the place
 *
 *  Prose between.
 *
 *  \param n: how many
 *  @retval 0 if good
 *  @retval 1 if bad
 *  \exception std::bad_alloc never
 */"""
    )
    assert parsed.summary == "Reads it all."
    assert outline(parsed) == [
        ("parameters", ["buffer", "x, y"]),
        ("parameters", ["n"]),
        ("returns", [""]),
        ("raises", ["std::bad_alloc"]),
    ]
    assert item_lines(parsed)[3] == ("", [" *  @retval 0 if good", " *  @retval 1 if bad"])
    assert not any(each.first <= 7 < each.last for each in parsed.sections)
