"""Javadoc."""

import pytest

from codegen_lsp.docstrings.content import Content
from codegen_lsp.docstrings.styles.javadoc import STYLE
from tests.docstrings.comment_styles import TAKE, item_lines, outline, rendered


def test_all_parts() -> None:
    assert (
        rendered(STYLE, TAKE)
        == """\
  /**
   * Returns the first {@code limit} items, or fewer.
   *
   * @param <T> Kind of item.
   * @param items The items that the first ones are taken
   *     from, in their order.
   * @param limit How many at most.
   * @return The items.
   * @throws RangeError If {@code limit < 0}.
   */"""
    )


def test_what_it_writes_it_reads() -> None:
    assert outline(STYLE.parse(rendered(STYLE, TAKE).strip())) == [
        (kind, [entry.name for entry in entries]) for kind, entries in TAKE.sections.items()
    ]


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("`List<T>`", "{@code List<T>}"),
        ("`{`", "<code>{</code>"),
        ("`/**/x`", "<code>/**&#47;x</code>"),
        ("a/**/b", "a/**&#47;b"),
        ("{@x}", "{&#64;x}"),
    ],
)
def test_words_become_html(words: str, written: str) -> None:
    assert rendered(STYLE, Content(f"Print {words}.")) == f"  /** Prints {written}. */"


def test_what_people_write_is_read() -> None:
    parsed = STYLE.parse(
        "/** Opens it.\n\n   <p>More.\n   @param <K> key\n   @param path  the path,\n"
        "      absolute\n   @return the file\n   @exception java.io.IOException if not */"
    )
    assert parsed.summary == "Opens it."
    assert outline(parsed) == [
        ("type_parameters", ["K"]),
        ("parameters", ["path"]),
        ("returns", [""]),
        ("raises", ["java.io.IOException"]),
    ]
    assert item_lines(parsed)[1] == ("path", ["   @param path  the path,", "      absolute"])
