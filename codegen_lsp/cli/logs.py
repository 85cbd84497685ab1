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

_MOST_WAITING = 1000
_CLOSING_S = 0.5  # for what is still to be written at the end


class _Dropping(QueueHandler):
    """Leaves a record out where the queue is full."""

    def enqueue(self, record: logging.LogRecord) -> None:
        """Queue `record`, or drop it."""
        with contextlib.suppress(queue.Full):
            self.queue.put_nowait(record)


def start_logging(write: Callable[[bytes], object], level: int) -> Callable[[], None]:
    """Log from `level` on, a line at a time; returns what ends it.

    Args:
        write: may block for ever, so it must hold no lock that the process's end waits for: not a
            buffered file's.
        level: records below it are left out.
    """
    records: queue.Queue[logging.LogRecord | None] = queue.Queue(_MOST_WAITING)
    formatter = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def write_all() -> None:
        with contextlib.suppress(OSError):  # nobody reads the log any more
            while (record := records.get()) is not None:
                # A URI may hold what UTF-8 cannot.
                write(f"{formatter.format(record)}\n".encode("utf-8", "backslashreplace"))

    thread = threading.Thread(target=write_all, name="log", daemon=True)
    thread.start()
    root = logging.getLogger()
    root.addHandler(_Dropping(records))
    root.setLevel(level)

    def stop() -> None:
        try:
            records.put(None, timeout=_CLOSING_S)
        except queue.Full:
            return
        thread.join(_CLOSING_S)

    return stop
