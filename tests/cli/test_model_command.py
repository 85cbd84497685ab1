import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from codegen_lsp.cli import model as command
from codegen_lsp.errors import ModelUnavailableError, UnknownModelError, UsageError
from codegen_lsp.models import fetch, manifest, store
from codegen_lsp.models.catalogue import DEFAULT_MODEL
from codegen_lsp.models.progress import Progress
from codegen_lsp.models.store import ModelFolder


@pytest.fixture(autouse=True)
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(tmp_path))
    monkeypatch.delenv("CODEGEN_LSP_MODEL_SOURCES", raising=False)
    return tmp_path / "models"


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers())
    args = parser.parse_args(["model", *arguments])
    status: int = args.run(args)
    return status


def install() -> Path:
    folder = store.installed_folder(DEFAULT_MODEL)
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(b"weights")
    manifest.write(folder, "", 1)
    return folder


def states(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    assert run("list", "--json") == 0
    return {row["name"]: row["state"] for row in json.loads(capsys.readouterr().out)}


def test_list_tells_each_state(capsys: pytest.CaptureFixture[str]) -> None:
    assert set(states(capsys).values()) == {"not fetched"}
    folder = install()
    assert states(capsys)[DEFAULT_MODEL] == "installed"
    (folder / "model.safetensors").write_bytes(b"")
    assert states(capsys)[DEFAULT_MODEL] == "damaged"


def test_list_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("list") == 0
    default, other = capsys.readouterr().out.splitlines()
    assert default.split() == [
        DEFAULT_MODEL,
        "491",
        "MB",
        "Apache-2.0",
        "not",
        "fetched",
        "(default)",
    ]
    assert other.split() == ["qwen2.5-coder-1.5b", "1,117", "MB", "Apache-2.0", "not", "fetched"]


def test_path(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ModelUnavailableError, match=f"model pull {DEFAULT_MODEL}"):
        run("path", DEFAULT_MODEL)
    folder = install()
    assert run("path", DEFAULT_MODEL) == 0
    assert capsys.readouterr().out == f"{folder}\n"
    with pytest.raises(UnknownModelError):
        run("path", "nonsense")


def test_remove(capsys: pytest.CaptureFixture[str]) -> None:
    folder = install()
    assert run("remove", DEFAULT_MODEL) == 0
    assert not folder.exists()
    assert f"removed {DEFAULT_MODEL}: 0 MB freed" in capsys.readouterr().out
    assert run("remove", DEFAULT_MODEL) == 0
    assert capsys.readouterr().out == "nothing to remove\n"


def test_remove_leaves_other_models_alone() -> None:
    with pytest.raises(UsageError, match="hf cache rm"):
        run("remove", "owner/model")


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        ((), None, f"{DEFAULT_MODEL} from ('hub', 'mirror')"),
        (("owner/model",), "mirror", "owner/model from ('mirror',)"),
        (("--source", "mirror,hub"), "hub", f"{DEFAULT_MODEL} from ('mirror', 'hub')"),
    ],
)
def test_pull(
    arguments: Sequence[str],
    environment: str | None,
    expected: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def pull(name: str, sources: Sequence[str], progress: Progress) -> ModelFolder:
        progress.start("download", 100, 20)
        progress.advance(80)
        progress.say(f"{name} from {sources}")
        return ModelFolder(name, Path("folder"), None)

    monkeypatch.setattr(fetch, "pull", pull)
    if environment:
        monkeypatch.setenv("CODEGEN_LSP_MODEL_SOURCES", environment)
    assert run("pull", *arguments) == 0
    captured = capsys.readouterr()
    assert captured.out == f"{expected.partition(' ')[0]} is ready in folder\n"
    assert f"codegen-lsp: {expected}" in captured.err
    assert "100%" in captured.err


def test_an_interrupted_pull_says_how_to_go_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def pull(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(fetch, "pull", pull)
    assert run("pull") == 130
    assert f"`codegen-lsp model pull {DEFAULT_MODEL}` goes on" in capsys.readouterr().err


def test_pull_refuses_an_unknown_source() -> None:
    with pytest.raises(UsageError, match="'ftp'"):
        run("pull", "--source", "ftp")
