"""Places and pieces of text are followed through edits exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen_lsp.server.documents import Change, Document
from codegen_lsp.server.edits import Edit, Span, around, least_edit, what_remains
from codegen_lsp.text import Encoding

TEXTS = st.text("ab\né🙂", max_size=12)


@pytest.mark.parametrize(
    ("removed", "inserted", "expected"),
    [
        ("", "abc", Edit(7, 0, 3)),
        ("abc", "", Edit(7, 3, 0)),
        ("abc", "abc", Edit(10, 0, 0)),
        ("one two three", "one 2 three", Edit(11, 3, 1)),
        ("aaa", "aaaa", Edit(10, 0, 1)),
        ("x" * 100_000 + "y", "x" * 100_000 + "z", Edit(100_007, 1, 1)),
    ],
)
def test_only_what_differs_counts(removed: str, inserted: str, expected: Edit) -> None:
    assert least_edit(7, removed, inserted) == expected


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (Edit(0, 0, 4), Span(14, 24)),
        (Edit(2, 3, 0), Span(7, 17)),
        (Edit(10, 0, 3), Span(10, 23)),
        (Edit(20, 0, 3), Span(10, 23)),
        (Edit(15, 2, 1), Span(10, 19)),
        (Edit(5, 7, 1), Span(5, 14)),
        (Edit(18, 5, 2), Span(10, 20)),
        (Edit(0, 40, 2), Span(0, 2)),
        (Edit(21, 3, 9), Span(10, 20)),
    ],
)
def test_a_place_takes_in_what_is_inserted_at_it(edit: Edit, expected: Span) -> None:
    assert around(Span(10, 20), edit) == expected


@given(TEXTS, TEXTS, TEXTS, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9), TEXTS)))
def test_what_remains_is_what_was_there(
    before: str, piece: str, after: str, changes: list[tuple[int, int, str]]
) -> None:
    """Each character of the piece that is still said to stand is the one that stood there."""
    marks = [chr(0xE000 + index) for index in range(len(piece))]  # each is unique
    text = before + "".join(marks) + after
    spans = [Span(len(before), len(before) + len(piece))]
    for start, length, inserted in changes:
        offset = min(start, len(text))
        removed = text[offset : offset + length]
        spans = what_remains(spans, least_edit(offset, removed, inserted))
        text = text[:offset] + inserted + text[offset + length :]
    remaining = "".join(text[span.start : span.end] for span in spans)
    assert remaining == "".join(mark for mark in marks if mark in text)


@given(TEXTS, st.lists(st.tuples(st.integers(0, 20), st.integers(0, 9), TEXTS), max_size=4))
def test_a_document_says_what_each_change_has_changed(
    text: str, changes: list[tuple[int, int, str]]
) -> None:
    document = Document("u", "python", 1, text, Encoding.UTF16)
    for version, (start, length, inserted) in enumerate(changes, start=2):
        before = document.snapshot().text
        first, last = min(start, len(before)), min(start + length, len(before))
        range_ = (document.position_at(first), document.position_at(last))
        change = Change(None if length == 9 else range_, inserted)
        (edit,) = document.apply([change], version)
        now = document.snapshot().text
        assert len(now) == len(before) + edit.inserted - edit.removed
        assert now[: edit.offset] == before[: edit.offset]
        assert now[edit.offset + edit.inserted :] == before[edit.offset + edit.removed :]
        assert max(edit.inserted - len(inserted), 0) == 0
