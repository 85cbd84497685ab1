"""The thread that reads outcomes: what it finds holds, and what it cannot read disturbs nothing."""

import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from codegen_lsp.server.recording import Recorder
from codegen_lsp.statistics import database, recalibrator
from codegen_lsp.statistics.recalibration import UNCHANGED
from codegen_lsp.statistics.recalibrator import Recalibrator
from tests.statistics.test_recalibration import ACCEPTED

KEPT = replace(ACCEPTED, day=date.today())


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The database, with some outcomes."""
    monkeypatch.setenv("CODEGEN_LSP_DATA_DIR", str(tmp_path))
    add(database.database_file())
    return database.database_file()


@pytest.fixture
def subject(file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recalibrator]:
    """It reads again and again."""
    monkeypatch.setattr(recalibrator, "_EVERY_S", 0.01)
    reader = Recalibrator(file)
    yield reader
    reader.close()


def add(file: Path) -> None:
    with database.opened(file, create=True) as connection:
        database.write(connection, [KEPT] * 100)


def wait_for(subject: Recalibrator | Recorder, outcomes: int) -> None:
    deadline = time.monotonic() + 20
    while outcomes != latest(subject):
        assert time.monotonic() < deadline
        time.sleep(0.005)


def latest(subject: Recalibrator | Recorder) -> int:
    known = subject.recalibration() if isinstance(subject, Recorder) else subject.latest
    return known.outcomes


def test_what_comes_and_goes_is_read(subject: Recalibrator, file: Path) -> None:
    assert subject.latest == UNCHANGED
    subject.start()
    wait_for(subject, 100)
    add(file)
    wait_for(subject, 200)
    database.delete(file)
    wait_for(subject, 0)


def test_what_cannot_be_read_leaves_what_was_known(
    subject: Recalibrator, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    subject.start()
    wait_for(subject, 100)
    with caplog.at_level(logging.WARNING):
        file.write_bytes(b"no database at all" * 100)
        deadline = time.monotonic() + 20
        while len(caplog.records) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.005)
    assert subject.latest.outcomes == 100
    assert caplog.records[0].getMessage().startswith(f"statistics cannot be read from {file}: ")
    database.delete(file)
    add(file)
    wait_for(subject, 100)


def test_it_starts_once_and_ends(subject: Recalibrator) -> None:
    subject.start()
    thread = subject._thread
    subject.start()
    assert thread is not None
    assert subject._thread is thread
    subject.close()
    thread.join(20)
    assert not thread.is_alive()


@pytest.mark.usefixtures("file")
def test_where_nothing_is_counted_nothing_is_recalibrated() -> None:
    recorder = Recorder(False)
    recorder.switch(on=False)
    assert recorder._recalibrator._thread is None
    recorder.switch(on=True)
    wait_for(recorder, 100)
    recorder.switch(on=False)
    assert recorder.recalibration() == UNCHANGED
    recorder.close()
