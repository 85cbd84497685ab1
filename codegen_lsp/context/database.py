"""The file behind an index: where it is, what is in it, and what is done when it is broken.

Only a build, under its lock, makes or removes the file; everyone else takes it as it is. What is in
it can always be had again from the workspace, so a damaged file is thrown away, never mended.
"""

import hashlib
import os
import sqlite3
from pathlib import Path

from codegen_lsp.context.packing import DamagedChunkError
from codegen_lsp.models.folders import cache_folder

SCHEMA_VERSION = 3
"""To be raised when the tables, the words, the cutting of chunks or the redaction change."""

_SCHEMA = f"""
CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    digest BLOB NOT NULL
);
CREATE TABLE symbols (
    file TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    container TEXT NOT NULL,
    signature TEXT NOT NULL,
    docstring TEXT NOT NULL,
    start_line INTEGER NOT NULL,
    end_line INTEGER NOT NULL
);
CREATE INDEX symbols_by_name ON symbols (name, file, start_line);
CREATE INDEX symbols_by_file ON symbols (file, start_line);
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY,
    file TEXT NOT NULL,
    start_line INTEGER NOT NULL,
    end_line INTEGER NOT NULL,
    text BLOB NOT NULL
);
CREATE INDEX chunks_by_file ON chunks (file, start_line);
CREATE VIRTUAL TABLE chunk_words USING fts5 (
    words, content = '', tokenize = 'unicode61 remove_diacritics 0'
);
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (chunk_words, row);
CREATE TABLE frequent_words (word TEXT PRIMARY KEY, chunks INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE builds (id INTEGER PRIMARY KEY);
CREATE TABLE workspace (root BLOB NOT NULL);
PRAGMA user_version = {SCHEMA_VERSION};
"""

_LASTING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}
"""What a new file would not cure; a disk error may come of a file that was cut off."""


def database_file(root: Path) -> Path:
    """Where the index of the workspace at `root` is, or would be."""
    return folder() / f"{hashlib.blake2b(_place(root), digest_size=16).hexdigest()}.db"


def folder() -> Path:
    """Where the indexes of all workspaces are."""
    return cache_folder() / "index"


def lock_file(file: Path) -> Path:
    """What the process that builds the index in `file` holds a lock on."""
    return file.with_suffix(".lock")


def report_damage(file: Path) -> None:
    """Have the next build begin from nothing, and everyone else leave the file alone."""
    try:
        _damage_mark(file).touch()
    except OSError:
        return  # nothing can be written there, so that no build will be


def is_damage(error: Exception) -> bool:
    """Whether `error` says that the file is not what it should be: a new one would do better."""
    if isinstance(error, DamagedChunkError):
        return True
    code: int | None = getattr(error, "sqlite_errorcode", None)  # absent in errors of Python's own
    return code is not None and code & 0xFF not in _LASTING


def open_for_reading(file: Path) -> sqlite3.Connection | None:
    """A connection that several threads may use in turn; None where there is no usable index.

    Raises:
        sqlite3.Error: the file is damaged or cannot be opened at the moment.
    """
    if not file.exists() or _damage_mark(file).exists():
        return None
    return _checked(_connect(file, "ro", wait_s=0.05))


def open_for_updating(file: Path, wait_s: float) -> sqlite3.Connection | None:
    """A connection that writes to the index there is; None where there is no usable one.

    Args:
        file: of the index.
        wait_s: seconds that a write waits for another process's.

    Raises:
        sqlite3.Error: the file is damaged or cannot be opened at the moment.
    """
    if not file.exists() or _damage_mark(file).exists():
        return None
    return _checked(_connect(file, "rw", wait_s))


def open_for_building(file: Path, root: Path, wait_s: float) -> sqlite3.Connection:
    """A connection that writes to the index of `root`, which is made where there is no usable one.

    Raises:
        sqlite3.Error: the file is damaged or cannot be made.
        OSError: a damaged file cannot be removed.
    """
    connection = open_for_updating(file, wait_s)
    if connection is None:
        remove(file)
        connection = _connect(file, "rwc", wait_s)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(f"BEGIN; {_SCHEMA}")
        if not os.path.ismount(root):
            connection.execute("INSERT INTO workspace VALUES (?)", (_place(root),))
        connection.execute("COMMIT")
    return connection


def root_of(connection: sqlite3.Connection) -> Path | None:
    """The real path of the workspace; None if that is a drive's, which comes and goes.

    Raises:
        sqlite3.Error: the file is damaged or cannot be read at the moment.
    """
    row = connection.execute("SELECT root FROM workspace").fetchone()
    return None if row is None else Path(os.fsdecode(row[0]))


def remove(file: Path) -> None:
    """Remove the index in `file` with all that SQLite has put beside it.

    Raises:
        OSError: it is there, and stays.
    """
    for name in (file.name, f"{file.name}-wal", f"{file.name}-shm", _damage_mark(file).name):
        file.with_name(name).unlink(missing_ok=True)


def _place(root: Path) -> bytes:
    return os.fsencode(os.path.realpath(root))


def _damage_mark(file: Path) -> Path:
    return file.with_suffix(".damaged")


def _connect(file: Path, mode: str, wait_s: float) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{file.as_uri()}?mode={mode}",
        uri=True,
        timeout=wait_s,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _checked(connection: sqlite3.Connection) -> sqlite3.Connection | None:
    """`connection` if its file is of this schema; else it is closed."""
    try:
        version = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    if version == (SCHEMA_VERSION,):
        return connection
    connection.close()
    return None
