"""Adapters that become active, and inactive, while the server runs."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from codegen_lsp.models.active_adapters import activate, adapters_folder, deactivate
from tests.adapters import make_adapter, small_adapter
from tests.e2e.conftest import Start
from tests.e2e.editor import CARET, REAL, Editor

WHO = f"# scripted: report=request\n{CARET}"
SOON: dict[str, Any] = {"SCRIPTED_LOOK_S": "0.05"}
NAME = "tests/scripted"  # a hub id, the same from any working folder
MODEL = {"model": NAME}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace folder; what is active in it is where the servers of `start` look for that."""
    monkeypatch.setenv("CODEGEN_LSP_DATA_DIR", str(tmp_path / "data"))
    return made(tmp_path / "project")


@pytest.fixture
def trained(tmp_path: Path) -> Path:
    return small_adapter(tmp_path / "trained", NAME)


def made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / ".codegen-lsp.toml").touch()
    return folder


def who(editor: Editor) -> Any:
    """What the model's process says of itself: its pid, and the adapter that it was given."""
    (text,) = editor.texts(editor.put(WHO))
    return json.loads(text)


def explained(editor: Editor) -> Any:
    return editor.request("codegen/explain", {})


def record_of(project: Path) -> Path:
    return adapters_folder(project) / "active.json"


def test_the_adapter_that_is_active_is_loaded_at_the_start(
    start: Start, project: Path, trained: Path
) -> None:
    active = activate(project, trained, NAME, scale=0.8)
    editor = start(folder=project, options=MODEL)
    expected = {"id": active.id, "scale": 0.8, "forced": False}
    assert who(editor)["adapter"] == expected
    assert explained(editor)["adapter"] == expected
    status = editor.wait_status("ready")
    assert status["message"] == f"ready, with the adapter {active.id} of this project"
    assert status["kind"] == "Normal"
    messages = [params["message"] for params in editor.said("didChangeStatus")]
    assert messages == ["loading the model", status["message"]]  # it was loaded once


def test_it_comes_and_goes_while_the_server_runs(
    start: Start, project: Path, trained: Path
) -> None:
    editor = start(folder=project, options=MODEL, **SOON)
    place = editor.put(WHO)
    before = json.loads(editor.texts(place)[0])
    assert (before["adapter"], explained(editor)["adapter"]) == (None, None)
    assert editor.texts(place)
    assert editor.why(place)["source"] == "cache"

    since = len(editor.notifications)
    active = activate(project, trained, NAME, forced=True)
    status = editor.wait_status("ready", since)
    said = f"ready, with the adapter {active.id} of this project (forced: its gain is not proved)"
    assert status["message"] == said
    with_it = json.loads(editor.texts(place)[0])
    assert with_it["adapter"] == {"id": active.id, "scale": 1.0, "forced": True}
    assert with_it["pid"] != before["pid"]
    assert editor.why(place)["source"] == "model"

    since = len(editor.notifications)
    deactivate(project)
    assert editor.wait_status("ready", since)["message"] == "ready"
    without = json.loads(editor.texts(place)[0])
    assert without["adapter"] is None
    assert without["pid"] not in (before["pid"], with_it["pid"])
    assert editor.why(place)["source"] == "model"
    assert editor.said("window/showMessage") == []


def test_another_scale_is_another_model(start: Start, project: Path, trained: Path) -> None:
    active = activate(project, trained, NAME, scale=0.6)
    editor = start(folder=project, options=MODEL, **SOON)
    since = len(editor.notifications)
    activate(project, active.id, NAME, scale=0.8)
    editor.wait_ready(since)
    assert who(editor)["adapter"]["scale"] == 0.8


