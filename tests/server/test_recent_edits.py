"""Which places count as edited lately, from the texts of documents."""

from pathlib import Path

import pytest

from codegen_lsp.server.documents import Change, Document, Documents
from codegen_lsp.server.recent_edits import RecentEdits, changed_places
from codegen_lsp.text import Encoding, Position, Snapshot

FILE = Path("/shop/a.py")


class Desk:
    """Open documents, a clock, and what was edited in them."""

    def __init__(self) -> None:
        self.now = 0.0
        self.documents = Documents(Encoding.UTF16)
        self.edits = RecentEdits(self.documents, lambda: self.now)

    def open(self, name: str, text: str) -> None:
        self.documents.open(f"file:///shop/{name}", "python", 1, text)
        self.edits.touched(f"file:///shop/{name}")

    def write(self, name: str, text: str) -> None:
        """Replace the whole text of a document."""
        self.edits.touched(f"file:///shop/{name}")
        self.documents.change(f"file:///shop/{name}", 2, [Change(None, text)])

    def found(self) -> list[tuple[str, str, str]]:
        return [(each.path.name, each.before, each.after) for each in self.edits.collect()]


def places(before: str, after: str) -> list[tuple[str, str]]:
    return [(each.before, each.after) for each in changed_places(FILE, before, after)]


def test_a_place_is_grown_to_whole_lines() -> None:
    assert places("a = 1\nb = 22\nc = 3\n", "a = 1\nb = 32\nc = 3\n") == [("b = 22", "b = 32")]
    assert places("a = 1", "a = 10") == [("a = 1", "a = 10")]
    assert places("a\nc\n", "a\nb\nc\n") == [("", "b")]
    assert places("a\nb\nc\n", "a\nc\n") == [("b", "")]
    assert places("a\r\nb\r\n", "a\r\nx\r\n") == [("b", "x")]


def test_neighbouring_lines_are_one_place_and_distant_ones_two() -> None:
    old = "\n".join("abcdefgh")
    new = "\n".join("aXYdefgZ")
    assert places(old, new) == [("b\nc", "X\nY"), ("h", "Z")]


def test_nothing_is_told_of_what_is_large_or_white_space_or_no_change() -> None:
    assert places("a\n", "a\n") == []
    assert places("a\nb\n", "a\n    b\n\n") == []
    lines = [f"x_{n} = {n}\n" for n in range(13)]
    assert places("a\n", "a\n" + "".join(lines)) == []
    assert len(places("a\n", "a\n" + "".join(lines[:12]))) == 1
    assert places("a\n", "a" * 1001 + "\n") == []
    rewritten = "".join(f"{n}\n" for n in range(2001))
    assert places(rewritten, "a\n" + rewritten.replace("2000", "b")) == []


def test_nothing_is_told_of_a_file_that_holds_a_private_key() -> None:
    key = "-----BEGIN PRIVATE " + "KEY-----\nabc\n"
    assert places(key, key.replace("abc", "abd")) == []


def test_the_latest_six_places_come_first_to_last() -> None:
    desk = Desk()
    for number in range(4):
        desk.open(f"{number}.py", "a\nb\nc\n")
    for number in range(4):
        desk.now += 1
        desk.write(f"{number}.py", "A\nb\nC\n")
    assert [name for name, _, _ in desk.found()] == ["3.py"] * 2 + ["2.py"] * 2 + ["1.py"] * 2


def test_what_is_undone_is_no_edit() -> None:
    desk = Desk()
    desk.open("a.py", "x = 1\n")
    desk.write("a.py", "x = 2\n")
    assert desk.found() == [("a.py", "x = 1", "x = 2")]
    desk.write("a.py", "x = 1\n")
    assert desk.found() == []


def test_an_edit_is_forgotten_after_five_minutes() -> None:
    desk = Desk()
    desk.open("a.py", "x = 1\ny = 1\nz = 1\n")
    desk.now = 1000
    desk.write("a.py", "x = 2\ny = 1\nz = 1\n")
    desk.now += 200
    assert desk.found() == [("a.py", "x = 1", "x = 2")]
    desk.write("a.py", "x = 2\ny = 1\nz = 2\n")
    assert desk.found() == [("a.py", "z = 1", "z = 2"), ("a.py", "x = 1", "x = 2")]
    desk.now += 101
    assert desk.found() == [("a.py", "z = 1", "z = 2")]
    desk.now += 200
    assert desk.found() == []
    desk.write("a.py", "x = 3\ny = 1\nz = 2\n")
    assert desk.found() == [("a.py", "x = 2", "x = 3")]


def test_of_long_work_in_one_place_only_the_latest_is_told() -> None:
    desk = Desk()
    desk.open("a.py", "x = 0\n")
    for number in range(1, 20):
        desk.now += 100
        desk.write("a.py", f"x = {number}\n")
        ((_, before, after),) = desk.found()
    assert after == "x = 19"
    assert int(before.removeprefix("x = ")) >= 12


def test_a_document_closed_or_opened_anew_has_no_edits() -> None:
    desk = Desk()
    desk.open("a.py", "x = 1\n")
    desk.write("a.py", "x = 2\n")
    desk.documents.close("file:///shop/a.py")
    assert desk.found() == []
    desk.open("a.py", "x = 3\n")
    desk.write("a.py", "x = 4\n")
    assert desk.found() == [("a.py", "x = 3", "x = 4")]


@pytest.mark.parametrize("uri", ["untitled:a.py", "file:a.py", "file:///shop/unknown.py"])
def test_only_open_files_are_followed(uri: str) -> None:
    desk = Desk()
    if "unknown" not in uri:
        desk.documents.open(uri, "python", 1, "x = 1\n")
    desk.edits.touched(uri)
    if "unknown" not in uri:
        desk.documents.change(uri, 2, [Change(None, "x = 2\n")])
    assert desk.found() == []


def test_a_large_document_is_left_alone() -> None:
    desk = Desk()
    text = "x = 1\n" * 90_000
    desk.open("a.py", text)
    desk.write("a.py", text + "y = 1\n")
    assert desk.found() == []


def test_typing_joins_the_text_once_however_many_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    joined: list[str] = []
    whole = Document.snapshot

    def snapshot(document: Document) -> Snapshot:
        joined.append(document.uri)
        return whole(document)

    monkeypatch.setattr(Document, "snapshot", snapshot)
    desk = Desk()
    desk.open("a.py", "x = \n")
    for column in range(4, 40):
        desk.edits.touched("file:///shop/a.py")
        at = Position(0, column)
        desk.documents.change("file:///shop/a.py", column, [Change((at, at), "1")])
    assert len(joined) == 1
    assert desk.found() == [("a.py", "x = ", "x = " + "1" * 36)]
