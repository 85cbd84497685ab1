"""Emacs with lsp-mode in a terminal, set up as editors/README.md says."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.editors.neovim_case import HERE, ROOT

pytestmark = pytest.mark.vscode

_PATIENCE_S = 60
LISP = "usr/share/emacs/site-lisp/elpa-src"
# Debian makes the autoloads of these when it installs the package.
WITHOUT_ASKING = """
(dolist (folder (directory-files (getenv "LISP") t "^[a-z]")) (add-to-list 'load-path folder))
(mapc #'require '(lsp-completion lsp-diagnostics lsp-headerline lsp-lens lsp-modeline))
(setq lsp-auto-guess-root t lsp-enable-snippet nil lsp-enabled-clients '(codegen-lsp)
      make-backup-files nil create-lockfiles nil)
"""


class Terminal:
    """A terminal that Emacs runs in."""

    def __init__(self, socket: str) -> None:
        self._socket = socket

    def tmux(self, *arguments: str) -> str:
        """What tmux answers."""
        command = ["tmux", "-L", self._socket, "-f", "/dev/null", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def rows(self) -> list[str]:
        """What a person sees, without trailing blanks."""
        return [row.rstrip() for row in self.tmux("capture-pane", "-p").splitlines()]

    def wait_for(
        self, what: str, condition: Callable[[], bool], patience_s: float = _PATIENCE_S
    ) -> None:
        """Go on as soon as `condition` holds; an AssertionError says if it never does."""
        deadline = time.monotonic() + patience_s
        while not condition():
            assert time.monotonic() < deadline, "\n".join([f"no {what}; seen:", *self.rows()])
            time.sleep(0.05)


@contextmanager
def emacs(folder: Path, file: Path, server: Path) -> Iterator[Terminal]:
    """An Emacs that has opened `file`, with the set-up of editors/README.md and that server."""
    installed = Path(os.environ.get("CODEGEN_LSP_EMACS", ROOT / ".venv/emacs")) / "packages" / LISP
    if not installed.exists():
        pytest.fail(f"no lsp-mode at {installed}: run `make test-editors`")
    readme = (ROOT / "editors/README.md").read_text("utf-8")
    documented = re.findall(r"```elisp\n(.*?)```", readme, re.DOTALL)[0]
    (folder / "init.el").write_text(WITHOUT_ASKING + documented, encoding="utf-8")
    command = folder / "bin/codegen-lsp"
    command.parent.mkdir()
    command.write_text(f"#!/bin/sh\nexec '{sys.executable}' '{server}' -v 2>'{folder}/log'\n")
    command.chmod(0o755)
    variables = {"HOME": str(folder), "LISP": str(installed), "LC_ALL": "C.UTF-8"} | {
        f"XDG_{name}_HOME": str(folder / name) for name in ("CONFIG", "STATE", "DATA")
    }
    variables["PATH"] = f"{command.parent}:{os.environ['PATH']}"
    terminal = Terminal(f"codegen-{os.getpid()}")
    given = [f"{name}={value}" for name, value in variables.items()]
    emacs_command = ["emacs", "-nw", "-q", "-l", str(folder / "init.el"), str(file)]
    size = ["-x", "120", "-y", "16"]
    terminal.tmux("new-session", "-d", *size, "env", *given, *emacs_command)
    try:
        yield terminal
    finally:
        terminal.tmux("kill-server")


def _ghost_text(terminal: Terminal, log: Path, patience_s: float = _PATIENCE_S) -> None:
    terminal.wait_for("model", lambda: log.exists() and "the model is ready" in log.read_text())
    terminal.tmux("send-keys", "M->")
    terminal.tmux("send-keys", "Space")
    terminal.wait_for("ghost text", lambda: "names = né + 🎉 right" in terminal.rows(), patience_s)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file whose comment directs the model."""
    path = tmp_path / "project/sample.py"
    (path.parent / ".git").mkdir(parents=True)
    path.write_text('# scripted: text="né + 🎉 right"\nnames =', encoding="utf-8")
    return path


def test_ghost_text_is_seen_and_accepted(tmp_path: Path, file: Path) -> None:
    with emacs(tmp_path, file, ROOT / "tests/e2e/scripted_server.py") as terminal:
        _ghost_text(terminal, tmp_path / "log")
        assert file.read_text("utf-8").splitlines()[1] == "names ="
        terminal.tmux("send-keys", "Tab")
        terminal.tmux("send-keys", "C-x", "C-s")
        terminal.wait_for(
            "file", lambda: file.read_text("utf-8").splitlines()[1] == "names = né + 🎉 right"
        )


def test_that_can_fail(tmp_path: Path, file: Path) -> None:
    server = HERE / "incapable_server.py"
    with emacs(tmp_path, file, server) as terminal, pytest.raises(AssertionError, match="ghost"):
        _ghost_text(terminal, tmp_path / "log", 5)
