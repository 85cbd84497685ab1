"""Indexes of workspaces that are gone go too; of those that may come back they stay."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from codegen_lsp.context import building_lock, database, indexing, orphans
from codegen_lsp.context.indexing import build
from codegen_lsp.context.orphans import remove_orphans
from tests.context.indexed import RULES, index_files, readings_in_process


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the workspaces are, one of which stays."""
    monkeypatch.setattr(indexing, "readings", readings_in_process)
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(tmp_path / "cache"))
    index_files(tmp_path / "work" / "stays", {"a.py": "a = 1\n"})
    return tmp_path / "work"


@pytest.fixture
def gone(folder: Path) -> Path:
    """The index of a workspace that is gone."""
    index_files(folder / "gone", {"a.py": "a = 1\n"})
    file = database.database_file(folder / "gone")
    shutil.rmtree(folder / "gone")
    assert file.exists()
    return file


def left(file: Path) -> list[str]:
    """Names of what is left of the index in `file`."""
    return sorted(each.name for each in file.parent.glob(f"{file.stem}*"))


def test_a_build_removes_the_index_of_a_workspace_that_is_gone(folder: Path, gone: Path) -> None:
    assert build(folder / "stays", RULES)
    assert left(gone) == []
    assert database.database_file(folder / "stays").exists()


def test_workspaces_that_are_there_keep_theirs(folder: Path) -> None:
    file = database.database_file(folder / "stays")
    remove_orphans(Path())
    assert file.exists()


def test_where_the_folder_above_is_gone_too_a_drive_may_be(folder: Path) -> None:
    index_files(folder / "drive" / "shop", {"a.py": "a = 1\n"})
    file = database.database_file(folder / "drive" / "shop")
    (folder / "drive").rename(folder / "unmounted")
    remove_orphans(Path())
    assert file.exists()


def test_where_the_folder_above_is_empty_a_drive_may_be(folder: Path) -> None:
    index_files(folder / "drive" / "shop", {"a.py": "a = 1\n"})
    file = database.database_file(folder / "drive" / "shop")
    shutil.rmtree(folder / "drive" / "shop")
    remove_orphans(Path())
    assert file.exists()
    (folder / "drive" / "other").mkdir()
    remove_orphans(Path())
    assert left(file) == []


def test_a_drive_that_is_a_workspace_keeps_its_index(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os.path, "ismount", lambda path: True)
        index_files(folder / "drive", {"a.py": "a = 1\n"})
    file = database.database_file(folder / "drive")
    shutil.rmtree(folder / "drive")
    remove_orphans(Path())
    assert file.exists()


def test_an_index_that_is_being_built_is_left_alone(gone: Path) -> None:
    with building_lock.held(database.lock_file(gone)):
        remove_orphans(Path())
    assert gone.exists()


def test_a_link_that_leads_nowhere_is_still_there(folder: Path, gone: Path) -> None:
    (folder / "gone").symlink_to(folder / "nowhere")
    remove_orphans(Path())
    assert gone.exists()


def test_what_cannot_be_read_is_left_and_the_rest_removed(folder: Path, gone: Path) -> None:
    garbage = gone.with_name("0.db")
    garbage.write_bytes(b"This is no database. " * 1000)
    gone.with_name("1.db").mkdir()
    index_files(folder / "odd", {"a.py": "a = 1\n"})
    odd = database.database_file(folder / "odd")
    with closing(sqlite3.connect(odd)) as connection:
        connection.execute("UPDATE workspace SET root = ?", (b"/a\0b",))
        connection.commit()
    remove_orphans(Path())
    assert (garbage.exists(), odd.exists(), left(gone)) == (True, True, [])


def test_without_a_cache_folder_there_is_nothing_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(tmp_path / "none"))
    remove_orphans(Path())
    assert list(tmp_path.iterdir()) == []


def test_a_workspace_that_comes_back_at_the_last_moment_keeps_its_index(
    folder: Path, gone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = iter([True, False])
    monkeypatch.setattr(orphans, "is_gone", lambda _root: next(looks))
    remove_orphans(database.database_file(folder / "stays"))
    assert gone.exists()
