"""Files that are there whole or not at all, also when the process or the disk ends half-way."""

import errno
import os
from pathlib import Path

from codegen_lsp.errors import DiskFullError

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def write_whole(path: Path, data: bytes) -> None:
    """Put `data` in place of `path`; what was there stays until all of it is on the disk.

    Raises:
        DiskFullError: there is no room for it.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        if error.errno not in _NO_ROOM:
            raise
        raise DiskFullError(
            f"the disk has no room for {path} ({len(data) / 1e6:.0f} MB): make room, or choose "
            "another folder with --out"
        ) from error
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
