"""What `complete` shows the model of the project's other files, and when it does without."""

import json
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from codegen_lsp.cli import main, project_context
from codegen_lsp.context import building_lock, database, indexing, projects
from codegen_lsp.context.choosing import WorkspaceChooser
from codegen_lsp.context.chosen import NOTHING, Context
from codegen_lsp.context.indexing import build
from codegen_lsp.prompt import model as model_module
from codegen_lsp.prompt.model import Model
from codegen_lsp.text import Snapshot
from tests.context.indexed import RULES, readings_in_process, write
from tests.scripted_models import script, scripted_model

MAIN = "from shop.client import connect\n\nc = connect(\n"
NOTHING_RELEVANT = ["prefix", "suffix"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose index is in a cache folder of its own, and a model that writes `url`."""
    monkeypatch.setenv("CODEGEN_LSP_CONFIG_DIR", str(tmp_path / "settings"))
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("CODEGEN_LSP_CONTEXT", "true")
    monkeypatch.setattr(indexing, "readings", readings_in_process)
    root = tmp_path / "project"
    client = "def connect(url: str) -> int:\n    return 1\n"
    write(root, {"pyproject.toml": "", "shop/client.py": client, "shop/main.py": MAIN})
    play(monkeypatch)
    monkeypatch.chdir(root)
    return root


def play(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let any model write `url)`; returns the list of the names that will be loaded."""
    names: list[str] = []

    def load_model(name: str, **_: object) -> Model:
        names.append(name)
        return scripted_model([script(MAIN.rstrip("\n"), "url)\n")])

    monkeypatch.setattr(model_module, "load_model", load_model)
    return names


def completed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[dict[str, Any], str]:
    """What `complete shop/main.py:3 --json ARGUMENTS` says, and what on standard error."""
    place = "shop/main.py:3"
    given = arguments if arguments and ":" in arguments[0] else (place, *arguments)
    assert main(["complete", *given, "--json"]) == 0
    out, err = capsys.readouterr()
    return json.loads(out), err


def names(found: dict[str, Any]) -> list[str]:
    return [source["source"] for source in found["sources"]]


@pytest.mark.usefixtures("project")
def test_what_is_shown_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    found, err = completed(capsys)
    assert (found["text"], err) == ("url)", "")
    assert names(found) == ["import", "prefix", "suffix"]
    shown = found["sources"][0]
    assert (shown["path"], shown["score"] > 0, shown["tokens"] > 5) == (
        *("shop/client.py", True),
        True,
    )
    assert set(found["sources"][1]) == {"source", "tokens"}
    assert found["timings_ms"]["index"] > 0


def test_the_index_is_brought_up_to_date(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = completed(capsys)[0]["sources"][0]["tokens"]
    parameters = ", ".join(f"parameter_{number}: bytes" for number in range(9))
    write(project, {"shop/client.py": f"def connect({parameters}) -> int:\n    return 1\n"})
    assert completed(capsys)[0]["sources"][0]["tokens"] > before + 20


@pytest.mark.parametrize("place", ["../project/shop/main.py:3", "./shop/../shop/main.py:3"])
@pytest.mark.usefixtures("project")
def test_a_path_may_be_written_in_any_way(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert names(completed(capsys, place)[0])[0] == "import"


@pytest.mark.usefixtures("project")
def test_streamed_too_it_knows_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[int] = []

    def choose(_: WorkspaceChooser, snapshot: Snapshot, offset: int, recent: object) -> Context:
        del snapshot, recent
        asked.append(offset)
        return NOTHING

    monkeypatch.setattr(WorkspaceChooser, "choose", choose)
    assert main(["complete", "shop/main.py:3", "--stream"]) == 0
    assert (capsys.readouterr(), asked) == (("url)", ""), [len(MAIN) - 1])


@pytest.mark.parametrize("how", ["option", "setting"])
def test_switched_off_nothing_is_read_or_built(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], how: str
) -> None:
    if how == "setting":
        monkeypatch.setenv("CODEGEN_LSP_CONTEXT", "false")
    found, err = completed(capsys, *(["--no-context"] if how == "option" else []))
    assert (names(found), err) == (NOTHING_RELEVANT, "")
    assert not database.database_file(project).exists()


def test_files_that_a_setting_denies_are_not_shown(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(project, {".codegen-lsp.toml": 'denied_files = ["client.py"]\n'})
    found, err = completed(capsys)
    assert (names(found), err) == (NOTHING_RELEVANT, "")


def test_outside_a_project_nothing_is_said(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "pyproject.toml").unlink()
    found, err = completed(capsys)
    assert (found["text"], names(found), err) == ("url)", NOTHING_RELEVANT, "")


def test_a_large_project_waits_for_its_first_index_to_be_asked_for(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(projects, "FEW_FILES", 2)
    found, err = completed(capsys)
    assert (found["text"], names(found)) == ("url)", NOTHING_RELEVANT)
    command = f"codegen-lsp context shop/main.py:3 --root {project}"
    assert err.count("\n") == 1
    assert f"has no index yet: completing without it; `{command}` builds one" in err
    assert main(command.split()[1:]) == 0
    capsys.readouterr()
    found, err = completed(capsys)
    assert (names(found)[0], err) == ("import", "")


def test_in_a_home_folder_the_file_is_completed_from_itself(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", str(project))
    monkeypatch.setenv("USERPROFILE", str(project))
    found, err = completed(capsys)
    assert (found["text"], names(found)) == ("url)", NOTHING_RELEVANT)
    assert err == (
        f"codegen-lsp: note: {project} holds the home folder: it gets no index and no context\n"
    )


def test_an_index_that_cannot_be_written_costs_the_context(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cache").write_text("")
    found, err = completed(capsys)
    assert (found["text"], names(found)) == ("url)", NOTHING_RELEVANT)
    assert err.startswith(f"codegen-lsp: note: the index of {project} cannot be written")
    assert err.count("\n") == 1


@pytest.mark.parametrize("error", [OSError, RecursionError, UnicodeError, TimeoutError])
@pytest.mark.parametrize("where", ["build", "choose"])
def test_whatever_fails_costs_the_context(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: type[Exception],
    where: str,
) -> None:
    def failing(*_: object) -> None:
        raise error("whatever")

    owner = project_context if where == "build" else WorkspaceChooser
    monkeypatch.setattr(owner, where, failing)
    found, err = completed(capsys)
    assert (found["text"], names(found)) == ("url)", NOTHING_RELEVANT)
    assert err.startswith(f"codegen-lsp: note: {project} ")
    assert err.count("\n") == 1


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Open in the end, so that no thread stays behind."""
    event = threading.Event()
    yield event
    event.set()


def test_a_folder_that_does_not_answer_is_not_waited_for_for_ever(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    gate: threading.Event,
) -> None:
    assert build(project, RULES)
    monkeypatch.setattr(project_context, "PATIENCE_S", 0.2)
    monkeypatch.setattr(project_context, "why_no_project", lambda root: gate.wait() and None)
    found, err = completed(capsys)
    assert (found["text"], names(found)) == ("url)", NOTHING_RELEVANT)
    assert err.startswith(f"codegen-lsp: note: {project} is not waited for any longer than")


def test_while_another_process_builds_what_is_there_is_shown(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build(project, RULES)
    with building_lock.held(database.lock_file(database.database_file(project))):
        found, err = completed(capsys)
    assert (names(found)[0], err) == ("import", "")


DENIED = ["no suggestion", "holds secrets"]


@pytest.mark.parametrize("name", [".env", "id_rsa", "tls/server.pem", ".ssh/config", "a.sql"])
def test_a_denied_file_is_not_even_given_to_the_model(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    loaded = play(monkeypatch)
    write(project, {name: "KEY=\n", ".codegen-lsp.toml": 'denied_files = ["/*.sql"]\n'})
    found, _ = completed(capsys, f"{name}:1")
    assert (found["text"], found["reason"], found["sources"]) == ("", "denied_file", [])
    for streamed in ([], ["--stream"]):
        assert main(["complete", f"{name}:1", *streamed]) == 0
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert all(words in err for words in DENIED)
    assert main(["context", f"{name}:1"]) == 2
    assert DENIED[1] in capsys.readouterr().err
    assert loaded == []
    assert not database.database_file(project).exists()


def test_a_link_to_a_denied_file_is_denied(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(project, {".env": "KEY=\n"})
    (project / "notes.txt").symlink_to(project / ".env")
    assert completed(capsys, "notes.txt:1")[0]["reason"] == "denied_file"


def test_ignored_and_generated_files_are_completed(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    subprocess.run(["git", "init", "-q", str(project)], check=True)
    write(project, {".gitignore": "*_pb2.py\n", "shop/main_pb2.py": f"# @generated\n{MAIN}"})
    found, err = completed(capsys, "shop/main_pb2.py:4")
    assert (found["text"], found["reason"], err) == ("url)", None, "")
