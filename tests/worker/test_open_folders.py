"""The folders of a workspace with their real indexes: what a change on disk does to them."""

import queue
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from codegen_lsp.context.index import Index
from codegen_lsp.worker import open_folders
from codegen_lsp.worker.messages import Indexing, Workspace
from codegen_lsp.worker.open_folders import OpenFolders

WAIT_S = 60


class Opened:
    """An open workspace of one folder, and the ends of its builds."""

    def __init__(self, root: Path) -> None:
        self._ends: queue.Queue[Indexing] = queue.Queue()
        self.root = root
        self.folders = OpenFolders(Workspace((root,)), self._report)

    def wait_built(self) -> list[str]:
        """The files in the index, once the build that was begun last has ended."""
        self._ends.get(timeout=WAIT_S)
        return Index.open(self.root).files()

    def change(self, name: str, text: str) -> None:
        (self.root / name).write_text(text)
        self.folders.update([self.root / name])

    def _report(self, indexing: Indexing) -> None:
        if indexing.is_over:
            self._ends.put(indexing)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(tmp_path / "cache"))
    root = tmp_path / "shop"
    root.mkdir()
    for name in ("a.py", "secret.py"):
        (root / name).write_text(f"def of_{name[0]}(): ...\n")
    opened = Opened(root)
    assert opened.wait_built() == ["a.py", "secret.py"]
    yield opened
    opened.folders.close()


@pytest.mark.parametrize("name", [".gitignore", ".codegenignore"])
def test_what_is_ignored_from_now_on_is_taken_out(shop: Opened, name: str) -> None:
    shop.change(name, "secret.py\n")
    assert shop.wait_built() == ["a.py"]
    shop.change(name, "")
    assert shop.wait_built() == ["a.py", "secret.py"]


def test_a_changed_file_is_taken_in_at_once(shop: Opened) -> None:
    shop.change("b.py", "def of_b(): ...\n")
    assert Index.open(shop.root).files() == ["a.py", "b.py", "secret.py"]


def test_what_is_in_a_folder_that_came_is_taken_in(shop: Opened) -> None:
    (shop.root / "till").mkdir()
    (shop.root / "till" / "c.py").write_text("def of_c(): ...\n")
    shop.folders.update([shop.root / "till"])
    assert shop.wait_built() == ["a.py", "secret.py", "till/c.py"]


SLOW_BUILD = """
import pathlib, sys, time
log, end = map(pathlib.Path, sys.argv[1:])
log.open("a").write("build ")
deadline = time.monotonic() + 60
while not end.exists() and time.monotonic() < deadline:
    time.sleep(0.01)
"""


@pytest.fixture
def slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Opened, Path, Path]:
    """An open workspace whose builds end when there is a file; that file, and what was begun."""
    log, end = tmp_path / "log", tmp_path / "end"
    command = [sys.executable, "-c", SLOW_BUILD, str(log), str(end)]
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(open_folders, "command", lambda _root, _rules: command)
    (tmp_path / "shop").mkdir()
    return Opened(tmp_path / "shop"), end, log


def test_after_changes_during_a_build_there_is_another_one(slow: tuple[Opened, Path, Path]) -> None:
    opened, end, log = slow
    for _ in range(3):  # the build under way may have passed them
        opened.change(".gitignore", "secret.py\n")
    end.touch()
    opened.wait_built()
    opened.wait_built()
    opened.change(".gitignore", "")
    opened.wait_built()
    assert log.read_text().split() == ["build"] * 3


def test_no_build_begins_after_the_end(slow: tuple[Opened, Path, Path]) -> None:
    opened, end, log = slow
    opened.change(".gitignore", "secret.py\n")
    opened.folders.close()
    end.touch()
    opened.wait_built()
    opened.change(".gitignore", "")
    assert log.read_text().split() in (["build"], [])
