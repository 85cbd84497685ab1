"""The database of statistics: bounded, shared by several servers, and never in the way."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import platformdirs
import pytest

from codegen_lsp.statistics import database
from codegen_lsp.statistics.records import Insertion, Outcome, Record, Silence, SuggestionRecord
from codegen_lsp.statistics.report import EMPTY, Report, summarise

TODAY = date(2026, 11, 22)
ACCEPTED = SuggestionRecord(
    day=TODAY,
    language="python",
    trigger_kind="automatic",
    extent="line",
    source="model",
    outcome=Outcome.ACCEPTED,
    is_shown=True,
    characters=20,
    accepted_characters=20,
    kept_characters=15,
    latency_ms=80.0,
    prompt_tokens=900,
    cached_tokens=890,
    confidence=0.5,
)
IGNORED = replace(
    ACCEPTED, outcome=Outcome.IGNORED, is_shown=False, accepted_characters=0, kept_characters=None
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "new folder" / "statistics.db"


def store(file: Path, *records: Record) -> None:
    with database.opened(file, create=True) as connection:
        database.write(connection, records)


def report(file: Path, since: date | None = None) -> Report:
    with database.opened(file, create=False) as connection:
        return summarise(connection, since)


def rows(file: Path, table: str) -> int:
    with closing(sqlite3.connect(file)) as connection:
        (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
        return int(count)


def test_where_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CODEGEN_LSP_DATA_DIR", str(tmp_path))
    assert database.database_file() == tmp_path / "statistics.db"
    monkeypatch.delenv("CODEGEN_LSP_DATA_DIR")
    folder = Path(platformdirs.user_data_dir("codegen-lsp"))
    assert database.database_file() == folder / "statistics.db"


def test_sums(file: Path) -> None:
    partly = replace(
        ACCEPTED, outcome=Outcome.PARTIALLY_ACCEPTED, source="prefetch", accepted_characters=5,
        kept_characters=None, prompt_tokens=0, cached_tokens=0, latency_ms=2.0,
    )  # fmt: skip
    shown = replace(IGNORED, outcome=Outcome.SHOWN, is_shown=True, source="cache")
    rejected = replace(IGNORED, outcome=Outcome.REJECTED, is_shown=True, language="go")
    store(file, ACCEPTED, IGNORED, partly, shown, rejected, Insertion(TODAY, "python", 70))
    store(file, Insertion(TODAY, "python", 30), Insertion(TODAY, "go", 4))
    total = report(file).total
    assert (total.suggestions, total.shown) == (5, 4)
    assert (total.accepted, total.partially_accepted, total.rejected, total.ignored) == (1, 1, 1, 1)
    assert (total.remembered, total.prefetched) == (2, 1)
    assert (total.offered_characters, total.accepted_characters) == (100, 25)
    assert (total.observed_characters, total.kept_characters) == (20, 15)
    assert (total.inserted_characters, total.prompt_tokens, total.cached_tokens) == (
        104,
        3600,
        3560,
    )
    assert (total.completion_acceptance_rate, total.kept_share, total.cache_share) == (
        0.4,
        0.75,
        0.4,
    )
    assert total.written_share == 25 / 104
    languages = report(file).languages
    assert {name: sums.suggestions for name, sums in languages.items()} == {"python": 4, "go": 1}
    assert (languages["python"].inserted_characters, languages["go"].written_share) == (100, 0.0)


def test_by_trigger_and_by_extent(file: Path) -> None:
    store(file, ACCEPTED, replace(IGNORED, extent="block"), Insertion(TODAY, "python", 30))
    store(file, replace(IGNORED, trigger_kind="invoked", extent="block"))
    kinds = {kind: (sums.suggestions, sums.accepted) for kind, sums in report(file).kinds.items()}
    assert report(file).kinds["line"].written_share is None  # what is typed has neither
    assert kinds == {"automatic": (2, 1), "invoked": (1, 0), "line": (1, 1), "block": (2, 0)}


def test_silences_by_reason_the_most_frequent_first(file: Path) -> None:
    empty = Silence(TODAY, "python", "automatic", "empty")
    store(file, Silence(TODAY, "python", "automatic", "cuts_off"), empty)
    store(file, empty, replace(empty, language="go"), replace(empty, trigger_kind="invoked"))
    assert list(report(file).silences.items()) == [("empty", 4), ("cuts_off", 1)]
    assert rows(file, "silences") == 4


def test_percentiles_of_latency_by_source(file: Path) -> None:
    store(file, *(replace(ACCEPTED, latency_ms=float(each)) for each in range(1, 101)))
    store(file, replace(ACCEPTED, source="cache", latency_ms=0.5))
    latency = report(file).latency_ms
    assert latency["model"] == {50: 50.0, 90: 90.0, 95: 95.0, 99: 99.0}
    assert latency["cache"] == dict.fromkeys((50, 90, 95, 99), 0.5)
    assert latency["all"][50] == 50.0
    assert "prefetch" not in latency


def test_only_the_last_days(file: Path) -> None:
    for back in range(5):
        day = TODAY - timedelta(back)
        store(file, replace(ACCEPTED, day=day), Silence(day, "go", "automatic", "empty"))
    since = report(file, TODAY - timedelta(1))
    assert list(since.days) == ["2026-11-21", "2026-11-22"]
    assert (since.total.suggestions, since.silences) == (2, {"empty": 2})


def test_old_rows_are_folded_and_no_sum_changes(file: Path) -> None:
    for back in (0, 89, 90, 91, 200, 200):
        day = TODAY - timedelta(back)
        store(file, replace(ACCEPTED, day=day), replace(IGNORED, day=day, language="go"))
    before = report(file)
    for _ in range(2):
        with database.opened(file, create=True) as connection:
            database.fold(connection, TODAY)
        after = report(file)
        assert (after.total, after.days, after.languages) == (
            before.total, before.days, before.languages,
        )  # fmt: skip
    assert rows(file, "suggestions") == 6
    assert rows(file, "daily") == 4
    # What comes late for a day that was folded is added to it.
    store(file, replace(ACCEPTED, day=TODAY - timedelta(200)))
    with database.opened(file, create=True) as connection:
        database.fold(connection, TODAY)
    assert report(file).total.suggestions == before.total.suggestions + 1
    assert rows(file, "daily") == 4


def test_nothing_half_written_stays(file: Path) -> None:
    store(file, ACCEPTED)

    def write_and_fail() -> None:
        with database.opened(file, create=True) as connection:
            database.write(connection, [ACCEPTED])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_and_fail()
    assert report(file).total.suggestions == 1


def test_several_processes_write_at_once(file: Path) -> None:
    code = f"""
