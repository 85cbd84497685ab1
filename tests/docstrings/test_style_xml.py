"""XML comments."""

import pytest

from codegen_lsp.docstrings.content import Content, Entry, Layout
from codegen_lsp.docstrings.styles.xml import STYLE
from tests.docstrings.comment_styles import LAYOUT, TAKE, definition, item_lines, outline, rendered


def test_all_parts() -> None:
    assert (
        rendered(STYLE, TAKE)
        == """\
  /// <summary>
  /// Returns the first <c>limit</c> items, or fewer.
  /// </summary>
  /// <typeparam name="T">Kind of item.</typeparam>
  /// <param name="items">
  /// The items that the first ones are taken from, in their
  /// order.
  /// </param>
  /// <param name="limit">How many at most.</param>
  /// <returns>The items.</returns>
  /// <exception cref="RangeError">
  /// If <c>limit &lt; 0</c>.
  /// </exception>"""
    )


@pytest.mark.parametrize("layout", [LAYOUT, Layout("\t", 100, " * ")])
def test_what_it_writes_it_reads(layout: Layout) -> None:
    assert outline(STYLE.parse(rendered(STYLE, TAKE, layout).strip())) == [
        (kind, [entry.name for entry in entries]) for kind, entries in TAKE.sections.items()
    ]


def test_a_property_gets_and_has_a_value() -> None:
    content = Content("Return the name.", {"returns": (Entry("", "The name."),)})
    assert STYLE.render(content, definition(kind="property"), LAYOUT) == [
        "  /// <summary>",
        "  /// Gets the name.",
        "  /// </summary>",
        "  /// <value>The name.</value>",
    ]


def test_generic_types_are_named_in_braces() -> None:
    lines = STYLE.render_section("raises", [Entry("Fault<T>", "Always.")], definition(), LAYOUT)
    assert lines == ['  /// <exception cref="Fault{T}">Always.</exception>']
    assert outline(STYLE.parse(lines[0].strip())) == [("raises", ["Fault<T>"])]


def test_words_are_escaped() -> None:
    lines = STYLE.render_section("returns", [Entry("", "a < b & `c > d`.")], definition(), LAYOUT)
    assert lines == ["  /// <returns>a &lt; b &amp; <c>c &gt; d</c>.</returns>"]


def test_what_people_write_is_read() -> None:
    parsed = STYLE.parse(
        """/// <summary>Opens <see cref="X"/>
    /// now.</summary>
    /// <remarks>
    /// <param name="no">In another.</param>
    /// </remarks>
    /// <param name='path'>
    /// Where.
    /// </param>
    ///
    /// <param name="mode" />
    /// <returns>The file.</returns>
    /// <exception cref="T:System.IO.IOException">If so.</exception>"""
    )
    assert parsed.problem == ""
    assert parsed.summary == 'Opens <see cref="X"/> now.'
    assert outline(parsed) == [
        ("parameters", ["path", "mode"]),
        ("returns", [""]),
        ("raises", ["System.IO.IOException"]),
    ]
    assert item_lines(parsed)[0] == (
        "path",
        ["    /// <param name='path'>", "    /// Where.", "    /// </param>"],
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('/// <param name="x">It.', "<param> is not closed"),
        ('/// <param name="x">It.</param><returns>It.</returns>', "<param> shares a line"),
        ("/// <summary>It.\n/// </summary><returns>It.</returns>", "<returns> shares a line"),
        ("/// <summary>It.</summary><returns>It.</returns>", "<returns> shares a line"),
        ("/// <returns>It.</returns> Or not.", "<returns> shares a line"),
    ],
)
def test_what_lines_cannot_be_put_in_has_a_problem(text: str, problem: str) -> None:
    parsed = STYLE.parse(text)
    assert (parsed.problem, parsed.sections) == (problem, ())


@pytest.mark.parametrize(
    "text", ["/// <inheritdoc/>", "/// Plain words.", "/// <br> a < b", "/// <T"]
)
def test_other_comments_are_prose(text: str) -> None:
    parsed = STYLE.parse(text)
    assert (parsed.summary, parsed.problem) == (text.removeprefix("/// "), "")


def test_an_empty_summary_says_nothing() -> None:
    assert STYLE.parse("/// <summary>\n/// </summary>").summary == ""
    parsed = STYLE.parse("/// <summary></summary>\n/// <remarks>It.</remarks>")
    assert parsed.summary == "<remarks>It.</remarks>"
