"""The lock under which an index is built: one build for each workspace, whatever the process."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

_PATIENCE_S = 0.5
"""For as long as somebody may take who only asks whether the lock is held."""


@contextmanager
def held(file: Path) -> Iterator[bool]:
    """Hold the lock on `file`; False where another process holds it, which then has not been done.

    The system lets go of it when the process ends, however it ends.

    Raises:
        OSError: the file cannot be written.
        NotImplementedError: the file system has no locks.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(file)
    try:
        lock.acquire(timeout=_PATIENCE_S)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def is_held(file: Path) -> bool:
    """Whether a process holds the lock on `file`."""
    if not file.exists():
        return False
    lock = FileLock(file)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    except (OSError, NotImplementedError):
        return False  # where nothing can be locked, nothing is built
    lock.release()
    return False
