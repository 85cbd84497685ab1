"""The log of the language server: written by a thread of its own, so that nothing waits for it.

An editor that does not read the server's standard error would otherwise stop it once the pipe is
full.
"""

import contextlib
import logging
import queue
import threading
from collections.abc import Callable
from logging.handlers import QueueHandler
from typing import IO

_MOST_WAITING = 1000
_CLOSING_S = 0.5  # for what is still to be written at the end


class _Dropping(QueueHandler):
    """Leaves a record out where the queue is full."""

    def enqueue(self, record: logging.LogRecord) -> None:
        """Queue `record`, or drop it."""
        with contextlib.suppress(queue.Full):
            self.queue.put_nowait(record)


def start_logging(log: IO[str] | None, level: int) -> Callable[[], None]:
    """Log to `log`, or to standard error, from `level` on; returns what ends it."""
    records: queue.Queue[logging.LogRecord | None] = queue.Queue(_MOST_WAITING)
    writer = logging.StreamHandler(log)
    writer.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))

    def write() -> None:
        while (record := records.get()) is not None:
            writer.handle(record)

    thread = threading.Thread(target=write, name="log", daemon=True)
    thread.start()
    logging.basicConfig(handlers=[_Dropping(records)], level=level)

    def stop() -> None:
        try:
            records.put(None, timeout=_CLOSING_S)
        except queue.Full:
            return
        thread.join(_CLOSING_S)

    return stop
