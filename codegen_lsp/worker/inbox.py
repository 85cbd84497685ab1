"""The jobs that the worker has received, and which of them is next."""

import threading

from codegen_lsp.worker.docstring_messages import Document, FindDefinitions, FindStale
from codegen_lsp.worker.messages import Complete, Job, Prepare


class Inbox:
    """Between the thread that reads and the thread that works; safe to use from both."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: list[Job] = []
        self._taken: tuple[int, threading.Event] | None = None

    def put(self, job: Job) -> None:
        """Add `job`, which has just arrived."""
        with self._changed:
            self._waiting.append(job)
            self._changed.notify()

    def cancel(self, id_: int) -> None:
        """Forget the job if it waits; set its event if it is under way."""
        with self._changed:
            self._waiting = [job for job in self._waiting if job.id != id_]
            if self._taken is not None and self._taken[0] == id_:
                self._taken[1].set()

    def take(self) -> tuple[Job, threading.Event]:
        """Wait for the next job; returns it and the event that `cancel` will set.

        Whatever concerns the model itself comes first, in order. Then the newest completion or
        docstring, because what the user did last matters most, and then what could be documented;
        what nobody waits for comes after all others.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._waiting)
            job = max(self._waiting, key=_urgency)
            self._waiting.remove(job)
            cancel = threading.Event()
            self._taken = (job.id, cancel)
            return job, cancel


def _urgency(job: Job) -> tuple[int, int]:
    match job.task:
        case Prepare() | FindStale():
            return 0, job.id
        case FindDefinitions():
            return 1, job.id
        case Complete() | Document():
            return 2, job.id
    return 3, -job.id
