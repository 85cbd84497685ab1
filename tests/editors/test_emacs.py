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

from codegen_lsp.models.folders import cache_folder
from tests.editors.neovim_case import HERE, ROOT

pytestmark = pytest.mark.editors

_PATIENCE_S = 60
LISP = "usr/share/emacs/site-lisp/elpa-src"
# Debian makes the autoloads of these when it installs the package.
WITHOUT_ASKING = """
(dolist (folder (directory-files (getenv "LISP") t "^[a-z]")) (add-to-list 'load-path folder))
(mapc #'require '(lsp-completion lsp-diagnostics lsp-headerline lsp-lens lsp-modeline))
(setq lsp-auto-guess-root t lsp-enable-snippet nil lsp-enabled-clients '(codegen-lsp)
      make-backup-files nil create-lockfiles nil
      native-comp-deferred-compilation nil)
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
def emacs(folder: Path, file: Path, server: str) -> Iterator[Terminal]:
    """An Emacs that has opened `file`, with the set-up of editors/README.md and that server.

    `server` is what Python is told to run.
    """
    installed = Path(os.environ.get("CODEGEN_LSP_EMACS", ROOT / ".venv/emacs")) / "packages" / LISP
    if not installed.exists():
        pytest.fail(f"no lsp-mode at {installed}: run `make test-editors`")
    readme = (ROOT / "editors/README.md").read_text("utf-8")
    documented = re.findall(r"```elisp\n(.*?)```", readme, re.DOTALL)[0]
    (folder / "init.el").write_text(WITHOUT_ASKING + documented, encoding="utf-8")
    command = folder / "bin/codegen-lsp"
    command.parent.mkdir()
    command.write_text(f"#!/bin/sh\nexec '{sys.executable}' {server} -v 2>'{folder}/log'\n")
    command.chmod(0o755)
    variables = {"HOME": str(folder), "LISP": str(installed), "LC_ALL": "C.UTF-8"} | {
        f"XDG_{name}_HOME": str(folder / name) for name in ("CONFIG", "STATE", "DATA")
    }
    variables |= {
        "PATH": f"{command.parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "CODEGEN_LSP_CACHE_DIR": str(cache_folder()),
    }
    terminal = Terminal(f"codegen-{os.getpid()}")
    given = [f"{name}={value}" for name, value in variables.items()]
    emacs_command = ["emacs", "-nw", "-q", "-l", str(folder / "init.el"), str(file)]
    size = ["-x", "120", "-y", "16"]
    terminal.tmux("new-session", "-d", *size, "env", *given, *emacs_command)
    try:
        yield terminal
    finally:
        terminal.tmux("kill-server")


SCRIPTED_SERVER = f"'{ROOT}/tests/e2e/scripted_server.py'"
REAL_SERVER = "-m codegen_lsp lsp"


def _wait_for_model(terminal: Terminal, folder: Path) -> None:
    log = folder / "log"
    terminal.wait_for("model", lambda: log.exists() and "the model is ready" in log.read_text())


def _ghost_text(terminal: Terminal, folder: Path, patience_s: float = _PATIENCE_S) -> None:
    _wait_for_model(terminal, folder)
    terminal.tmux("send-keys", "M->")
    terminal.tmux("send-keys", "Space")
    terminal.wait_for("ghost text", lambda: SEEN in terminal.rows(), patience_s)


BEFORE, SEEN = 'names = "é🎉" +', 'names = "é🎉" + né + 🎉 right'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file in a project."""
    path = tmp_path / "project/sample.py"
    (path.parent / ".git").mkdir(parents=True)
    return path


def _write(file: Path, *lines: str) -> None:
    file.write_text("\n".join(lines), encoding="utf-8")


def _save(terminal: Terminal, file: Path, lines: list[str]) -> None:
    terminal.tmux("send-keys", "C-x", "C-s")
    terminal.wait_for("file", lambda: file.read_text("utf-8").splitlines() == lines)


def test_ghost_text_is_seen_and_accepted(tmp_path: Path, file: Path) -> None:
    script = '# scripted: text="né + 🎉 right"'
    _write(file, script, BEFORE)
    with emacs(tmp_path, file, SCRIPTED_SERVER) as terminal:
        _ghost_text(terminal, tmp_path)
        assert file.read_text("utf-8").splitlines()[1] == BEFORE
        terminal.tmux("send-keys", "Tab")
        _save(terminal, file, [script, SEEN])


def test_a_late_answer_is_not_shown(tmp_path: Path, file: Path) -> None:
    began, go = file.parent / "began", file.parent / "go"
    _write(file, f'# scripted: text="right" touch={began} wait_for={go}', "names =")

    def is_seen() -> bool:
        (line,) = [row for row in terminal.rows() if row.startswith("names")]
        assert line in ("names =", "names = 1", "names = 1right")
        return line == "names = 1right"

    with emacs(tmp_path, file, SCRIPTED_SERVER) as terminal:
        _wait_for_model(terminal, tmp_path)
        terminal.tmux("send-keys", "M->")
        terminal.tmux("send-keys", "Space")
        terminal.wait_for("first request", began.exists)
        began.unlink()
        terminal.tmux("send-keys", "1")
        terminal.wait_for("second request", began.exists)
        go.touch()
        terminal.wait_for("ghost text", is_seen)


def test_a_docstring(tmp_path: Path, file: Path) -> None:
    _write(file, "def area(side):", "    print(side)")
    with emacs(tmp_path, file, SCRIPTED_SERVER) as terminal:
        _wait_for_model(terminal, tmp_path)
        terminal.tmux("send-keys", "C-c", "d")
        terminal.wait_for("docstring", lambda: "Args:" in "".join(terminal.rows()))
        documented = [
            "def area(side):",
            '    """Do it with 0 callers.',
            "",
            "    Args:",
            "        side: Do it with 0 callers.",
            '    """',
            "    print(side)",
        ]
        _save(terminal, file, documented)


def test_that_can_fail(tmp_path: Path, file: Path) -> None:
    _write(file, '# scripted: text="né + 🎉 right"', BEFORE)
    server = f"'{HERE}/incapable_server.py'"
    with emacs(tmp_path, file, server) as terminal, pytest.raises(AssertionError, match="ghost"):
        _ghost_text(terminal, tmp_path, 5)


@pytest.mark.model
def test_real_model_in_emacs(tmp_path: Path, file: Path) -> None:
    begun = ["def add(left, right):", '    """Return the sum of left and right."""']
    _write(file, *begun, "    return")
    with emacs(tmp_path, file, REAL_SERVER) as terminal:
        _wait_for_model(terminal, tmp_path)
        terminal.tmux("send-keys", "M->")
        terminal.tmux("send-keys", "Space")
        terminal.wait_for("ghost text", lambda: "    return left + right" in terminal.rows())
        terminal.tmux("send-keys", "Tab")
        _save(terminal, file, [*begun, "    return left + right"])
    compile(file.read_text("utf-8"), str(file), "exec")
