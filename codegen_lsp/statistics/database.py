"""The file that statistics are kept in: SQLite in the user's data folder.

Several servers write to it at once, each opening it for one batch of records, so that it can be
deleted at any time; a write-ahead log, made and removed for each, would gain nothing. A suggestion
has a row of its own for 90 days and is then folded into its day's sums; silences and insertions are
daily sums from the start. So the file stays small.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import astuple
from datetime import date, timedelta
from pathlib import Path

from codegen_lsp.models.folders import data_folder
from codegen_lsp.statistics.records import Insertion, Record, Silence, SuggestionRecord

SCHEMA_VERSION = 2
DETAILED_DAYS = 90
_WAIT_S = 5.0  # for another process that writes

_SCHEMA = """
CREATE TABLE suggestions (
    day TEXT NOT NULL,
    language TEXT NOT NULL,
    trigger_kind TEXT NOT NULL,
    extent TEXT NOT NULL,
    source TEXT NOT NULL,
    outcome TEXT NOT NULL,
    is_shown INTEGER NOT NULL,
    characters INTEGER NOT NULL,
    accepted_characters INTEGER NOT NULL,
    kept_characters INTEGER,
    latency_ms REAL NOT NULL,
    prompt_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    confidence REAL
);
CREATE INDEX suggestions_by_day ON suggestions (day);
CREATE TABLE daily (
    day TEXT NOT NULL,
    language TEXT NOT NULL,
    trigger_kind TEXT NOT NULL,
    extent TEXT NOT NULL,
    source TEXT NOT NULL,
    outcome TEXT NOT NULL,
    is_shown INTEGER NOT NULL,
    suggestions INTEGER NOT NULL,
    characters INTEGER NOT NULL,
    accepted_characters INTEGER NOT NULL,
    observed_characters INTEGER NOT NULL,
    kept_characters INTEGER NOT NULL,
    prompt_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    PRIMARY KEY (day, language, trigger_kind, extent, source, outcome, is_shown)
) WITHOUT ROWID;
CREATE TABLE silences (
    day TEXT NOT NULL,
    language TEXT NOT NULL,
    trigger_kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (day, language, trigger_kind, reason)
) WITHOUT ROWID;
CREATE TABLE insertions (
    day TEXT NOT NULL,
    language TEXT NOT NULL,
    characters INTEGER NOT NULL,
    PRIMARY KEY (day, language)
) WITHOUT ROWID;
CREATE VIEW sums AS
SELECT day, language, trigger_kind, extent, source, outcome, is_shown, 1 AS suggestions,
    characters, accepted_characters,
    CASE WHEN kept_characters IS NULL THEN 0 ELSE accepted_characters END AS observed_characters,
    coalesce(kept_characters, 0) AS kept_characters, prompt_tokens, cached_tokens
FROM suggestions UNION ALL SELECT * FROM daily;
"""

_FOLD = """
INSERT INTO daily SELECT day, language, trigger_kind, extent, source, outcome, is_shown,
    sum(suggestions), sum(characters), sum(accepted_characters), sum(observed_characters),
    sum(kept_characters), sum(prompt_tokens), sum(cached_tokens)
FROM sums WHERE day IN (SELECT DISTINCT day FROM suggestions WHERE day < :day)
GROUP BY 1, 2, 3, 4, 5, 6, 7
ON CONFLICT DO UPDATE SET suggestions = excluded.suggestions, characters = excluded.characters,
    accepted_characters = excluded.accepted_characters,
    observed_characters = excluded.observed_characters,
    kept_characters = excluded.kept_characters, prompt_tokens = excluded.prompt_tokens,
    cached_tokens = excluded.cached_tokens
"""


class OtherVersionError(sqlite3.DatabaseError):
    """Another version of codegen-lsp has written the file."""


def database_file() -> Path:
    """Where the statistics are, or would be."""
    return data_folder() / "statistics.db"


@contextmanager
def opened(file: Path, *, create: bool) -> Iterator[sqlite3.Connection]:
    """The database in `file`, in one transaction that ends well or leaves nothing.

    Args:
        file: of the database.
        create: make what is not there yet.

    Raises:
        sqlite3.Error: it is missing, damaged, full, cannot be written, or is of another version.
        OSError: its folder cannot be made.
    """
    if create:
        file.parent.mkdir(parents=True, exist_ok=True)
    mode = "rwc" if create else "rw"
    with closing(
        sqlite3.connect(
            f"{file.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=_WAIT_S,
            isolation_level=None,
        )
    ) as connection:
        connection.execute("BEGIN IMMEDIATE" if create else "BEGIN")
        try:
            _check_version(connection, create)
            yield connection
        except BaseException:
            connection.rollback()
            raise
        connection.commit()


def write(connection: sqlite3.Connection, records: Iterable[Record]) -> None:
    """Add `records`.

    Raises:
        sqlite3.Error: they cannot be written.
    """
    for record in records:
        values = [each.isoformat() if isinstance(each, date) else each for each in astuple(record)]
        connection.execute(_INSERT[type(record)], values)


def fold(connection: sqlite3.Connection, today: date) -> None:
    """Turn the rows of days long past into their days' sums.

    Raises:
        sqlite3.Error: nothing was changed.
    """
    oldest = {"day": (today - timedelta(DETAILED_DAYS)).isoformat()}
    connection.execute(_FOLD, oldest)
    connection.execute("DELETE FROM suggestions WHERE day < :day", oldest)


def delete(file: Path) -> bool:
    """Delete all statistics; returns whether there were any.

    Raises:
        OSError: a file cannot be removed.
    """
    beside = [file.with_name(file.name + suffix) for suffix in ("", "-journal")]
    there = [path for path in beside if path.exists()]
    for path in there:
        path.unlink(missing_ok=True)
    return bool(there)


_INSERT: dict[type[Record], str] = {
    SuggestionRecord: "INSERT INTO suggestions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    Silence: "INSERT INTO silences VALUES (?, ?, ?, ?, 1)"
    " ON CONFLICT DO UPDATE SET count = count + 1",
    Insertion: "INSERT INTO insertions VALUES (?, ?, ?)"
    " ON CONFLICT DO UPDATE SET characters = characters + excluded.characters",
}


def _check_version(connection: sqlite3.Connection, create: bool) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == 0 and create:
        for statement in _SCHEMA.split(";\n"):
            connection.execute(statement)
    elif version == 1:
        connection.execute("ALTER TABLE suggestions ADD COLUMN confidence REAL")
    elif version != SCHEMA_VERSION:
        raise OtherVersionError(f"its version is {version}, not {SCHEMA_VERSION}")
    if version != SCHEMA_VERSION:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
