"""Which folders an index is built of, and of which at once."""

from pathlib import Path

import pytest

from codegen_lsp.context import projects
from codegen_lsp.context.files import Rules
from codegen_lsp.context.projects import has_few_files, why_no_project
from tests.context.indexed import RULES, write


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "users" / "ann"
    folder.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    return folder


def test_a_home_folder_and_what_holds_it_are_no_projects(home: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(home)
    for folder in (home, home.parent, tmp_path / "link", Path(home.anchor)):
        assert "holds the home folder" in (why_no_project(folder) or "")


def test_a_folder_in_it_is_one(home: Path) -> None:
    (home / "shop").mkdir()
    assert why_no_project(home / "shop") is None


@pytest.mark.usefixtures("home")
def test_what_is_no_folder_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for path in (tmp_path / "file", tmp_path / "nothing", tmp_path / "loop"):
        assert "is not a folder that can be read" in (why_no_project(path) or "")


def test_only_code_that_may_be_read_makes_a_project_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projects, "FEW_FILES", 4)
    names = ("a.py", "b.go", "c/d.ts", "e.md", "f.txt", "g.json")
    write(tmp_path, dict.fromkeys(names, "x = 1\n"))
    assert has_few_files(tmp_path, RULES)
    write(tmp_path, {"h.rs": "fn main() {}\n"})
    assert not has_few_files(tmp_path, RULES)
    assert has_few_files(tmp_path, Rules(denied_files=("h.rs",)))


def test_a_folder_that_takes_long_to_look_through_is_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {f"{number}.txt": "" for number in range(5)})
    assert has_few_files(tmp_path, RULES)
    monkeypatch.setattr(projects, "_MOST_FOUND", 4)
    assert not has_few_files(tmp_path, RULES)
