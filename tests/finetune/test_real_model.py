"""A short run with the real default model: it ends with an adapter that loads, and its figures."""

import json
from pathlib import Path

import pytest

from codegen_lsp.cli import main
from codegen_lsp.models.adapters import AdapterChoice
from codegen_lsp.models.catalogue import DEFAULT_MODEL
from codegen_lsp.prompt.model import load_model
from tests.finetune.repositories import commit, module

SETTINGS = """
sequences_per_step = 1
learning_rate = 1e-3
max_epochs = 2
cases = 3
validation_cases = 1
sweep_cases = 0
general_cases = 2
"""


@pytest.mark.model
def test_a_short_run_makes_held_out_text_likelier_and_leaves_an_adapter(
    default_model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEGEN_LSP_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(default_model_folder.parents[1]))
    folder, out = tmp_path / "project", tmp_path / "out"
    names = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta")
    commit(folder, {f"{name}.py": module(name, 3) for name in names})
    config = tmp_path / "settings.toml"
    config.write_text(SETTINGS)
    given = [str(folder), "--config", str(config), "--out", str(out), "--time-limit", "5m"]
    assert main(["finetune", "run", *given, "--plain", "--no-activate"]) == 0
    report = json.loads((out / "report.json").read_text())
    assert len(report["curve"]) >= 8
    assert report["arms"]["tuned"]["nll"]["mean"] < report["arms"]["base"]["nll"]["mean"]
    model = load_model(DEFAULT_MODEL, adapter=AdapterChoice(out / "adapter"))
    assert model.adapter is not None
    assert model.adapter.id == report["facts"]["adapter"]
