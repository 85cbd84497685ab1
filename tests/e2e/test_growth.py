"""`bench growth` with the real server and the real model, in files that are hardly long."""

import json

import pytest

from codegen_lsp.cli import main


@pytest.mark.model
def test_the_real_model_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("--lines", "50,200", "--keys", "4", "--jumps", "2")
    assert main(["bench", "growth", *arguments]) == 0
    *table, last = capsys.readouterr().out.splitlines()
    report = json.loads(last)
    assert list(report["sizes"]) == ["50", "200"]
    for figures in report["sizes"].values():
        assert figures["model"]["count"] > 0
        assert figures["model"]["count"] + figures["without_model"]["count"] == 4
        assert figures["parts_p50_ms"]["decode"] > 0
    assert report["growth_p50"] > 0 < report["growth_p95"]
    assert report["jumps_by_model"] == 2
    assert report["worker_mb"] > 500
    assert report["worker_growth_mb"] > 0
    assert report["cache_mb"] > 10
    assert report["cache_within_budget"]
    assert "growth, p50" in "\n".join(table)
