"""What is exported is there whole or not at all: it is written beside its place, then renamed."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from codegen_lsp.errors import DiskFullError, UsageError

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def new_target(target: Path) -> Iterator[Path]:
    """Where to write the file or folder `target`, which appears when the block ends well.

    Raises:
        UsageError: `target` exists, or cannot be written.
        DiskFullError: there is no room for it; nothing is left.
    """
    target = target.absolute()
    if target.exists() or target.is_symlink():
        raise UsageError(f"{target} exists: remove it or name another")
    beside = target.with_name(f".{target.name}.part")
    try:
        shutil.rmtree(beside, ignore_errors=True)  # what an export that was killed has left
        beside.mkdir(parents=True)
        yield beside / target.name
        (beside / target.name).rename(target)
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _unwritable(target: Path, error: OSError) -> DiskFullError | UsageError:
    if error.errno in _NO_ROOM:
        return DiskFullError(f"the disk has no room for {target}: make room or name another place")
    return UsageError(f"{target} cannot be written: {error.strerror or error}; name another place")
