"""A thread of its own that reads now and then what the user's outcomes say of confidence.

As statistics are, it is a courtesy: where they cannot be read, what was known before holds.
"""

import logging
import sqlite3
import threading
from datetime import date
from pathlib import Path

from codegen_lsp.statistics import database
from codegen_lsp.statistics.recalibration import UNCHANGED, Recalibration, recalibration

_log = logging.getLogger(__name__)

_EVERY_S = 4 * 3600.0


class Recalibrator:
    """Reads the database in `file`.

    Attributes:
        latest: what was read last; nothing is changed before that.
    """

    def __init__(self, file: Path) -> None:
        self.latest: Recalibration = UNCHANGED
        self._file = file
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()

    def start(self) -> None:
        """Begin to read, unless that has begun; returns at once, and never raises."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="recalibration", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Read no more."""
        self._closed.set()

    def _run(self) -> None:
        while not self._closed.is_set():
            self._read()
            self._closed.wait(_EVERY_S)

    def _read(self) -> None:
        if not self._file.exists():
            self.latest = UNCHANGED
            return
        try:
            with database.opened(self._file, create=False) as connection:
                self.latest = recalibration(connection, date.today())
        except (sqlite3.Error, OSError) as error:
            _log.warning("statistics cannot be read from %s: %s", self._file, error)
