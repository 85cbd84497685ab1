"""Removing the indexes of workspaces that are gone, which nothing would ever read again.

A workspace is gone for sure where its folder is not there and the one above it is, with something
in it: the folder where a drive was mounted is empty.
"""

import logging
import os
import sqlite3
import threading
from contextlib import closing, suppress
from pathlib import Path

from codegen_lsp.context import building_lock, database

_logger = logging.getLogger(__name__)


def start_removing(own: Path) -> threading.Thread:
    """Remove them, in a thread of its own: any workspace may be on a disk that does not answer.

    The thread does not keep the process from ending. `own` is the index that is being built.
    """
    thread = threading.Thread(target=remove_orphans, args=(own,), name="orphans", daemon=True)
    thread.start()
    return thread


def remove_orphans(own: Path) -> None:
    """Remove every index but `own` whose workspace is gone for sure; never raises for a file."""
    for file in sorted({*database.folder().glob("*.db")} - {own}):
        try:
            root = _root_of(file)
            if root is not None and is_gone(root):
                _remove(file, root)
        except (OSError, NotImplementedError, sqlite3.Error, ValueError) as error:
            _logger.debug("the index %s is left as it is: %s", file.name, error)


def is_gone(root: Path) -> bool:
    """Whether there is no folder `root` any more, rather than none for now.

    Raises:
        OSError: one may not look.
    """
    try:
        root.lstat()
    except FileNotFoundError:
        with suppress(FileNotFoundError, NotADirectoryError), os.scandir(root.parent) as entries:
            return any(True for _ in entries)
    return False


def _root_of(file: Path) -> Path | None:
    connection = database.open_for_reading(file)
    if connection is None:
        return None
    with closing(connection):
        return database.root_of(connection)


def _remove(file: Path, root: Path) -> None:
    lock = database.lock_file(file)
    with building_lock.held(lock) as is_ours:
        if is_ours and is_gone(root):  # still: a build may just have ended
            database.remove(file)
            lock.unlink(missing_ok=True)
            _logger.info("removed the index of %s, which is no more", root)
