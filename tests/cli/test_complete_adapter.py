"""What `complete` does with the adapter that is active in the project."""

import json
from pathlib import Path
from typing import Any

import pytest

from codegen_lsp.cli import main
from codegen_lsp.models.active_adapters import activate, adapters_folder, list_adapters
from tests.adapters import make_adapter, tiny_base


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_base(tmp_path_factory.mktemp("base"))


@pytest.fixture
def project(tmp_path: Path, base: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with an active adapter, whose model is `base`."""
    monkeypatch.setenv("CODEGEN_LSP_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CODEGEN_LSP_CONTEXT", "false")
    monkeypatch.setenv("CODEGEN_LSP_MODEL", str(base))
    root = tmp_path / "project"
    (root / "shop").mkdir(parents=True)
    (root / "pyproject.toml").touch()
    (root / "shop" / "main.py").write_text("total = \n")
    adapter = make_adapter(tmp_path / "adapter", base, name=str(base))
    activate(root, adapter, str(base), scale=0.8)
    return root


def complete(
    project: Path, capsys: pytest.CaptureFixture[str], *options: str
) -> tuple[dict[str, Any], str]:
    """The JSON of a completion, and what was said on standard error."""
    assert main(["complete", f"{project / 'shop' / 'main.py'}:1:9", "--json", *options]) == 0
    out, err = capsys.readouterr()
    found: dict[str, Any] = json.loads(out)
    return found, err


def test_it_is_in_the_model_unless_that_is_switched_off(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tuned, err = complete(project, capsys)
    (folder,) = list_adapters(project)
    assert tuned["adapter"] == {"id": folder.name, "scale": 0.8, "forced": False}
    plain, _ = complete(project, capsys, "--no-adapter")
    assert plain["adapter"] is None
    assert plain["mean_logprob"] != tuned["mean_logprob"]
    monkeypatch.setenv("CODEGEN_LSP_ADAPTER", "false")
    switched_off, _ = complete(project, capsys)
    assert switched_off["adapter"] is None
    assert switched_off["mean_logprob"] == plain["mean_logprob"]
    assert "warning" not in err


def test_another_model_has_none(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tiny_base(tmp_path / "other")
    found, err = complete(project, capsys, "--model", str(other))
    assert (found["adapter"], "warning" in err) == (None, False)


@pytest.mark.parametrize("damaged", ["active.json", "*/adapter_model.safetensors"])
def test_a_damaged_one_is_told_and_the_base_completes(
    project: Path, capsys: pytest.CaptureFixture[str], damaged: str
) -> None:
    (file,) = adapters_folder(project).glob(damaged)
    file.write_text("{")
    found, err = complete(project, capsys)
    assert found["adapter"] is None
    assert err.startswith("codegen-lsp: warning: completing without an adapter: ")
    assert err.count("\n") == 1
    assert "is damaged" in err
