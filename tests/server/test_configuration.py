"""The settings of a client whose folder does not answer: nobody waits for them for long."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from codegen_lsp.config import project_folder
from codegen_lsp.server import configuration
from codegen_lsp.server.client import read_client
from codegen_lsp.server.configuration import Configuration


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Until it is open, no folder says whether it holds a project."""
    event = threading.Event()

    def look(path: Path) -> Path | None:
        event.wait()
        return project_folder(path)

    monkeypatch.setattr(configuration, "project_folder", look)
    yield event
    event.set()


def of_client(folder: Path) -> Configuration:
    (folder / ".codegen-lsp.toml").write_text("max_document_kb = 7\n")
    client = read_client({"rootUri": folder.as_uri(), "capabilities": {}})
    return Configuration(client, {"debounce_ms": "9"})


def test_the_project_file_counts(gate: threading.Event, tmp_path: Path) -> None:
    gate.set()
    resolved = of_client(tmp_path).resolve()
    assert (resolved.settings.max_document_kb, resolved.settings.debounce_ms) == (7, 9)
    assert resolved.problems == ()


def test_a_folder_that_does_not_answer_has_no_project_file_until_it_does(
    gate: threading.Event, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = of_client(tmp_path)
    monkeypatch.setattr(configuration, "ANSWER_S", 0.01)
    for _ in range(2):
        resolved = asked.resolve()
        assert resolved.settings.max_document_kb != 7
        assert resolved.settings.debounce_ms == 9
        assert "does not answer" in resolved.problems[-1]
    gate.set()
    monkeypatch.setattr(configuration, "ANSWER_S", 30)
    while asked.resolve().settings.max_document_kb != 7:  # until the first look is through
        pass


def test_what_goes_wrong_is_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_path: Path) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(configuration, "project_folder", fail)
    with pytest.raises(ZeroDivisionError):
        of_client(tmp_path).resolve()
