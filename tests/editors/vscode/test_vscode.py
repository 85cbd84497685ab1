"""The extension in the extension host of a real VS Code, where the whole API is at hand."""

import sys
from pathlib import Path

import pytest

from tests.editors.vscode.driver import (
    Drive,
    said,
    scripted_server,
    wheel_of,
)

pytestmark = pytest.mark.editors


def test_in_the_extension_host(
    drive: Drive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = wheel_of(tmp_path, scripted_server(tmp_path))
    monkeypatch.setenv("CODEGEN_LSP_TEST_WHEEL", str(wheel))
    monkeypatch.setenv("CODEGEN_LSP_TEST_PYTHON", sys.executable)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    folder = tmp_path / "project"
    folder.mkdir()
    done = drive("run_in_host.mjs", folder=str(folder), cases="trusted")
    assert done.returncode == 0, said(done)


def test_a_trusted_folder_is_read(drive: Drive, project: Path) -> None:
    done = drive("run_in_host.mjs", folder=str(project), cases="trusted_folder", server="")
    assert done.returncode == 0, said(done)


def test_an_untrusted_folder_is_left_alone(drive: Drive, project: Path) -> None:
    done = drive("run_in_host.mjs", folder=str(project), cases="untrusted", server="", trusts=False)
    assert done.returncode == 0, said(done)


def test_a_throwing_case_fails_the_run(drive: Drive, tmp_path: Path) -> None:
    done = drive("run_in_host.mjs", folder=str(tmp_path), cases="throwing")
    assert done.returncode == 1
    assert "FAILED fails: Error: as it should" in done.stdout
