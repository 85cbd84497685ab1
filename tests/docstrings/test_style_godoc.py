"""Go doc comments."""

import pytest

from codegen_lsp.docstrings.content import Content, Entry
from codegen_lsp.docstrings.styles.godoc import STYLE
from codegen_lsp.syntax.signatures.facts import Kind
from tests.docstrings.comment_styles import LAYOUT, TAKE, definition, rendered


def test_a_sentence_that_begins_with_the_name() -> None:
    assert rendered(STYLE, TAKE) == "  // take returns the first limit items, or fewer."


def test_long_ones_are_wrapped() -> None:
    content = Content("Return " + "many " * 12 + "words.")
    assert rendered(STYLE, content) == (
        "  // take returns many many many many many many many many\n  // many many many many words."
    )


@pytest.mark.parametrize(
    ("kind", "summary", "expected"),
    [
        ("function", "Copy and close the file.", "Pool copies and closes the file."),
        ("function", "Pool closes it.", "Pool closes it."),
        ("function", "`Pool` closes it.", "Pool closes it."),
        ("method", "Number of items.", "Pool returns the number of items."),
        ("method", "The number of items.", "Pool returns the number of items."),
        ("struct", "A pool of `Conn` values.", "Pool is a pool of Conn values."),
        ("struct", "Pool of connections.", "Pool represents the pool of connections."),
        ("struct", "Options for a client.", "Pool represents the options for a client."),
        ("interface", "HTTP client.", "Pool represents the HTTP client."),
        ("interface", "Represent a user.", "Pool represents a user."),
    ],
)
def test_the_verb_fits_the_kind(kind: Kind, summary: str, expected: str) -> None:
    made = definition(name="Pool", kind=kind)
    assert STYLE.render(Content(summary), made, LAYOUT) == [f"  // {expected}"]


def test_there_are_no_parts() -> None:
    assert STYLE.demands == ()
    assert STYLE.render_section("parameters", [Entry("x", "It.")], definition(), LAYOUT) == []


def test_the_first_paragraph_is_the_summary() -> None:
    parsed = STYLE.parse("// Take returns\n// it.\n//\n// # Notes\n//\n//\tcode")
    assert (parsed.summary, parsed.sections, parsed.mark) == ("Take returns it.", (), "// ")