from datetime import date
from pathlib import Path
from codegen_lsp.statistics import database
from codegen_lsp.statistics.records import Insertion
for _ in range(20):
    with database.opened(Path({str(file)!r}), create=True) as connection:
        database.write(connection, [Insertion(date(2026, 11, 22), "python", 1)])
"""
    processes = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(4)]
    assert [process.wait(60) for process in processes] == [0] * 4
    assert report(file).total.inserted_characters == 80


def test_a_file_of_another_version_is_left_alone(file: Path) -> None:
    store(file, ACCEPTED)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 7")
    with pytest.raises(database.OtherVersionError, match="version is 7"):
        store(file, ACCEPTED)
    assert rows(file, "suggestions") == 1


def test_a_file_of_the_first_version_gets_what_it_lacks(file: Path) -> None:
    store(file, ACCEPTED)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("ALTER TABLE suggestions DROP COLUMN confidence")
        connection.execute("PRAGMA user_version = 1")
    assert report(file).total.suggestions == 1
    store(file, ACCEPTED)
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT cached_tokens, confidence FROM suggestions").fetchall()
    assert rows == [(890, None), (890, 0.5)]


def test_deleting(file: Path) -> None:
    assert not database.delete(file)
    store(file, ACCEPTED)
    file.with_name("statistics.db-journal").write_bytes(b"")
    assert database.delete(file)
    assert list(file.parent.iterdir()) == []
    store(file, ACCEPTED)
    assert report(file).total.suggestions == 1


def test_nothing_at_all(file: Path) -> None:
    with database.opened(file, create=True):
        pass
    empty = report(file)
    assert replace(empty, since=None) == EMPTY
    assert empty.total.written_share is None
