"""Edits against a naive model: one string, positions found by walking it from the start."""

import json
import logging
import weakref

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codegen_lsp.errors import UnknownDocumentError
from codegen_lsp.server.documents import Change, Document, Documents
from codegen_lsp.text import Encoding, Position

URI = "file:///a.py"
UTF8, UTF16, UTF32 = Encoding.UTF8, Encoding.UTF16, Encoding.UTF32
BYTES_PER_UNIT = {UTF8: ("utf-8", 1), UTF16: ("utf-16-be", 2), UTF32: ("utf-32-be", 4)}


def document(text: str, encoding: Encoding = UTF16) -> Document:
    return Document(URI, "python", 1, text, encoding)


def edit(start: tuple[int, int], end: tuple[int, int], text: str) -> Change:
    return Change((Position(*start), Position(*end)), text)


def text_of(subject: Document) -> str:
    return subject.snapshot().text


def edited(text: str, *changes: Change, encoding: Encoding = UTF16) -> str:
    """The text after `changes`, which must also be what a document opened with it holds."""
    subject = document(text, encoding)
    subject.apply(changes, 2)
    assert_same_places(subject, encoding)
    return text_of(subject)


def width(char: str, encoding: Encoding) -> int:
    codec, size = BYTES_PER_UNIT[encoding]
    return len(char.encode(codec)) // size


def walked_places(text: str, encoding: Encoding) -> list[Position]:
    """The position of every offset, the end included."""
    places, line, character = [], 0, 0
    for i, char in enumerate(text):
        places.append(Position(line, character))
        ends_line = char == "\n" or (char == "\r" and text[i + 1 : i + 2] != "\n")
        line, character = (line + 1, 0) if ends_line else (line, character + width(char, encoding))
    return [*places, Position(line, character)]


def walked_offset(text: str, position: Position, encoding: Encoding) -> int:
    """The last place of the position's line that is not behind it and not inside a line end."""
    places = walked_places(text, encoding)
    if position.line > places[-1].line:
        return len(text)
    inside_line_end = {i + 1 for i in range(len(text)) if text[i : i + 2] == "\r\n"}
    return max(
        offset
        for offset, place in enumerate(places)
        if place.line == position.line
        and (place <= position or place.character == 0)
        and offset not in inside_line_end
    )


def spliced(text: str, change: Change, encoding: Encoding) -> str:
    if change.range is None:
        return change.text
    start, end = sorted(walked_offset(text, place, encoding) for place in change.range)
    return text[:start] + change.text + text[end:]


def assert_same_places(subject: Document, encoding: Encoding) -> None:
    """`subject` must find every place, and some outside the text, where the walk finds it."""
    text = text_of(subject)
    assert subject.length == len(text)
    places = walked_places(text, encoding)
    assert [subject.position_at(offset) for offset in range(len(text) + 1)] == places
    for line in range(places[-1].line + 2):
        for character in range(max(place.character for place in places) + 2):
            place = Position(line, character)
            assert subject.offset_at(place) == walked_offset(text, place, encoding)


PIECES = ["a", "é", "€", "e\u0301", "😀", "\t", "\f", "\v", "\x1c", "\x85", "\u2028", " "]
texts = st.lists(st.sampled_from([*PIECES, *["\n", "\r", "\r\n"] * 3]), max_size=8).map("".join)
positions = st.builds(Position, st.integers(0, 6), st.integers(0, 9))
changes = st.one_of(
    st.builds(Change, st.tuples(positions, positions), texts),
    st.builds(Change, positions.map(lambda place: (place, place)), texts),
    st.builds(Change, st.none(), texts),
)
encodings = st.sampled_from(list(Encoding))


@settings(deadline=None, max_examples=400)
@given(encodings, texts, st.lists(st.lists(changes, max_size=3), max_size=6))
def test_edits_do_what_splicing_a_string_does(
    encoding: Encoding, text: str, batches: list[list[Change]]
) -> None:
    subject = document(text, encoding)
    for version, batch in enumerate(batches, start=2):
        for change in batch:
            text = spliced(text, change, encoding)
        subject.apply(batch, version)
        assert (subject.version, text_of(subject), subject.length) == (version, text, len(text))
    assert_same_places(subject, encoding)


@settings(deadline=None)
@given(encodings, texts)
def test_every_place_of_a_new_document(encoding: Encoding, text: str) -> None:
    assert_same_places(document(text, encoding), encoding)


