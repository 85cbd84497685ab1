"""What a run records of itself stays true when it is measured again, or interrupted."""

import json
from pathlib import Path

import pytest

from codegen_lsp.cli import finetune_commands, main
from tests.adapters import tiny_base
from tests.finetune.repositories import SMALL_RUN, commit, module


@pytest.fixture
def arguments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("CODEGEN_LSP_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(tmp_path / "cache"))
    repository, config = tmp_path / "project", tmp_path / "settings.toml"
    names = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta")
    commit(repository, {f"{name}.py": module(name) for name in names})
    config.write_text(SMALL_RUN)
    base = tiny_base(tmp_path / "base")
    given = [str(repository), "--model", str(base), "--config", str(config)]
    return [*given, "--out", str(tmp_path / "out"), "--device", "cpu", "--plain"]


def test_facts_are_those_of_the_training_whenever_it_is_measured(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = tmp_path / "out" / "report.json"
    assert main(["finetune", "run", *arguments]) == 0
    first = json.loads(report.read_text())
    monkeypatch.setattr("finetune.training.loop.peak_memory", lambda: 10**12)
    assert main(["finetune", "eval", *arguments]) == 0
    second = json.loads(report.read_text())
    for facts in (first["facts"], second["facts"]):
        facts.pop("created")
    assert second["facts"] == first["facts"]
    assert second["curve"] == first["curve"]
    assert first["curve"][-1][2] == 0.0  # exact match, without what decides between equal ones
    assert 0.1 < first["facts"]["peak_memory_gb"] < 100


def test_an_interrupted_second_run_loses_no_verdict(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["finetune", "run", *arguments]) == 0
    record = tmp_path / "out" / "adapter" / "codegen.json"
    before = record.read_bytes()
    assert "verdict" in json.loads(before)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(finetune_commands, "evaluate", killed)
    assert main(["finetune", "run", *arguments]) == 130
    assert record.read_bytes() == before
    record.unlink()  # as if it had been killed before the adapter was whole
    assert main(["finetune", "run", *arguments]) == 130
    assert "verdict" not in json.loads(record.read_text())
