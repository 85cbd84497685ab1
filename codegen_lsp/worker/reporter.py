"""What a pull in the worker says of its progress, sent to the parent ten times a second at most."""

import time
from collections.abc import Callable

from codegen_lsp.worker.messages import Progress, Remark

_INTERVAL_SECONDS = 0.1


class Reporter:
    """A `models.progress.Progress` that sends messages of the job `id_`."""

    def __init__(self, id_: int, send: Callable[[Progress | Remark], None]) -> None:
        self._id = id_
        self._send = send
        self._title = ""
        self._done = self._total = 0
        self._sent_at = 0.0

    def start(self, title: str, total: int, done: int = 0) -> None:
        """Begin a bar of `total` bytes, `done` of which are there; it replaces the one before."""
        self._title, self._total, self._done = title, total, done
        self._report()

    def advance(self, count: int) -> None:
        """`count` more bytes are done; negative where some must be done again."""
        self._done += count
        due = time.monotonic() - self._sent_at >= _INTERVAL_SECONDS
        if due or self._done == self._total:
            self._report()

    def say(self, remark: str) -> None:
        """Tell something worth a line."""
        self._send(Remark(self._id, remark))

    def _report(self) -> None:
        self._sent_at = time.monotonic()
        self._send(Progress(self._id, self._title, self._done, self._total))
