"""Files that are there whole or not at all, also when the process or the disk ends half-way."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from codegen_lsp.errors import DiskFullError


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Say what is wrong where `path` cannot be written.

    Raises:
        DiskFullError: for every `OSError`: mostly there is no room.
    """
    try:
        yield
    except OSError as error:
        raise DiskFullError(
            f"{path} cannot be written: {error.strerror or error}; make room or name another "
            "folder with --out"
        ) from error


def write_whole(path: Path, data: bytes) -> None:
    """Put `data` in place of `path`; what was there stays until all of it is on the disk.

    Raises:
        DiskFullError: there is no room for it, or it cannot be written for another reason.
    """
    part = path.with_name(f".{path.name}.part")
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with part.open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        _sync(path.parent)


def _sync(folder: Path) -> None:
    """Make a rename within `folder` outlast a power cut, where the system can."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
