"""Positions against a naive model that walks the text one character at a time."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen_lsp.text import (
    Encoding,
    Position,
    Snapshot,
    byte_length,
    index_of,
    line_ending,
    split_lines,
    units,
)

PIECES = ["a", "é", "e\u0301", "😀", "\t", "\f", "\v", "\x85", "\u2028", "\n", "\r", "\r\n", " "]
texts = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


def snapshot(text: str) -> Snapshot:
    return Snapshot("file:///a.py", 0, "python", text)


def model(text: str) -> list[tuple[int, int]]:
    """Line and UTF-16 character of every offset, the end included."""
    places, line, character = [], 0, 0
    for i, char in enumerate(text):
        places.append((line, character))
        ends = char == "\n" or (char == "\r" and text[i + 1 : i + 2] != "\n")
        line, character = (line + 1, 0) if ends else (line, character + 1 + (char > "\uffff"))
    return [*places, (line, character)]


@given(texts)
def test_position_of_every_offset(text: str) -> None:
    document = snapshot(text)
    assert [document.position_at(i) for i in range(len(text) + 1)] == [
        Position(*place) for place in model(text)
    ]


@given(texts)
def test_line_of_every_offset(text: str) -> None:
    document = snapshot(text)
    lines = [line for line, _ in model(text)]
    assert [document.line_of(i) for i in range(len(text) + 1)] == lines
    assert len(document.line_starts) == lines[-1] + 1


@given(texts)
def test_lines_are_what_stands_between_line_ends(text: str) -> None:
    document = snapshot(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ends = [document.line_end(i) for i in range(len(document.line_starts))]
    starts = document.line_starts
    assert [text[a:b] for a, b in zip(starts, ends, strict=True)] == lines


@given(texts)
def test_line_and_column_lead_back_to_the_offset(text: str) -> None:
    document = snapshot(text)
    for line, start in enumerate(document.line_starts):
        for offset in range(start, document.line_end(line) + 1):
            assert document.offset_of_line_column(line + 1, offset - start + 1) == offset
        assert document.offset_of_line_column(line + 1, None) == document.line_end(line)


@pytest.mark.parametrize("separator", ["\f", "\v", "\x1c", "\x85", "\u2028", "\u2029"])
def test_only_the_three_line_ends_end_a_line(separator: str) -> None:
    document = snapshot(f"a{separator}b\nc")
    assert document.line_starts == [0, 4]
    assert document.position_at(3) == Position(0, 3)


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("", [0]),
        ("a", [0]),
        ("a\n", [0, 2]),
        ("a\r\nb", [0, 3]),
        ("a\rb", [0, 2]),
        ("\r\r\n\n", [0, 1, 3, 4]),
        ("a\n\rb", [0, 2, 3]),
    ],
)
def test_line_starts(text: str, starts: list[int]) -> None:
    assert snapshot(text).line_starts == starts


def test_a_column_counts_characters_and_a_position_counts_utf16() -> None:
    document = snapshot("😀e\u0301x\n")
    offset = document.offset_of_line_column(1, 4)
    assert document.text[offset] == "x"
    assert document.position_at(offset) == Position(0, 4)


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("", 2, 1, "line 2 is outside the text, which has 1 line"),
        ("a\nb", 0, 1, "line 0 is outside the text, which has 2 lines"),
        ("a\nb", 3, None, "line 3 is outside the text, which has 2 lines"),
        ("ab\n", 1, 4, "column 4 is outside line 1, whose last column is 3"),
        ("ab\r\n", 1, 4, "column 4 is outside line 1, whose last column is 3"),
        ("", 1, 0, "column 0 is outside line 1, whose last column is 1"),
    ],
)
def test_a_place_outside_the_text_is_named(
    text: str, line: int, column: int | None, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        snapshot(text).offset_of_line_column(line, column)


def width(char: str, encoding: Encoding) -> int:
    """Units of one character, by the definition of each encoding."""
    if encoding is Encoding.UTF32:
        return 1
    if encoding is Encoding.UTF16:
        return 1 + (char > "\uffff")
    return 1 + (char > "\x7f") + (char > "\u07ff") + (char > "\uffff")


@given(texts)
def test_lengths_in_each_encoding(text: str) -> None:
    for encoding in Encoding:
        assert units(text, encoding) == sum(width(char, encoding) for char in text)
    assert byte_length(text) == len(text.encode())


def test_lone_surrogates_have_a_length() -> None:
    assert [units("a\ud83d", encoding) for encoding in Encoding] == [4, 2, 2]
    assert byte_length("a\ud83d") == 4


@given(texts)
def test_a_number_of_units_leads_to_the_character_that_holds_it(text: str) -> None:
    for encoding in Encoding:
        holders = [i for i, char in enumerate(text) for _ in range(width(char, encoding))]
        found = [index_of(text, count, encoding) for count in range(len(holders) + 3)]
        assert found == holders + [len(text)] * 3


@pytest.mark.parametrize("encoding", Encoding)
@pytest.mark.parametrize("line", ["abc", "aé😀"])
def test_a_number_of_units_outside_the_line_leads_to_its_nearer_end(
    line: str, encoding: Encoding
) -> None:
    assert index_of(line, -1, encoding) == 0
    assert index_of(line, 2**31 - 1, encoding) == 3


def test_the_middle_of_a_character_is_its_start() -> None:
    assert index_of("a😀b", 2, Encoding.UTF16) == 1
    assert [index_of("a😀b", count, Encoding.UTF8) for count in (2, 3, 4)] == [1, 1, 1]
    assert index_of("aéb", 2, Encoding.UTF8) == 1


@given(texts)
def test_position_in_each_encoding(text: str) -> None:
    document = snapshot(text)
    for offset in range(len(text) + 1):
        line = document.line_of(offset)
        before = text[document.line_starts[line] : offset]
        for encoding in Encoding:
            character = sum(width(char, encoding) for char in before)
            assert document.position_at(offset, encoding) == Position(line, character)


@given(texts)
def test_split_lines_cuts_where_lines_start(text: str) -> None:
    starts = [*snapshot(text).line_starts, len(text)]
    pieces = [text[a:b] for a, b in pairwise(starts)]
    assert split_lines(text) == pieces


@pytest.mark.parametrize(
    ("text", "ending"),
    [("", "\n"), ("a", "\n"), ("a\r\nb\n", "\r\n"), ("a\nb\r\n", "\n"), ("a\rb", "\r")],
)
def test_line_ending_is_the_first_one(text: str, ending: str) -> None:
    assert line_ending(text) == ending
