"""The process that builds an index: what is reported of it, and how it ends."""

import sys
import threading
from pathlib import Path

from codegen_lsp.worker.index_build import IndexBuild
from codegen_lsp.worker.messages import Indexing

SHOP = Path("/shop")
_PROGRESS = """
print('{"found": 9, "done": 0, "to_do": null, "is_finished": false}', flush=True)
print('{"found": 9, "done": 4, "to_do": 8, "is_finished": false}', flush=True)
print('{"fou', flush=True)
"""
_UNTIL_STDIN_ENDS = _PROGRESS + "import sys; sys.stdin.read()"


def run(program: str) -> tuple[IndexBuild, list[Indexing], threading.Event]:
    reports: list[Indexing] = []
    begun = threading.Event()

    def report(indexing: Indexing) -> None:
        reports.append(indexing)
        if indexing.done:
            begun.set()

    return IndexBuild(SHOP, [sys.executable, "-c", program], report), reports, begun


def test_its_progress_and_its_end_are_reported() -> None:
    build, reports, _ = run(_PROGRESS)
    build.wait()
    assert reports == [
        Indexing(SHOP, 0, 0, is_over=False),
        Indexing(SHOP, 4, 8, is_over=False),
        Indexing(SHOP, 4, 8, is_over=True),
    ]
    assert build.is_over
    build.end()


def test_a_crash_is_an_end() -> None:
    build, reports, _ = run("import os; os._exit(3)")
    build.wait()
    assert reports == [Indexing(SHOP, 0, 0, is_over=True)]


def test_it_ends_when_it_is_told_to() -> None:
    build, reports, begun = run(_UNTIL_STDIN_ENDS)
    assert begun.wait(30)
    assert not build.is_over
    build.end()
    build.wait()
    assert build.is_over
    assert reports[-1].is_over
