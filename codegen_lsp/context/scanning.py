"""Scanning: what a build has to do, by comparing the workspace with the index.

The list is kept in temporary tables: a workspace of 100,000 files fits into little memory, and
SQLite finds the place for it.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from codegen_lsp.context.files import FoundFile
from codegen_lsp.context.reading import Task, is_code

_REPORT_EVERY = 1_000

# In pages: a query left open would keep the write-ahead log from being emptied.
_PAGE = 200
_TASKS = "SELECT rowid, * FROM queue WHERE rowid > ? ORDER BY rowid LIMIT ?"
_GONE = "SELECT name FROM known WHERE name > ? ORDER BY name LIMIT ?"


@dataclass(frozen=True, slots=True)
class Scan:
    """What a look at the workspace has found.

    Attributes:
        found: files that belong in the index.
        to_do: those of them that are new or may have changed.
    """

    found: int
    to_do: int


def scan(
    connection: sqlite3.Connection, files: Iterable[FoundFile], report: Callable[[int], None]
) -> Scan:
    """Compare `files` with the index; `tasks` and `gone` tell the rest.

    Args:
        connection: to the index.
        files: of the workspace, all of them.
        report: told from time to time how many have been found.
    """
    connection.executescript(
        "CREATE TEMP TABLE to_do (name TEXT, size INTEGER, mtime_ns INTEGER, digest BLOB);"
        "CREATE TEMP TABLE known (name TEXT PRIMARY KEY) WITHOUT ROWID;"
        "BEGIN; INSERT INTO known SELECT name FROM files;"
    )
    found = 0
    for file in files:
        if is_code(file.path):
            found += 1
            _compare(connection, file)
            if found % _REPORT_EVERY == 0:
                report(found)
    connection.execute("COMMIT")
    connection.execute(
        "CREATE TEMP TABLE queue AS SELECT * FROM to_do ORDER BY mtime_ns DESC, name"
    )
    (to_do,) = connection.execute("SELECT count(*) FROM queue").fetchone()
    return Scan(found, to_do)


def tasks(connection: sqlite3.Connection, root: Path) -> Iterator[Task]:
    """The files to read, those changed last first: they matter most while the rest is missing."""
    last = 0
    while rows := connection.execute(_TASKS, (last, _PAGE)).fetchall():
        for _, name, size, mtime_ns, digest in rows:
            yield Task(root / name, name, size, mtime_ns, digest)
        last = rows[-1][0]


def gone(connection: sqlite3.Connection) -> Iterator[list[str]]:
    """Names of the files in the index that are not in the workspace any more, some at a time."""
    last = ""
    while rows := connection.execute(_GONE, (last, _PAGE)).fetchall():
        yield [name for (name,) in rows]
        last = rows[-1][0]


def _compare(connection: sqlite3.Connection, file: FoundFile) -> None:
    row = connection.execute(
        "SELECT size, mtime_ns, digest FROM files WHERE name = ?", (file.relative,)
    ).fetchone()
    digest = None if row is None else row[2]
    if row is None or row[:2] != (file.size, file.mtime_ns):
        connection.execute(
            "INSERT INTO to_do VALUES (?, ?, ?, ?)",
            (file.relative, file.size, file.mtime_ns, digest),
        )
    if row is not None:
        connection.execute("DELETE FROM known WHERE name = ?", (file.relative,))