@pytest.mark.parametrize("char", ["\f", "\v", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
def test_separators_do_not_end_a_line(char: str) -> None:
    text = f"def f():{char}\n    return\n"
    assert edited(text, edit((1, 4), (1, 10), "pass")) == f"def f():{char}\n    pass\n"


@pytest.mark.parametrize(
    ("encoding", "character"), [(UTF8, 6), (UTF16, 4), (UTF32, 3)], ids=list(Encoding)
)
def test_characters_count_units_of_the_encoding(encoding: Encoding, character: int) -> None:
    change = edit((0, character), (0, character), "X")
    assert edited("\t😀bc\n", change, encoding=encoding) == "\t😀bXc\n"


@pytest.mark.parametrize(("encoding", "inside"), [(UTF16, [2]), (UTF8, [2, 3, 4])])
def test_a_place_inside_a_character_is_its_start(encoding: Encoding, inside: list[int]) -> None:
    for character in inside:
        change = edit((0, character), (0, character), "X")
        assert edited("a😀b", change, encoding=encoding) == "aX😀b"
    whole = edit((0, inside[-1]), (0, inside[-1] + 1), "X")
    assert edited("a😀b", whole, encoding=encoding) == "aXb"


@pytest.mark.parametrize(
    ("text", "place", "result"),
    [
        ("", (0, 0), "X"),
        ("", (7, 7), "X"),
        ("abc", (0, 10), "abcX"),
        ("abc\n", (0, 4), "abcX\n"),
        ("abc\r\nd", (0, 4), "abcX\r\nd"),
        ("abc\rd", (0, 4), "abcX\rd"),
        ("abc\n", (1, 3), "abc\nX"),
        ("abc\n", (2, 0), "abc\nX"),
        ("a\n😀", (1, 9), "a\n😀X"),
        ("abc\ndef", (9, 1), "abc\ndefX"),
        ("abc\ndef", (2**31 - 1, 2**31 - 1), "abc\ndefX"),
        ("abc\ndef", (1, -1), "abc\nXdef"),
        ("abc\ndef", (-1, 2), "Xabc\ndef"),
    ],
)
def test_a_place_outside_the_text_is_clamped(
    text: str, place: tuple[int, int], result: str
) -> None:
    assert edited(text, edit(place, place, "X")) == result


@pytest.mark.parametrize(
    ("text", "changes", "result", "end"),
    [
        ("a\rb", [edit((1, 0), (1, 0), "\n")], "a\r\nb", (1, 1)),
        ("a\rx\nb", [edit((1, 0), (1, 1), "")], "a\r\nb", (1, 1)),
        ("\n", [edit((0, 0), (0, 0), "a\r")], "a\r\n", (1, 0)),
        ("a\n", [edit((0, 1), (0, 1), "\r")], "a\r\n", (1, 0)),
        ("a\r", [edit((1, 0), (1, 0), "x\n"), edit((1, 0), (1, 1), "")], "a\r\n", (1, 0)),
    ],
)
def test_a_return_and_a_newline_that_meet_end_one_line(
    text: str, changes: list[Change], result: str, end: tuple[int, int]
) -> None:
    subject = document(text)
    subject.apply(changes, 2)
    assert text_of(subject) == result
    assert subject.position_at(len(result)) == Position(*end)
    assert_same_places(subject, UTF16)


def test_a_place_between_return_and_newline_is_before_both() -> None:
    assert edited("a\r\nb", edit((0, 2), (1, 0), "")) == "ab"
    assert edited("a\r\nb", edit((0, 2), (0, 2), "X")) == "aX\r\nb"


def test_a_line_end_is_replaced_by_another() -> None:
    assert edited("a\r\nb\r\n", edit((0, 1), (1, 0), "\n")) == "a\nb\r\n"
    assert edited("a\nb\nc", edit((0, 1), (2, 0), "\r")) == "a\rc"


def test_a_range_given_backwards_is_turned_round() -> None:
    assert edited("ab\ncd", edit((1, 1), (0, 1), "X")) == "aXd"
    assert edited("abcd", edit((0, 3), (0, 1), "X")) == "aXd"


def test_changes_of_one_batch_build_on_each_other() -> None:
    batch = [Change(None, "a\nb"), edit((1, 0), (1, 0), "\n"), edit((2, 1), (2, 1), "c")]
    assert edited("gone", *batch) == "a\n\nbc"


def test_deleting_everything_leaves_one_empty_line() -> None:
    assert edited("a\r\nb\n", edit((0, 0), (2, 0), "")) == ""
    assert edited("", edit((0, 0), (0, 0), "")) == ""


@pytest.mark.parametrize(("char", "step"), [("x", 1), ("😀", 2)])
def test_an_edit_in_a_very_long_line(char: str, step: int) -> None:
    count = 2_000_000
    subject = document(f"{char * count}\nend")
    middle = Position(0, count // 2 * step)
    assert subject.offset_at(middle) == count // 2
    subject.apply([Change((middle, middle), "Y")], 2)
    assert text_of(subject) == f"{char * (count // 2)}Y{char * (count // 2)}\nend"
    assert subject.position_at(subject.length) == Position(1, 3)


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        (r'"\ud83d"', "\ufffd"),
        (r'"a\ude00b"', "a\ufffdb"),
        (r'"\ud83d\ude00"', "😀"),
        (r'"\ude00\ud83d"', "\ufffd\ufffd"),
        (r'"\ud83d\ud83d\ude00"', "\ufffd😀"),
    ],
)
def test_lone_surrogates_are_replaced_one_for_one(sent: str, text: str) -> None:
    """As the whole text, in a change of the whole text and in an edit."""
    received = json.loads(sent)
    assert text_of(document(received)) == text
    assert edited("gone", Change(None, received)) == text
    assert edited("ab", edit((0, 1), (0, 1), received)) == f"a{text}b"


@given(st.text(st.characters()))
@settings(deadline=None)
def test_every_text_can_be_encoded_and_has_the_length_the_client_counts(text: str) -> None:
    halves = text.encode("utf-16-le", "surrogatepass")
    assert len(text_of(document(text)).encode("utf-16-le")) == len(halves)


def test_a_snapshot_keeps_what_the_document_was() -> None:
    subject = document("a\n")
    before = subject.snapshot()
    assert subject.snapshot() is before
    subject.apply([edit((0, 1), (0, 1), "b")], 5)
    after = subject.snapshot()
    assert (before.version, before.text) == (1, "a\n")
    assert (after.uri, after.language, after.version, after.text) == (URI, "python", 5, "ab\n")


def test_a_new_version_without_changes_is_in_the_snapshot() -> None:
    subject = document("a")
    assert subject.snapshot().version == 1
    subject.apply([], 2)
    assert subject.snapshot().version == 2


@pytest.fixture
def opened() -> Documents:
    documents = Documents(UTF8)
    documents.open(URI, "python", 3, "é\n")
    return documents


def known(documents: Documents, uri: str = URI) -> Document:
    found = documents.get(uri)
    assert found is not None
    return found


def test_documents_are_independent_and_share_the_encoding(opened: Documents) -> None:
    opened.open("untitled:Untitled-1", "plaintext", 1, "é")
    opened.change(URI, 4, [edit((0, 2), (0, 2), "x")])
    opened.change("untitled:Untitled-1", 2, [edit((0, 2), (0, 2), "y")])
    assert text_of(known(opened)) == "éx\n"
    assert text_of(known(opened, "untitled:Untitled-1")) == "éy"
    assert len(opened) == 2


def test_opening_again_replaces(opened: Documents) -> None:
    opened.open(URI, "javascript", 1, "new")
    found = known(opened)
    assert (found.language, found.version, text_of(found)) == ("javascript", 1, "new")
    assert len(opened) == 1


def test_closing_frees(opened: Documents) -> None:
    reference = weakref.ref(known(opened))
    opened.close(URI)
    assert reference() is None
    assert (opened.get(URI), len(opened)) == (None, 0)


@pytest.mark.parametrize("uri", ["file:///other.py", URI])
def test_a_document_that_is_not_open_is_named(opened: Documents, uri: str) -> None:
    opened.close(URI)
    with pytest.raises(UnknownDocumentError, match=f"{uri} is not open"):
        opened.change(uri, 4, [Change(None, "a")])
    with pytest.raises(UnknownDocumentError, match=f"{uri} is not open"):
        opened.close(uri)
    assert len(opened) == 0


@pytest.mark.parametrize("version", [3, 2, -1])
def test_an_edit_with_a_stale_version_counts_and_is_logged(
    opened: Documents, caplog: pytest.LogCaptureFixture, version: int
) -> None:
    with caplog.at_level(logging.DEBUG):
        opened.change(URI, version, [edit((0, 0), (0, 0), "secret")])
    found = known(opened)
    assert (found.version, text_of(found)) == (version, "secreté\n")
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert URI in record.getMessage()
    assert "secret" not in record.getMessage()


def test_versions_that_rise_are_not_logged(
    opened: Documents, caplog: pytest.LogCaptureFixture
) -> None:
    opened.change(URI, 4, [])
    opened.change(URI, 9, [Change(None, "a")])
    assert caplog.records == []
