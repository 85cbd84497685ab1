import pytest

from codegen_lsp.docstrings.imperative import imperative, is_order, is_verb


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Returns the rows.", "Return the rows."),
        ("Retrieves rows.", "Retrieve rows."),
        ("Applies a patch.", "Apply a patch."),
        ("Fetches it.", "Fetch it."),
        ("Getting the rows.", "Get the rows."),
        ("Parsing the rows.", "Parse the rows."),
        ("Does nothing.", "Do nothing."),
        ("Return the rows.", "Return the rows."),
        ("Process the rows.", "Process the rows."),
        ("Bring it.", "Bring it."),
        ("Updates the index.", "Update the index."),
        ("Returns rows.", "Return rows."),
        ("Entries of the index.", "Entries of the index."),
        ("Waits for rows.", "Wait for rows."),
        ("Ensures that it is one.", "Ensure that it is one."),
        ("Tests whether it is one.", "Test whether it is one."),
        ("", ""),
    ],
)
def test_first_verb_becomes_an_order(sentence: str, expected: str) -> None:
    assert imperative(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "name", "expected"),
    [
        ("Return the rows.", "rows", True),
        ("Recursively walk the rows.", "rows", True),
        ("Apply it.", "rows", True),
        ("Union all rows.", "union_rows", True),
        ("Frobnicate rows.", "frobnicate_rows", True),
        ("Frobnicate rows.", "rows", False),
        ("Context manager for rows.", "rows", False),
        ("Abstract method.", "rows", False),
        ("", "rows", False),
    ],
)
def test_order_begins_with_a_verb(sentence: str, name: str, expected: bool) -> None:
    assert is_order(sentence, name) is expected


def test_verbs_are_told_from_other_words() -> None:
    assert is_verb("Validate")
    assert not is_verb("operator")
