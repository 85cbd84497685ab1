"""A thread of its own that writes records in batches: nobody ever waits for the disk.

Statistics are a courtesy. What cannot be written (full or read-only disk, damaged file) is dropped,
and the log says so once.
"""

import logging
import queue
import sqlite3
import threading
import time
from datetime import date
from pathlib import Path

from codegen_lsp.statistics import database
from codegen_lsp.statistics.records import Record

_log = logging.getLogger(__name__)

_BATCH_S = 5.0  # that a batch is collected for
_MOST_WAITING = 10_000
_CLOSING_S = 1.0


class Writer:
    """Writes to the database in `file`; the thread starts with the first record."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._waiting: queue.Queue[Record | None] = queue.Queue(_MOST_WAITING)
        self._thread: threading.Thread | None = None
        self._folded: date | None = None
        self._said = set[str]()

    def put(self, record: Record) -> None:
        """Write `record` soon; returns at once, and never raises."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="statistics", daemon=True)
            self._thread.start()
        try:
            self._waiting.put_nowait(record)
        except queue.Full:
            self._say("the disk is too slow")

    def close(self) -> None:
        """Write what is still waiting, unless that takes long."""
        if self._thread is None:
            return
        try:
            self._waiting.put_nowait(None)
        except queue.Full:
            self._say("the disk is too slow")
        self._thread.join(_CLOSING_S)

    def _run(self) -> None:
        is_open = True
        while is_open:
            batch, is_open = self._collect()
            try:
                self._write(batch)
            except (sqlite3.Error, OSError) as error:
                self._say(str(error))

    def _collect(self) -> tuple[list[Record], bool]:
        """The records of some seconds from the next one on, and whether more may come."""
        batch: list[Record] = []
        record = self._waiting.get()
        until = time.monotonic() + _BATCH_S
        while record is not None:
            batch.append(record)
            try:
                record = self._waiting.get(timeout=max(until - time.monotonic(), 0))
            except queue.Empty:
                return batch, True
        return batch, False

    def _write(self, batch: list[Record]) -> None:
        if not batch:
            return
        today = date.today()
        with database.opened(self._file, create=True) as connection:
            database.write(connection, batch)
            if self._folded != today:
                database.fold(connection, today)
        self._folded = today

    def _say(self, why: str) -> None:
        if why not in self._said:
            self._said.add(why)
            _log.warning("statistics cannot be written to %s: %s", self._file, why)
