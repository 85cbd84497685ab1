"""Looking for the active adapter: folders that answer late, and settings."""

import threading
from pathlib import Path

import pytest

from codegen_lsp.config import Settings
from codegen_lsp.models.active_adapters import activate, adapters_folder
from codegen_lsp.server import adapter_watch
from codegen_lsp.server.adapter_watch import AdapterWatch, Found
from tests.adapters import small_adapter

SETTINGS = Settings(model="tiny")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CODEGEN_LSP_DATA_DIR", str(tmp_path / "data"))
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


async def test_what_is_found_follows_the_settings(project: Path, tmp_path: Path) -> None:
    active = activate(project, small_adapter(tmp_path / "trained", "tiny"), "tiny")
    watch = AdapterWatch(lambda: [project])
    await watch.settle()
    assert watch.look(SETTINGS) == Found(active)
    assert watch.look(Settings(model="another")) == Found()
    assert watch.look(Settings(model="tiny", adapter=False)) == Found()
    (adapters_folder(project) / "active.json").write_text("{")
    assert "is damaged" in watch.look(SETTINGS).problem


async def test_what_is_no_path_has_none(project: Path, tmp_path: Path) -> None:
    active = activate(project, small_adapter(tmp_path / "trained", "tiny"), "tiny")
    watch = AdapterWatch(lambda: [Path("a\0b"), project])
    await watch.settle()
    assert watch.look(SETTINGS) == Found(active)


async def test_without_a_folder_there_is_none() -> None:
    watch = AdapterWatch(list)
    await watch.settle()
    assert watch.look(SETTINGS) == Found()


async def test_a_folder_that_does_not_answer_is_not_waited_for_and_counts_once_it_does(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = threading.Event()
    active = activate(project, small_adapter(tmp_path / "trained", "tiny"), "tiny")
    home = adapters_folder(project)

    def adapters_folder_late(workspace: Path) -> Path:
        if workspace == project:
            answers.wait(60)
        return home if workspace == project else tmp_path

    monkeypatch.setattr(adapter_watch, "adapters_folder", adapters_folder_late)
    monkeypatch.setattr(adapter_watch, "_ANSWER_S", 0.05)
    watch = AdapterWatch(lambda: [tmp_path, project])
    await watch.settle()
    assert watch.look(SETTINGS) == Found()
    answers.set()
    monkeypatch.setattr(adapter_watch, "_ANSWER_S", 60)
    await watch.settle()
    assert watch.look(SETTINGS) == Found(active)
