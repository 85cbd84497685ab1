"""`codegen-lsp context`: what it prints, and which folder it takes for the project."""

import json
from pathlib import Path

import pytest

from codegen_lsp.cli import main


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(tmp_path / "cache"))
    root = tmp_path / "project"
    (root / "shop").mkdir(parents=True)
    (root / "pyproject.toml").write_text("")
    (root / "shop" / "client.py").write_text("def connect(url: str) -> int:\n    return 1\n")
    (root / "shop" / "main.py").write_text("from shop.client import connect\n\nc = connect(\n")
    return root


def test_it_shows_what_comes_from_where(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["context", f"{project / 'shop' / 'main.py'}:3"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("shop/client.py  (import, score 0.90, ~")
    assert "def connect(url: str) -> int: ..." in said
    assert f"chosen from {project}" in said


def test_json_is_one_object(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["context", f"{project / 'shop' / 'main.py'}:3:13", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["root"], said["path"], said["reason"]) == (str(project), "shop/main.py", None)
    piece = said["pieces"][-1]
    assert piece["path"] == "shop/client.py"
    assert piece["text"] == "def connect(url: str) -> int: ..."
    assert piece["estimated_tokens"] == round(len(piece["path"] + piece["text"]) / 3.2)


def test_the_folder_can_be_given(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = f"{project / 'shop' / 'main.py'}:3"
    assert main(["context", place, "--root", str(project / "shop"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["path"] == "main.py"


def test_a_folder_that_does_not_hold_the_file_is_refused(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    assert main(["context", f"{project / 'shop' / 'main.py'}:3", "--root", str(other)]) == 2
    assert "not a folder that holds" in capsys.readouterr().err


def test_what_is_relevant_is_updated(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = f"{project / 'shop' / 'main.py'}:3"
    assert main(["context", place]) == 0
    (project / "shop" / "client.py").write_text("def connect(address: bytes) -> int:\n    ...\n")
    assert main(["context", place]) == 0
    assert "connect(address: bytes)" in capsys.readouterr().out


def test_why_there_is_nothing_is_said(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "empty.py").write_text("\n")
    assert main(["context", f"{project / 'empty.py'}:1"]) == 0
    assert capsys.readouterr().out.startswith("nothing relevant was found")


@pytest.mark.parametrize("given", [[], ["--root", "."]])
def test_no_index_is_built_of_the_home_folder(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    given: list[str],
) -> None:
    monkeypatch.setenv("HOME", str(project))
    monkeypatch.setenv("USERPROFILE", str(project))
    monkeypatch.chdir(project)
    assert main(["context", "shop/main.py:3", *given]) == 2
    said = capsys.readouterr().err
    assert "holds the home folder" in said
    assert "--root" in said
    assert not (project.parent / "cache" / "index").exists()
