"""Comments: their marks and what they say."""

import pytest

from codegen_lsp.docstrings.content import Layout
from codegen_lsp.docstrings.styles.comment_lines import comment, paragraph, read, spread, wrapped


@pytest.mark.parametrize(
    ("text", "contents", "mark"),
    [
        ("/** One. */", ("One.",), " * "),
        ("/** One.\n   * Two. */", ("One.", "Two."), " * "),
        ("/**\n * One.\n *   two\n */", ("", "One.", "  two", ""), " * "),
        ("/*!\r\n  One.\r\n*/", ("", "  One.", ""), " * "),
        ("/***/", ("",), " * "),
        ("/**/", ("",), " * "),
        ("/// One.\n    ///\n    ///  two", ("One.", "", " two"), "/// "),
        ("//! One.\n//! Two.", ("One.", "Two."), "//! "),
        ("// One.\n//\ttwo", ("One.", "\ttwo"), "// "),
    ],
)
def test_what_a_comment_says_and_how_its_lines_begin(
    text: str, contents: tuple[str, ...], mark: str
) -> None:
    found = read(text)
    assert (found.contents, found.mark, found.problem) == (contents, mark, "")


def test_lines_are_as_they_are_but_for_their_ends() -> None:
    assert read("/**\r\n\t * One. \r\n\t */").lines == ("/**", "\t * One. ", "\t */")


@pytest.mark.parametrize(
    "text", ['"""One."""', "/** One.", "/// One.\nint x;", "#[doc = 'One']", ""]
)
def test_what_is_no_comment_has_a_problem(text: str) -> None:
    assert read(text).problem == "it is not one comment"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/** One. */", "/**\n   * One.\n   */"),
        ("/*! One.\n   * @return x */", "/*!\n   * One.\n   * @return x\n   */"),
        ("/** One.\r\n   */", "/**\r\n   * One.\r\n   */"),
        ("/***/", "/**\n   */"),
        ("/**\n   */", "/**\n   */"),
        ("/***\n * One.\n ***/", "/***\n * One.\n ***/"),
        ("/**\n   * One. **/", "/**\n   * One.\n   */"),
        ("/**\n * One.\n */", "/**\n * One.\n */"),
        ("/// One.", "/// One."),
    ],
)
def test_a_block_is_spread_over_lines(text: str, expected: str) -> None:
    assert spread(text, "  ") == expected


def test_one_line_goes_between_its_marks_if_it_fits() -> None:
    assert comment(["One."], Layout("  ", 13)) == ["  /** One. */"]
    assert comment(["One."], Layout("  ", 12)) == ["  /**", "   * One.", "   */"]


def test_the_mark_of_the_layout_counts() -> None:
    assert comment(["One.", ""], Layout("  ", 80, "/// ")) == ["  /// One.", "  ///"]


def test_lines_are_as_wide_as_they_may_be() -> None:
    lines = comment(wrapped("a" + " bcd" * 60, Layout("    ", 50)), Layout("    ", 50))
    widths = [len(line) for line in lines[1:-2]]
    assert max(widths) <= 50
    assert min(widths) > 46


def test_a_long_word_stays_whole() -> None:
    link = "https://example.org/" + "x" * 40
    assert link in wrapped(f"See {link} for more.", Layout("", 40))


@pytest.mark.parametrize("special", ["@tag", "\\tag", "- x", "* x", "# x", "1. x", "> x"])
def test_no_line_begins_with_what_would_mean_something_else(special: str) -> None:
    for width in range(30, 50):
        lines = wrapped(f"Some words that come first {special} and then more", Layout("", width))
        assert not any(line.startswith(special) for line in lines)
        assert " ".join(lines) == f"Some words that come first {special} and then more"


def test_short_code_is_not_broken() -> None:
    assert wrapped("Twenty-five letters, if `a < b` then", Layout("", 31)) == [
        "Twenty-five letters, if",
        "`a < b` then",
    ]


def test_words_do_not_end_a_block() -> None:
    assert wrapped("All of src/**/*.ts", Layout("", 80)) == ["All of src/**\\/*.ts"]
    assert wrapped("All of src/**/*.ts", Layout("", 80, "/// ")) == ["All of src/**/*.ts"]


def test_the_first_paragraph_ends_at_a_blank_line_or_a_fence() -> None:
    assert paragraph(["", "One", "  two.", "", "Three."]) == "One two."
    assert paragraph(["One:", "```", "two()", "```"]) == "One:"
