"""Replacing a file's text whole or not at all, and only while it is as it was read."""

import codecs
import errno
import os
import shutil
import stat
import tempfile
from pathlib import Path

_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def mark_of(path: Path, text: str) -> str | None:
    """The byte order mark that the file has before `text`, "" without one.

    None: the file does not hold `text`, or cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError:
        return None
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    return mark.decode() if data == mark + text.encode() else None


def replace_text(path: Path, before: str, after: str) -> bool:
    """Put `after` in the place of `before`, which is all that the file holds.

    Whoever reads the file meanwhile sees one or the other. Its mode and byte order mark stay; where
    `path` is a link, the file that it leads to is replaced.

    Returns:
        False if the file does not hold `before` any more; it is then left alone.

    Raises:
        PermissionError: the file or its folder is not to be written.
        OSError: the disk takes no new file.
    """
    real = Path(os.path.realpath(path))
    descriptor, name = tempfile.mkstemp(prefix=f".{real.name}.", dir=real.parent)
    temporary = Path(name)
    try:
        # Read again only now, so that little time is left in which another's change is lost.
        mark = mark_of(real, before)
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor, no path
            file.write(((mark or "") + after).encode())
        if mark is None:
            return False
        if not real.stat().st_mode & _WRITABLE:  # a rename would not ask
            raise PermissionError(errno.EACCES, "it is read-only")
        shutil.copymode(real, temporary)
        temporary.replace(real)
        return True
    finally:
        temporary.unlink(missing_ok=True)
