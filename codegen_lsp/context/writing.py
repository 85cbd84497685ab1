"""Writing to the index: files come, change and go, each with all that is kept of it."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple

from codegen_lsp.context.extracting import Extract, RawChunk
from codegen_lsp.context.packing import indexed_words, unpack
from codegen_lsp.context.reading import Reading, Task

FREQUENT = 40
"""Chunks above which a word's number of chunks is noted, for searches to pass it over."""


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is written inside becomes visible at once, or not at all."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # SQLite has ended it itself where the disk was full
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def store(connection: sqlite3.Connection, readings: Iterable[tuple[Task, Reading | None]]) -> None:
    """Put files in, in one transaction.

    Those that could not be read or that somebody else has put in meanwhile stay as they are.

    Raises:
        sqlite3.Error: nothing has been written.
    """
    with transaction(connection):
        for task, reading in readings:
            if reading is None or known_digest(connection, task.name) != task.digest:
                continue
            row = (task.size, task.mtime_ns, reading.digest, task.name)
            if task.digest is None:
                insert = "INSERT INTO files (size, mtime_ns, digest, name) VALUES (?, ?, ?, ?)"
                connection.execute(insert, row)
            else:
                update = "UPDATE files SET size = ?, mtime_ns = ?, digest = ? WHERE name = ?"
                connection.execute(update, row)
            if reading.extract is not None:
                _replace_content(connection, task.name, reading.extract)


def known_digest(connection: sqlite3.Connection, name: str) -> bytes | None:
    """The digest of the text that is in the index for the file `name`; None without one."""
    row = connection.execute("SELECT digest FROM files WHERE name = ?", (name,)).fetchone()
    return None if row is None else row[0]


def forget(connection: sqlite3.Connection, names: Sequence[str]) -> None:
    """Take files out, in one transaction; what is not there is none's concern.

    Raises:
        sqlite3.Error: nothing has been written.
    """
    with transaction(connection):
        for name in names:
            _replace_content(connection, name, Extract())
            connection.execute("DELETE FROM files WHERE name = ?", (name,))


def names_below(connection: sqlite3.Connection, folder: str) -> list[str]:
    """Names of the indexed files in `folder`, at any depth."""
    query = "SELECT name FROM files WHERE name > ? || '/' AND name < ? || '0' ORDER BY name"
    return [name for (name,) in connection.execute(query, (folder, folder))]


def note_frequent_words(connection: sqlite3.Connection) -> None:
    """Count anew in how many chunks each frequent word stands; takes a second or so.

    Raises:
        sqlite3.Error: nothing has been written.
    """
    with transaction(connection):
        connection.execute("DELETE FROM frequent_words")
        connection.execute(
            "INSERT INTO frequent_words SELECT term, doc FROM vocabulary WHERE doc > ?", (FREQUENT,)
        )


def finish(connection: sqlite3.Connection) -> None:
    """Note that a build has gone through all files.

    Raises:
        sqlite3.Error: it has not been noted.
    """
    connection.execute("INSERT OR REPLACE INTO builds VALUES (1)")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def _replace_content(connection: sqlite3.Connection, name: str, extract: Extract) -> None:
    chunks = connection.execute("SELECT id, text FROM chunks WHERE file = ?", (name,)).fetchall()
    connection.executemany(
        "INSERT INTO chunk_words (chunk_words, rowid, words) VALUES ('delete', ?, ?)",
        ((identity, indexed_words(unpack(packed))) for identity, packed in chunks),
    )
    connection.execute("DELETE FROM chunks WHERE file = ?", (name,))
    connection.execute("DELETE FROM symbols WHERE file = ?", (name,))
    connection.executemany(
        "INSERT INTO symbols (file, name, kind, container, signature, docstring, start_line,"
        " end_line) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        map(astuple, extract.symbols),
    )
    for chunk in extract.chunks:
        _insert_chunk(connection, name, chunk)


def _insert_chunk(connection: sqlite3.Connection, name: str, chunk: RawChunk) -> None:
    cursor = connection.execute(
        "INSERT INTO chunks (file, start_line, end_line, text) VALUES (?, ?, ?, ?)",
        (name, chunk.start_line, chunk.end_line, chunk.packed),
    )
    connection.execute(
        "INSERT INTO chunk_words (rowid, words) VALUES (?, ?)", (cursor.lastrowid, chunk.words)
    )
