"""The benchmark of the index measures what it says, and leaves nothing behind."""

from pathlib import Path

import pytest

from codegen_lsp.context.indexing import BuildProgress
from codegen_lsp.evaluate.index_bench import measure


def test_the_benchmark_indexes_what_it_makes_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(tmp_path))
    said: list[str] = []
    told: list[BuildProgress] = []
    report = measure(8, 40, said.append, told.append)
    assert (report.files, report.lines) == (8, 40)
    assert report.symbols == report.chunks == 8 * 3  # a function has eleven lines
    assert [progress.to_do for progress in told if progress.is_finished] == [8, 0]
    assert report.symbols_query.count == report.search_query.count == 300
    assert report.as_json()["search_query"] == {
        "count": 300,
        "p50_ms": report.search_query.p50_ms,
        "p95_ms": report.search_query.p95_ms,
    }
    assert list((tmp_path / "index").iterdir()) == []
