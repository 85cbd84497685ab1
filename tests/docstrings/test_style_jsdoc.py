"""JSDoc."""

import pytest

from codegen_lsp.docstrings.content import Content, Entry
from codegen_lsp.docstrings.styles.jsdoc import STYLE
from codegen_lsp.syntax.signatures.facts import Parameter
from tests.docstrings.comment_styles import LAYOUT, TAKE, definition, item_lines, outline, rendered


def test_all_parts() -> None:
    assert (
        rendered(STYLE, TAKE)
        == """\
  /**
   * Returns the first `limit` items, or fewer.
   *
   * @param items - The items that the first ones are taken
   *     from, in their order.
   * @param limit - How many at most.
   * @returns The items.
   * @throws {RangeError} If `limit < 0`.
   * @template T - Kind of item.
   */"""
    )


def test_only_a_summary() -> None:
    assert rendered(STYLE, Content("Close it.")) == "  /** Closes it. */"


def test_one_part_alone() -> None:
    entries = (Entry("", "Each item."),)
    assert STYLE.render_section("yields", entries, definition(), LAYOUT) == [
        "   * @yields Each item."
    ]


@pytest.mark.parametrize(
    ("parameter", "written"),
    [
        (Parameter("n", "", "10", is_optional=True), "[n=10]"),
        (Parameter("n", "", "'a b'", is_optional=True), "[n]"),
        (Parameter("n", "", "make({a: 1})", is_optional=True), "[n]"),
        (Parameter("n", "number", "10", is_optional=True), "n"),
        (Parameter("n", kind="rest", is_optional=True), "n"),
    ],
)
def test_brackets_say_what_no_type_says(parameter: Parameter, written: str) -> None:
    lines = STYLE.render_section("parameters", [Entry("n", "It.")], definition(parameter), LAYOUT)
    assert lines == [f"   * @param {written} - It."]


def test_what_people_write_is_read() -> None:
    parsed = STYLE.parse(
        """/**
 * Draws it,
 * at once.
 *
 * More about it.
 * @template {object} T
 * @param {string|{a: number}} name - Its name,
 *   which counts.
 *
 * @arg {number} [size=[1, 2]] How large.
 * @param {...*} rest
 * @return {boolean} - Whether it worked.
 * @see draw
 * @throws {TypeError|RangeError} when wrong
 * @exception NotFound.Error if not there
 */"""
    )
    assert parsed.summary == "Draws it, at once."
    assert outline(parsed) == [
        ("type_parameters", ["T"]),
        ("parameters", ["name", "size", "rest"]),
        ("returns", [""]),
        ("raises", ["TypeError, RangeError", "NotFound.Error"]),
    ]
    assert item_lines(parsed)[1] == (
        "name",
        [" * @param {string|{a: number}} name - Its name,", " *   which counts."],
    )
    texts = [item.text for section in parsed.sections for item in section.items]
    assert texts == [
        "",
        "Its name, which counts.",
        "How large.",
        "",
        "Whether it worked.",
        "when wrong",
        "if not there",
    ]


def test_properties_belong_to_their_parameter() -> None:
    parsed = STYLE.parse(
        "/**\n * @param {Object} options - All.\n * @param {number} options.depth - How deep.\n"
        " * @param {Array} [options.names[].first]\n * @param other\n */"
    )
    assert [(name, len(lines)) for name, lines in item_lines(parsed)] == [
        ("options", 3),
        ("other", 1),
    ]


def test_a_cause_without_a_type_has_no_name() -> None:
    parsed = STYLE.parse("/**\n * @throws If it fails.\n * @throws Error now\n */")
    assert outline(parsed) == [("raises", ["", "Error"])]


def test_a_tag_of_another_kind_parts_two_sections() -> None:
    parsed = STYLE.parse("/**\n * @param a\n *\n * @since 2\n *\n * @param b\n */")
    assert [(each.first, each.last) for each in parsed.sections] == [(1, 2), (5, 6)]


def test_code_has_no_tags() -> None:
    parsed = STYLE.parse("/**\n * It.\n * ```\n * @param a\n * ```\n * @param b\n */")
    assert outline(parsed) == [("parameters", ["b"])]


def test_a_description_may_have_a_tag() -> None:
    assert (
        STYLE.parse("/**\n * @private\n * @description Draws\n * it.\n */").summary == "Draws it."
    )


@pytest.mark.parametrize("text", ["/** @param */", "/** @param {a */", "/** @throws */", "/**@*/"])
def test_what_is_unfinished_is_read_as_far_as_it_goes(text: str) -> None:
    assert STYLE.parse(text).problem == ""


def test_no_comment_has_a_problem() -> None:
    assert STYLE.parse("'use strict'").problem != ""


def test_other_tags_are_prose() -> None:
    assert STYLE.parse("/** @override\n * @private */").summary == "@override"
    assert STYLE.parse("/** @override\n * @param x It. */").summary == ""
