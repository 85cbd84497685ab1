"""Summaries in the third person."""

import pytest

from codegen_lsp.docstrings.styles.third_person import third_person
from tests.docstrings.comment_styles import definition


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        ("Return the name.", "Returns the name."),
        ("Returns the name.", "Returns the name."),
        ("Process each row.", "Processes each row."),
        ("Catch it.", "Catches it."),
        ("Fix it.", "Fixes it."),
        ("Focus the window.", "Focuses the window."),
        ("Echo the line.", "Echoes the line."),
        ("Copy it.", "Copies it."),
        ("Destroy it.", "Destroys it."),
        ("Apply the patch.", "Applies the patch."),
        ("Recursively walk the tree.", "Recursively walks the tree."),
        ("Have a go.", "Has a go."),
        ("Do nothing.", "Does nothing."),
        ("Undo it.", "Undoes it."),
        ("Re-create the index.", "Re-creates the index."),
        ("Parse and validate the input.", "Parses and validates the input."),
        (
            "Open the file and read it, then close it.",
            "Opens the file and reads it, then closes it.",
        ),
        ("Run `a and parse b`.", "Runs `a and parse b`."),
        ("Dispose of it.", "Disposes of it."),
        ("Check the list and set of names.", "Checks the list and set of names."),
    ],
)
def test_an_order_becomes_a_statement(summary: str, expected: str) -> None:
    assert third_person(summary, definition()) == expected


@pytest.mark.parametrize(
    "summary",
    [
        "The name.",
        "A pool.",
        "Number of items.",
        "List of names.",
        "Constructor for pools.",
        "`x` and more.",
        "",
    ],
)
def test_what_is_no_order_stays(summary: str) -> None:
    assert third_person(summary, definition()) == summary


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        ("Represent a pool.", "Represents a pool."),
        ("Judge the runs.", "Judges the runs."),
        ("Handles requests.", "Handles requests."),
        ("Options for the client.", "Options for the client."),
        ("List of names.", "List of names."),
        ("Pool that all share.", "Pool that all share."),
        ("After the fact.", "After the fact."),
    ],
)
def test_the_summary_of_a_type_is_mostly_a_name_for_it(summary: str, expected: str) -> None:
    assert third_person(summary, definition(kind="class")) == expected
