"""The writer's thread: batches, and silence about what cannot be written."""

import logging
import sqlite3
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from codegen_lsp.statistics import database, writer
from codegen_lsp.statistics.records import Insertion
from codegen_lsp.statistics.report import summarise
from codegen_lsp.statistics.writer import Writer

ONE = Insertion(date(2026, 11, 22), "python", 1)


def inserted(file: Path) -> int:
    with database.opened(file, create=False) as connection:
        return summarise(connection, None).total.inserted_characters


def test_what_is_put_is_there_once_it_is_closed(tmp_path: Path) -> None:
    file = tmp_path / "statistics.db"
    subject = Writer(file)
    for _ in range(50):
        subject.put(ONE)
    subject.close()
    assert inserted(file) == 50


def test_it_is_there_soon_anyway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "_BATCH_S", 0.0)
    file = tmp_path / "statistics.db"
    subject = Writer(file)
    for count in (1, 2):
        subject.put(ONE)
        deadline = time.monotonic() + 20
        while not file.exists() or inserted(file) < count:
            assert time.monotonic() < deadline
            time.sleep(0.01)
    subject.close()


def test_without_records_nothing_is_made(tmp_path: Path) -> None:
    Writer(tmp_path / "x" / "statistics.db").close()
    assert list(tmp_path.iterdir()) == []


def _damaged(folder: Path) -> Path:
    file = folder / "statistics.db"
    file.write_bytes(b"no database at all" * 100)
    return file


def _folder_is_a_file(folder: Path) -> Path:
    (folder / "file").write_text("x")
    return folder / "file" / "statistics.db"


def _is_a_folder(folder: Path) -> Path:
    (folder / "statistics.db").mkdir()
    return folder / "statistics.db"


@pytest.mark.parametrize("place", [_damaged, _folder_is_a_file, _is_a_folder])
def test_what_cannot_be_written_is_dropped_and_said_once(
    tmp_path: Path,
    place: Callable[[Path], Path],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(writer, "_BATCH_S", 0.0)
    file = place(tmp_path)
    before = file.read_bytes() if file.is_file() else b""
    subject = Writer(file)
    with caplog.at_level(logging.WARNING):
        for _ in range(5):
            subject.put(ONE)
            time.sleep(0.02)
        subject.close()
    (message,) = [record.getMessage() for record in caplog.records]
    assert message.startswith(f"statistics cannot be written to {file}: ")
    assert (file.read_bytes() if file.is_file() else b"") == before


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was there stays, and later records are written once there is room."""
    monkeypatch.setattr(writer, "_BATCH_S", 0.0)
    file = tmp_path / "statistics.db"
    first = Writer(file)
    first.put(ONE)
    first.close()
    genuine = database.write

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(database, "write", full)
    second = Writer(file)
    second.put(ONE)
    while not second._said:
        time.sleep(0.005)
    monkeypatch.setattr(database, "write", genuine)
    second.put(ONE)
    second.close()
    assert inserted(file) == 2


def test_a_disk_that_hangs_costs_records_and_no_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "_MOST_WAITING", 3)
    monkeypatch.setattr(Writer, "_run", lambda self: None)
    subject = Writer(tmp_path / "statistics.db")
    for _ in range(10):
        subject.put(ONE)
    subject.close()
    assert subject._waiting.qsize() == 3
