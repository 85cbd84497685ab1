"""The index of a workspace, as it is read: symbols by name and file, chunks by their words.

Reading never fails and never writes: where there is no usable index yet, nothing is found, until
`indexing.build` has made one.
"""

import json
import logging
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from codegen_lsp.context import database
from codegen_lsp.context.building_lock import is_held
from codegen_lsp.context.packing import DamagedChunkError, unpack
from codegen_lsp.context.records import Chunk, Symbol
from codegen_lsp.context.words import distinct_words, words

__all__ = ["Chunk", "Index", "IndexState", "Symbol"]

MOST_MATCHES = 4_000
"""Chunks that a search looks at; words so common that there would be more of them do not count."""

_MOST_WORDS = 100
_SYMBOL = "file, name, kind, container, signature, docstring, start_line, end_line"
_SEARCH = """
SELECT chunks.file, chunks.start_line, chunks.end_line, chunks.text, -found.score
FROM (
    SELECT rowid, bm25(chunk_words) AS score FROM chunk_words
    WHERE chunk_words MATCH ? ORDER BY score, rowid LIMIT ?
) AS found JOIN chunks ON chunks.id = found.rowid
"""

# Which of the names, each given with its word, files other than one define or hold.
_KNOWN = """
SELECT value ->> 0, EXISTS(
    SELECT 1 FROM symbols
    WHERE symbols.name = value ->> 0 AND symbols.container = '' AND symbols.file != ?2
)
FROM json_each(?1)
WHERE EXISTS (
    SELECT 1 FROM chunk_words JOIN chunks ON chunks.id = chunk_words.rowid
    WHERE chunk_words MATCH '"' || (value ->> 1) || '"' AND chunks.file != ?2
)
"""

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class IndexState:
    """How far the index is.

    Attributes:
        files: in it.
        symbols: in it.
        chunks: in it.
        is_complete: a build has gone through all files since the index was made.
        is_building: a build is under way.
    """

    files: int
    symbols: int
    chunks: int
    is_complete: bool
    is_building: bool


class Index:
    """Reads the index of one workspace; for use by several threads."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._inode = 0

    @classmethod
    def open(cls, root: Path) -> Self:
        """The index of the workspace at `root`; it may come to be, or be built anew, later."""
        return cls(database.database_file(root))

    def close(self) -> None:
        """Let go of the file; the next query opens it again."""
        with self._lock:
            self._disconnect()

    def symbols(self, names: Sequence[str], limit: int) -> list[Symbol]:
        """What any file defines by one of `names`, at most `limit` for each.

        In the order of `names`; those of one name in the order of files and lines.
        """
        query = f"SELECT {_SYMBOL} FROM symbols WHERE name = ? ORDER BY file, start_line LIMIT ?"  # noqa: S608
        rows = [self._rows(query, name, limit) for name in dict.fromkeys(names)]
        return [Symbol(*row) for rows_of_name in rows for row in rows_of_name]

    def symbols_of(self, file: str) -> list[Symbol]:
        """What the file named `file` defines, members included, in the order of its lines."""
        query = f"SELECT {_SYMBOL} FROM symbols WHERE file = ? ORDER BY start_line, rowid"  # noqa: S608
        return [Symbol(*row) for row in self._rows(query, file)]

    def search(self, terms: Sequence[str], limit: int) -> list[Chunk]:
        """The `limit` chunks that share most with `terms`: identifiers, or any text.

        The best first; of equals, by file and line. Parts of an identifier count as words too, and
        how often a term is given does not. Common words do not count where rarer ones are given
        (`MOST_MATCHES`), and if all are common, nothing is found.
        """
        match = " OR ".join(f'"{word}"' for word in self._telling(distinct_words(terms)))
        if not match:
            return []
        # More than asked for: which of equal chunks come first must not hang on their ids.
        rows = self._rows(_SEARCH, match, 4 * limit)
        rows.sort(key=lambda row: (-row[4], row[0], row[1]))
        try:
            return [
                Chunk(file, start, end, unpack(packed), score)
                for file, start, end, packed, score in rows[:limit]
            ]
        except DamagedChunkError as error:
            with self._lock:
                self._give_up(error)
            return []

    def known(self, names: Sequence[str], file: str) -> dict[str, bool]:
        """Those of `names` that files other than `file` hold, in any case of their letters.

        With whether one of them defines that very name at its top level. Names without a word of
        two letters cannot be asked for, and are left out.
        """
        asked = [(name, found[0]) for name in names if (found := words(name))]
        rows = self._rows(_KNOWN, json.dumps(asked), file) if asked else []
        return {name: bool(is_defined) for name, is_defined in rows}

    def files(self) -> list[str]:
        """Names of all files in it, in order."""
        return [name for (name,) in self._rows("SELECT name FROM files ORDER BY name")]

    def state(self) -> IndexState:
        """How far it is. Counts what there is: to show, not to ask at every key."""
        tables = ("files", "symbols", "chunks", "builds")
        counts = [self._rows(f"SELECT count(*) FROM {table}") for table in tables]  # noqa: S608
        files, symbols, chunks, builds = (rows[0][0] if rows else 0 for rows in counts)
        is_building = is_held(database.lock_file(self._file))
        return IndexState(files, symbols, chunks, builds > 0, is_building)

    def is_complete(self) -> bool:
        """Whether a build has gone through all files since the index was made."""
        return bool(self._rows("SELECT 1 FROM builds LIMIT 1"))

    def _telling(self, words: Sequence[str]) -> list[str]:
        """The rarest of `words`, as many as stand in `MOST_MATCHES` chunks together."""
        words = words[:_MOST_WORDS]
        places = ",".join("?" * len(words))
        query = f"SELECT word, chunks FROM frequent_words WHERE word IN ({places})"  # noqa: S608
        frequency = dict(self._rows(query, *words))
        telling, matches = [], 0
        for word in sorted(words, key=lambda word: frequency.get(word, 0)):
            matches += frequency.get(word, 0)
            if matches > MOST_MATCHES:
                break
            telling.append(word)
        return telling

    def _rows(self, query: str, *parameters: str | int) -> list[Any]:
        """The answer to `query`; nothing where there is no index or it cannot be read."""
        with self._lock:
            try:
                connection = self._connected()
                return (
                    [] if connection is None else connection.execute(query, parameters).fetchall()
                )
            except (sqlite3.Error, OSError) as error:
                self._give_up(error)
                return []

    def _connected(self) -> sqlite3.Connection | None:
        """A connection to the file that is there now: a build may have put a new one there."""
        try:
            inode = self._file.stat().st_ino
        except OSError:
            self._disconnect()
            return None
        if self._connection is None or inode != self._inode:
            self._disconnect()
            self._connection, self._inode = database.open_for_reading(self._file), inode
        return self._connection

    def _give_up(self, error: Exception) -> None:
        if database.is_damage(error):
            _logger.warning("the index %s is damaged: %s", self._file.name, error)
            database.report_damage(self._file)
        else:
            _logger.debug("the index %s cannot be read for now: %s", self._file.name, error)
        self._disconnect()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None