def test_requests_get_nothing_while_it_is_loaded(
    start: Start, project: Path, trained: Path, tmp_path: Path, until: Callable[[Path], None]
) -> None:
    wait_for = tmp_path / "wait-for"  # names the file that loading waits for, once there is one
    editor = start(folder=project, options=MODEL, SCRIPTED_LOAD_WAIT_FOR=f"@{wait_for}", **SOON)
    begun, go = tmp_path / "begun", tmp_path / "go"
    working = editor.put(f"# scripted: report=request touch={begun} wait_for={go}\n{CARET}")
    pending = editor.ask(working)
    until(begun)
    wait_for.write_text(str(go))
    since = len(editor.notifications)
    active = activate(project, trained, NAME)
    editor.wait_status("loading", since)
    assert pending.wait() == {"items": []}
    assert editor.reason(working) == "superseded"
    place = editor.put(WHO)
    assert editor.texts(place) == []
    assert editor.reason(place) == "model_loading"
    go.touch()
    editor.wait_ready(since)
    assert json.loads(editor.texts(place)[0])["adapter"]["id"] == active.id


def test_what_was_completed_ahead_without_it_is_not_shown(
    start: Start, project: Path, trained: Path
) -> None:
    editor = start("--prefetch", "true", folder=project, options=MODEL, **SOON)
    suggested = json.dumps("x\n# scripted: report=request\n")
    place = editor.put(f"# scripted: text={suggested}\n{CARET}")
    (item,) = editor.items(place)
    time.sleep(0.1)  # it is completed ahead meanwhile
    since = len(editor.notifications)
    active = activate(project, trained, NAME)
    editor.wait_ready(since)
    accepted = editor.type(place, 2, editor.apply(place.text, item) + CARET)
    (text,) = editor.texts(accepted)
    assert json.loads(text)["adapter"]["id"] == active.id


def test_an_adapter_for_another_model_waits_until_that_is_chosen(
    start: Start, project: Path, trained: Path
) -> None:
    active = activate(project, trained, NAME)
    editor = start(folder=project, options={"model": "another"})
    assert who(editor)["adapter"] is None
    since = len(editor.notifications)
    editor.notify("workspace/didChangeConfiguration", {"settings": {"codegen-lsp": MODEL}})
    editor.wait_status(active.id, since)
    assert who(editor)["adapter"]["id"] == active.id


def test_the_setting_switches_it_off_and_on(start: Start, project: Path, trained: Path) -> None:
    active = activate(project, trained, NAME)
    assert who(start("--adapter", "false", folder=project, options=MODEL))["adapter"] is None
    editor = start(folder=project, options=MODEL)
    for wanted, id_ in ((False, None), (True, active.id)):
        since = len(editor.notifications)
        settings = {"codegen-lsp": {**MODEL, "adapter": wanted}}
        editor.notify("workspace/didChangeConfiguration", {"settings": settings})
        editor.wait_ready(since)
        adapter = who(editor)["adapter"]
        assert (adapter and adapter["id"]) == id_


def test_a_folder_below_the_project_has_its_adapter(
    start: Start, project: Path, trained: Path
) -> None:
    active = activate(project, trained, NAME)
    below = project / "source" / "package"
    below.mkdir(parents=True)
    editor = start(folder=below, options=MODEL)
    assert who(editor)["adapter"]["id"] == active.id


def test_the_first_folder_that_has_one_decides(
    start: Start, project: Path, trained: Path, tmp_path: Path
) -> None:
    other = made(tmp_path / "other")
    editor = start(folder=project, options=MODEL, **SOON)
    since = len(editor.notifications)
    event = {"added": [{"uri": other.as_uri(), "name": "other"}], "removed": []}
    editor.notify("workspace/didChangeWorkspaceFolders", {"event": event})
    of_other = activate(other, trained, NAME)
    editor.wait_status(of_other.id, since)
    of_project = activate(project, small_adapter(tmp_path / "second", NAME, seed=2), NAME)
    editor.wait_status(of_project.id, since)
    assert who(editor)["adapter"]["id"] == of_project.id


