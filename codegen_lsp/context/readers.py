"""Reading many files in a few processes of low priority, in order and with bounded memory.

Processes of our own rather than multiprocessing's: they start from any parent (one without a main
module, or whose standard streams are pipes in use), and where one dies or hangs it is known over
which file.
"""

import logging
import pickle
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import IO, cast

import psutil

from codegen_lsp.context.reading import Reading, Task
from codegen_lsp.errors import CodegenError

LONGEST_S = 60.0
"""Seconds after which a file is given up; the slowest take one or two where nothing else runs."""

_IN_FLIGHT = 16
# -P: a module in the current folder, which may be anyone's project, is not run.
_COMMAND = (sys.executable, "-P", "-m", "codegen_lsp.context.reader")

_logger = logging.getLogger(__name__)


def readings(
    tasks: Iterable[Task], processes: int
) -> Generator[tuple[Task, Reading | None], None, None]:
    """What is read for each of `tasks`, in their order; None where reading it killed the reader.

    Raises:
        CodegenError: no reader can be started.
    """
    free: queue.SimpleQueue[_Reader] = queue.SimpleQueue()
    readers = [_Reader() for _ in range(processes)]
    for reader in readers:
        free.put(reader)

    def read(task: Task) -> Reading | None:
        reader = free.get()
        try:
            return reader.read(task)
        finally:
            free.put(reader)

    threads = ThreadPoolExecutor(processes, thread_name_prefix="reader")
    try:
        yield from _in_order(tasks, lambda task: threads.submit(read, task))
    finally:
        threads.shutdown(wait=False, cancel_futures=True)
        for reader in readers:
            reader.kill()
        threads.shutdown(wait=True)
        for reader in readers:
            reader.close()


def _in_order(
    tasks: Iterable[Task], submit: Callable[[Task], Future[Reading | None]]
) -> Iterator[tuple[Task, Reading | None]]:
    pending: deque[tuple[Task, Future[Reading | None]]] = deque()
    for task in tasks:
        pending.append((task, submit(task)))
        if len(pending) == _IN_FLIGHT:
            first, future = pending.popleft()
            yield first, future.result()
    for first, future in pending:
        yield first, future.result()


def lower_priority(pid: int) -> None:
    """Let the process `pid` run when nothing else wants to: typing comes first."""
    try:
        psutil.Process(pid).nice(psutil.IDLE_PRIORITY_CLASS if sys.platform == "win32" else 19)
    except psutil.Error:
        _logger.debug("the priority of process %d stays as it is", pid)


class _Reader:
    """One process, started when it is needed and again when it has died."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._killed = False

    def read(self, task: Task) -> Reading | None:
        """What is read for `task`; None where the process dies over it or takes too long."""
        if self._process is None:
            self._process = _start()
        timer = threading.Timer(LONGEST_S, self._process.kill)
        timer.daemon = True
        timer.start()
        try:
            return _ask(self._process, task)
        except (EOFError, OSError, pickle.UnpicklingError):
            if not self._killed:
                _logger.warning("%s is left out of the index: reading it failed", task.name)
            self.close()
            return None
        finally:
            timer.cancel()

    def kill(self) -> None:
        """Kill the process, whatever it is doing; from any thread."""
        self._killed = True
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """End the process and close its pipes."""
        if self._process is not None:
            _end(self._process)
        self._process = None


def _start() -> subprocess.Popen[bytes]:
    try:
        process = subprocess.Popen(_COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    except OSError as error:
        raise CodegenError(
            f"no process can be started that reads for the index: {error}"
        ) from error
    lower_priority(process.pid)
    try:
        _receive(process)
    except (EOFError, pickle.UnpicklingError) as error:
        _end(process)
        raise CodegenError("the process that reads for the index died at its start") from error
    return process


def _ask(process: subprocess.Popen[bytes], task: Task) -> Reading:
    stdin = cast("IO[bytes]", process.stdin)
    pickle.dump(task, stdin)
    stdin.flush()
    return cast("Reading", _receive(process))


def _receive(process: subprocess.Popen[bytes]) -> object:
    stdout = cast("IO[bytes]", process.stdout)
    return cast("object", pickle.load(stdout))  # noqa: S301 - from our own child


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    with suppress(OSError), process:  # what it was not told any more cannot be flushed
        pass
