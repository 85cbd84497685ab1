"""Rustdoc."""

from codegen_lsp.docstrings.content import Content, Entry
from codegen_lsp.docstrings.styles.rustdoc import STYLE
from tests.docstrings.comment_styles import LAYOUT, definition, item_lines, outline, rendered


def test_only_errors_are_written() -> None:
    content = Content("Open the file.", {"raises": (Entry("io::Error", "If it is not there."),)})
    assert (
        rendered(STYLE, content)
        == """\
  /// Opens the file.
  ///
  /// # Errors
  ///
  /// Returns `io::Error` if it is not there."""
    )
    assert STYLE.demands == ("raises",)


def test_one_part_alone() -> None:
    entries = (Entry("path", "Where it is, or where it will be once it is made."),)
    assert STYLE.render_section("parameters", entries, definition(), LAYOUT) == [
        "  /// # Arguments",
        "  ///",
        "  /// * `path` - Where it is, or where it will be once it is",
        "  ///   made.",
    ]


def test_an_error_without_a_condition() -> None:
    entries = (Entry("Error", "The file is locked."),)
    lines = STYLE.render_section("raises", entries, definition(), LAYOUT)
    assert lines[-1] == "  /// Returns `Error`: The file is locked."


def test_what_people_write_is_read() -> None:
    parsed = STYLE.parse(
        """/// Opens the
    /// file.
    ///
    /// # Arguments
    ///
    /// * `path` - Where
    ///   it is.
    /// - **mode**: How.
    ///
    /// ## Examples
    ///
    /// ```
    /// # Errors
    /// open();
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`Error`] if
    /// it is not there.
    ///"""
    )
    assert parsed.summary == "Opens the file."
    assert outline(parsed) == [("parameters", ["path", "mode"]), ("raises", [""])]
    assert [(each.first, each.last) for each in parsed.sections] == [(3, 8), (16, 20)]
    assert item_lines(parsed)[0] == (
        "path",
        ["    /// * `path` - Where", "    ///   it is."],
    )
    assert parsed.sections[1].items[0].text == "Returns [`Error`] if it is not there."


def test_a_part_may_be_empty() -> None:
    parsed = STYLE.parse("/// Opens it.\n///\n/// # Errors\n/// # Returns\n///")
    assert outline(parsed) == [("raises", []), ("returns", [])]


def test_an_attribute_has_a_problem() -> None:
    assert STYLE.parse('#[doc = "It."]').problem != ""


def test_other_parts_are_prose() -> None:
    parsed = STYLE.parse("/// # Examples\n///\n/// It.")
    assert (parsed.summary, parsed.sections) == ("# Examples", ())
    assert STYLE.parse("/// # Errors\n///\n/// It.").summary == ""
