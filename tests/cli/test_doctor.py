"""The `doctor` command: what it reports, and what it calls a problem."""

import json
import shutil
from collections import namedtuple
from pathlib import Path
from typing import Any

import psutil
import pytest

from codegen_lsp import __version__
from codegen_lsp.cli import main
from codegen_lsp.models import manifest, store
from codegen_lsp.models.catalogue import DEFAULT_MODEL

Memory = namedtuple("Memory", ["total", "available"])
Disk = namedtuple("Disk", ["total", "used", "free"])


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plenty of everything, and an empty cache."""
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(tmp_path / "cache"))
    set_free(monkeypatch, memory=8 * 10**9, disk=50 * 10**9)


def set_free(monkeypatch: pytest.MonkeyPatch, *, memory: int, disk: int) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", lambda: Memory(16 * 10**9, memory))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(10**12, 0, disk))


@pytest.fixture
def installed() -> Path:
    """Folder of a default model that is intact as far as its checksums go."""
    folder = store.installed_folder(DEFAULT_MODEL)
    folder.mkdir(parents=True)
    for name in ("config.json", "tokenizer.json", "model.safetensors"):
        (folder / name).write_bytes(b"weights")
    manifest.write(folder, "", 1)
    return folder


def report(capsys: pytest.CaptureFixture[str], status: int) -> dict[str, Any]:
    assert main(["doctor", "--json"]) == status
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_reports_everything_about_a_sound_machine(
    installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = report(capsys, 0)
    assert set(found) == {"versions", "cpu", "model", "memory", "disk", "problems"}
    assert {"codegen-lsp", "python", "torch", "transformers"} <= set(found["versions"])
    assert found["versions"]["codegen-lsp"] == __version__
    assert set(found["cpu"]) == {"name", "features", "device", "precision", "threads", "cores"}
    assert found["cpu"]["precision"] in ("int8", "bf16", "fp16", "fp32")
    assert found["cpu"]["threads"] >= 1
    assert found["model"] == {"name": DEFAULT_MODEL, "intact": True, "folder": str(installed)}
    assert found["memory"] == {"total": 16 * 10**9, "available": 8 * 10**9}
    assert found["disk"]["free"] == 50 * 10**9
    assert found["problems"] == []


def test_the_table_ends_with_the_verdict(
    installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor"]) == 0
    *_, last = capsys.readouterr().out.splitlines()
    assert last == "no problems found"
    (installed / "model.safetensors").unlink()
    assert main(["doctor"]) == 1
    *_, last = capsys.readouterr().out.splitlines()
    assert last.startswith("problem: the model in ")


def test_a_missing_model_is_a_problem_with_its_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    found = report(capsys, 1)
    assert found["model"] == {"name": DEFAULT_MODEL, "intact": False, "folder": None}
    (problem,) = found["problems"]
    assert f"`codegen-lsp model pull {DEFAULT_MODEL}`" in problem


@pytest.mark.parametrize(
    ("content", "complaint"), [(b"weight", "truncated"), (b"weighty", "altered")]
)
def test_a_damaged_model_is_a_problem_with_its_remedy(
    installed: Path, capsys: pytest.CaptureFixture[str], content: bytes, complaint: str
) -> None:
    (installed / "model.safetensors").write_bytes(content)
    (problem,) = report(capsys, 1)["problems"]
    assert f"model.safetensors is {complaint}" in problem
    assert f"`codegen-lsp model pull {DEFAULT_MODEL}`" in problem


def test_an_unknown_model_is_a_problem(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--model", "gpt-17"]) == 1
    assert "problem: " in capsys.readouterr().out


def test_scarce_memory_is_a_problem(
    installed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert installed.exists()
    set_free(monkeypatch, memory=10**8, disk=50 * 10**9)
    (problem,) = report(capsys, 1)["problems"]
    assert "0.1 GB of memory" in problem


def test_scarce_disk_matters_only_before_the_model_is_there(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    set_free(monkeypatch, memory=8 * 10**9, disk=10**9)
    missing, scarce = report(capsys, 1)["problems"]
    assert "model pull" in missing
    assert f"1.0 GB are free under {tmp_path}" in scarce
    request.getfixturevalue("installed")
    assert report(capsys, 0)["problems"] == []
