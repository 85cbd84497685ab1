"""Updates of the index for paths that are odd: the others are taken in all the same."""

import os
import sys
from pathlib import Path

import pytest

from codegen_lsp.context import indexing
from codegen_lsp.context.files import Rules
from codegen_lsp.context.index import Index
from codegen_lsp.context.indexing import build, update
from tests.context.indexed import readings_in_process, write

posix = pytest.mark.skipif(sys.platform == "win32", reason="names and links are others there")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(indexing, "readings", readings_in_process)
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(tmp_path / "cache"))
    write(tmp_path / "shop", {"a.py": "def a(): ...\n"})
    assert build(tmp_path / "shop", Rules())
    return tmp_path / "shop"


@posix
@pytest.mark.parametrize(
    "name", [b"\xff.py", b"\xff/b.py", b"a\0b.py", b"x" * 300 + b".py", b"a.py/b.py"], ids=repr
)
@pytest.mark.parametrize("is_there", [True, False])
def test_a_name_that_cannot_be_is_passed_over(root: Path, name: bytes, is_there: bool) -> None:
    odd = root / os.fsdecode(name)
    if is_there and name == b"\xff.py":
        odd.write_text("def odd(): ...\n")
    write(root, {"b.py": "def b(): ...\n"})
    assert update(root, [odd, root / "b.py"], Rules())
    assert Index.open(root).files() == ["a.py", "b.py"]


@posix
def test_a_link_whose_name_is_ignored_does_not_take_out_what_it_leads_to(root: Path) -> None:
    (root / "link.py").symlink_to(root / "a.py")
    write(root, {".gitignore": "link.py\n", "a.py": "def a(): ...\ndef more(): ...\n"})
    assert update(root, [root / "link.py"], Rules())
    assert [symbol.name for symbol in Index.open(root).symbols_of("a.py")] == ["a", "more"]


@posix
def test_what_one_may_not_look_at_any_more_is_taken_out(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stat(path: object, *arguments: object, **options: object) -> os.stat_result:
        if os.fsdecode(path).endswith("a.py"):  # type: ignore[arg-type]
            raise PermissionError
        return real_stat(path, *arguments, **options)  # type: ignore[arg-type]

    real_stat = os.stat
    write(root, {"b.py": "def b(): ...\n"})
    monkeypatch.setattr(os, "stat", stat)
    assert update(root, [root / "a.py", root / "b.py"], Rules())
    assert Index.open(root).files() == ["b.py"]