@pytest.mark.parametrize("is_active_before", [True, False])
def test_a_damaged_record_is_told_once_and_the_base_completes(
    start: Start, project: Path, trained: Path, is_active_before: bool
) -> None:
    active = activate(project, trained, NAME)
    if not is_active_before:
        record_of(project).write_text("{")
    editor = start(folder=project, options=MODEL, **SOON)
    if is_active_before:
        since = len(editor.notifications)
        record_of(project).write_text("{")
        editor.wait_status("without the adapter", since)
    status = editor.wait_status("without the adapter")
    assert status["kind"] == "Warning"
    assert "active.json is damaged" in status["message"]
    assert who(editor)["adapter"] is None
    why = explained(editor)
    assert why["adapter"] is None
    assert why["model"]["message"] in status["message"]
    (shown,) = editor.said("window/showMessage")
    assert (shown["type"], "active.json is damaged" in shown["message"]) == (2, True)
    since = len(editor.notifications)
    activate(project, active.id, NAME)
    assert editor.wait_status("ready", since)["kind"] == "Normal"
    assert who(editor)["adapter"]["id"] == active.id


def test_an_adapter_that_cannot_be_loaded_is_told_and_the_base_completes(
    start: Start, project: Path, trained: Path
) -> None:
    activate(project, trained, NAME)
    why = "the adapter was trained for X, and the model is Y"
    editor = start(folder=project, options=MODEL, SCRIPTED_WHY_NO_ADAPTER=why, **SOON)
    status = editor.wait_status("ready")
    assert status["message"] == f"ready, without the adapter of this project: {why}"
    assert status["kind"] == "Warning"
    assert explained(editor)["adapter"] is None
    assert editor.texts(editor.put(f"# scripted: text=abc\n{CARET}")) == ["abc"]
    editor.texts(editor.put(f"# scripted: exit=1\n{CARET}"))
    editor.wait_ready(len(editor.notifications))  # another process, the same trouble
    (shown,) = editor.said("window/showMessage")
    assert why in shown["message"]


def test_a_fetch_is_not_broken_off(
    start: Start, project: Path, trained: Path, tmp_path: Path
) -> None:
    fetched, go = tmp_path / "fetched", tmp_path / "go"
    environ = {"SCRIPTED_FETCHED": str(fetched), "SCRIPTED_PULL_WAIT_FOR": str(go), **SOON}
    editor = start(folder=project, options=MODEL, loaded=False, **environ)
    editor.wait_status("not on this machine")
    editor.run("codegen.fetchModel")
    editor.wait_status("half of it is here")
    active = activate(project, trained, NAME)
    time.sleep(0.3)
    go.touch()
    editor.wait_status(active.id)
    messages = [params["message"] for params in editor.said("didChangeStatus")]
    assert sum("fetching" in each or "half" in each for each in messages) >= 1
    assert who(editor)["adapter"]["id"] == active.id


@pytest.mark.model
def test_a_real_adapter_comes_and_goes(
    default_model_folder: Path, project: Path, tmp_path: Path
) -> None:
    cache = str(default_model_folder.parents[1])
    environ: dict[str, Any] = {"CODEGEN_LSP_CACHE_DIR": cache, "OMP_NUM_THREADS": "1"}
    name = default_model_folder.name
    trained = make_adapter(tmp_path / "trained", default_model_folder, name=name, rank=32, std=1e-3)
    with Editor(tmp_path, command=REAL, **environ) as editor:
        editor.initialize(folder=project)
        editor.wait_ready()
        place = editor.put(f"def add(a, b):\n    return {CARET}")
        (text,) = editor.texts(place)
        base = editor.why(place)
        assert (base["source"], base["adapter"]) == ("model", None)

        since = len(editor.notifications)
        active = activate(project, trained, name, scale=0.8)
        editor.wait_status(active.id, since)
        editor.texts(place)
        tuned = editor.why(place)
        assert (tuned["source"], tuned["adapter"]["id"]) == ("model", active.id)
        assert tuned["tokens"]["prompt"] == base["tokens"]["prompt"]
        assert tuned["meanLogprob"] != base["meanLogprob"]

        since = len(editor.notifications)
        deactivate(project)
        editor.wait_ready(since)
        assert editor.texts(place) == [text]
        again = editor.why(place)
        assert (again["source"], again["meanLogprob"]) == ("model", base["meanLogprob"])
        editor.leave()
