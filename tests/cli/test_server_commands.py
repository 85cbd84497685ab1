"""How `demo` and `bench server` start the language server."""

import argparse
import os
import subprocess
from pathlib import Path

import pytest

from codegen_lsp.cli import bench, demo
from codegen_lsp.evaluate import lsp_client, server_bench


class _StartedError(Exception):
    """Instead of a server: its command."""


def _refuse(command: list[str], *_: object, **__: object) -> None:
    raise _StartedError(command)


def commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    monkeypatch.setattr(lsp_client, "LspClient", _refuse)
    monkeypatch.setattr(server_bench, "measure", _refuse)
    found = []
    for run in (demo.run, bench.run_server):
        with pytest.raises(_StartedError) as caught:
            run(argparse.Namespace(keystrokes=1, json=True))
        found.append(caught.value.args[0])
    return found


def test_no_file_of_the_current_folder_is_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "argparse.py").write_text("raise SystemExit(99)")
    package = str(Path(bench.__file__).parents[2])
    environment = os.environ | {"PYTHONPATH": package}  # where it is not installed
    for command in commands(monkeypatch):
        done = subprocess.run(
            [*command, "--help"],
            cwd=tmp_path,
            env=environment,
            check=True,
            capture_output=True,
            timeout=60,
        )
        assert done.stdout.startswith(b"usage: codegen-lsp lsp")
