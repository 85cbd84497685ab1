"""Reading repositories, odd and hostile ones included."""

import os
import sys
from pathlib import Path

import pytest

from codegen_lsp.errors import UsageError
from finetune.git import (
    attributes,
    commit_of,
    contents,
    first_commit,
    prefix_of,
    tracked_files,
)
from finetune.git_commands import reading
from tests.finetune.repositories import commit, git

posix = pytest.mark.skipif(sys.platform == "win32", reason="names and links of POSIX")


@pytest.mark.parametrize("is_there", [True, False])
def test_a_folder_that_is_no_repository_is_refused(tmp_path: Path, *, is_there: bool) -> None:
    folder = tmp_path / "plain"
    if is_there:
        folder.mkdir()
    with pytest.raises(UsageError, match=r"git init|name the folder") as refusal:
        commit_of(folder)
    assert "\n" not in str(refusal.value)
    assert str(folder) in str(refusal.value)


def test_a_repository_without_a_commit_is_refused(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    with pytest.raises(UsageError, match="without a commit"):
        commit_of(tmp_path)


def test_an_unknown_revision_is_refused(tmp_path: Path) -> None:
    commit(tmp_path, {"a.py": "a = 1\n"})
    for revision in ("nowhere", "--all", ""):
        with pytest.raises(UsageError, match="has no revision"):
            commit_of(tmp_path, revision)


def test_files_are_those_of_the_commit_not_of_the_work_tree(tmp_path: Path) -> None:
    first = commit(tmp_path, {"a.py": "old\n", "b/c.py": "c\n"})
    commit(tmp_path, {"a.py": "new\n", "d.py": "d\n"})
    (tmp_path / "untracked.py").write_text("x = 1\n", encoding="utf-8")
    (tmp_path / "a.py").write_text("dirty\n", encoding="utf-8")
    before = git(tmp_path, "status", "--porcelain")
    found = tracked_files(tmp_path, first)
    assert [file.path for file in found] == ["a.py", "b/c.py"]
    assert list(contents(tmp_path, [file.blob for file in found])) == [b"old\n", b"c\n"]
    attributes(tmp_path, first, ["a.py"], ["text"])
    assert git(tmp_path, "status", "--porcelain") == before


def test_paths_below_a_folder_of_a_repository_start_there(tmp_path: Path) -> None:
    last = commit(tmp_path, {"a.py": "a\n", "lib/b.py": "b\n"})
    assert [file.path for file in tracked_files(tmp_path / "lib", last)] == ["b.py"]


def test_some_files_may_be_asked_for(tmp_path: Path) -> None:
    last = commit(tmp_path, {"a.py": "a\n", "lib/b.py": "b\n", "lib/c.py": "c\n"})
    found = tracked_files(tmp_path, last, only=["lib/c.py", "gone.py"])
    assert [file.path for file in found] == ["lib/c.py"]


@posix
def test_odd_names_links_and_submodules(tmp_path: Path) -> None:
    other = tmp_path / "other"
    commit(other, {"inner.py": "x\n"})
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "link.py").symlink_to("a.py")
    (folder / os.fsdecode(b"latin\xe9.py")).write_text("x\n", encoding="utf-8")
    git(folder, "init", "--quiet")
    git(folder, "-c", "protocol.file.allow=always", "submodule", "add", "--quiet", str(other))
    names = ['a b "c".py', "größe.py", "new\nline.py", "tab\t.py"]
    last = commit(folder, dict.fromkeys(names, "x\n"))
    found = [file.path for file in tracked_files(folder, last) if file.path != ".gitmodules"]
    assert found == sorted(names)
    said = attributes(folder, last, found, ["linguist-vendored"])
    assert said == {}


def test_the_folder_decides_which_repository_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, other = tmp_path / "asked", tmp_path / "other"
    last = commit(folder, {"a.py": "a\n"})
    commit(other, {"b.py": "b\n"})
    # As git sets them for a hook, out of which a command may be run.
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(other / ".git" / "objects"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))
    assert commit_of(folder) == last
    assert [file.path for file in tracked_files(folder, last)] == ["a.py"]


def test_where_a_folder_lies_in_its_repository(tmp_path: Path) -> None:
    commit(tmp_path / "shop", {"größe/b c/x.py": "x\n"})
    assert prefix_of(tmp_path / "shop") == ""
    assert prefix_of(tmp_path / "shop" / "größe" / "b c") == "größe/b c/"


def test_attributes_are_those_of_the_commit(tmp_path: Path) -> None:
    rules = "*.js linguist-vendored\nown.js -linguist-vendored\nx.py linguist-generated=true\n"
    first = commit(tmp_path, {".gitattributes": rules, "a.js": "", "own.js": "", "x.py": ""})
    commit(tmp_path, {".gitattributes": ""})
    said = attributes(
        tmp_path, first, ["a.js", "own.js", "x.py"], ["linguist-vendored", "linguist-generated"]
    )
    assert said == {
        ("a.js", "linguist-vendored"): "set",
        ("own.js", "linguist-vendored"): "unset",
        ("x.py", "linguist-generated"): "true",
    }


@posix
def test_no_program_that_a_repository_names_is_run(tmp_path: Path) -> None:
    folder, mark = tmp_path / "repository", tmp_path / "ran"
    script = tmp_path / "script"
    script.write_text(f"#!/bin/sh\ntouch {mark}\ncat\n", encoding="utf-8")
    script.chmod(0o755)
    first = commit(folder, {"a.py": "a\n", ".gitattributes": "*.py diff=odd filter=odd\n"})
    last = commit(folder, {"a.py": "b\n"})
    for key in ("core.fsmonitor", "diff.odd.textconv", "diff.external", "core.pager"):
        git(folder, "config", key, str(script))
    git(folder, "config", "filter.odd.smudge", str(script))
    hooks = folder / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-index-change", "post-checkout", "reference-transaction"):
        (hooks / name).write_bytes(script.read_bytes())
        (hooks / name).chmod(0o755)
    files = tracked_files(folder, commit_of(folder))
    assert list(contents(folder, [file.blob for file in files]))[1] == b"b\n"
    attributes(folder, last, ["a.py"], ["diff"])
    with reading(folder, "diff", "--no-ext-diff", "--no-textconv", first, last, "--") as output:
        assert b"+b\n" in list(output)
    assert not mark.exists()


def test_a_command_that_fails_says_so_and_one_cut_short_does_not(tmp_path: Path) -> None:
    commit(tmp_path, {"a.py": "a\n" * 100_000})
    with pytest.raises(UsageError, match="git log failed"), reading(tmp_path, "log", "x") as output:
        assert list(output) == []
    with reading(tmp_path, "show", "HEAD") as output:
        assert next(output).startswith(b"commit")


def test_a_missing_object_is_told(tmp_path: Path) -> None:
    commit(tmp_path, {"a.py": "a\n"})
    with pytest.raises(UsageError, match="lacks the object"):
        list(contents(tmp_path, ["0" * 40]))


@posix
def test_a_path_that_leads_out_of_a_checkout_is_passed_over(tmp_path: Path) -> None:
    commit(tmp_path, {"a.py": "a\n"})
    blob = git(tmp_path, "rev-parse", "HEAD:a.py")
    tree = tmp_path / "tree"
    tree.write_bytes(b"100644 ..\0" + bytes.fromhex(blob))
    made = git(tmp_path, "hash-object", "--literally", "-t", "tree", "-w", str(tree))
    assert tracked_files(tmp_path, made) == []


def test_a_history_is_known_by_its_beginning(tmp_path: Path) -> None:
    began = commit(tmp_path / "a", {"x": "1"})
    commit(tmp_path / "a", {"x": "2"})
    other = commit(tmp_path / "b", {"y": "1"})
    git(tmp_path / "a", "fetch", "--quiet", str(tmp_path / "b"))
    git(tmp_path / "a", "merge", "--quiet", "--allow-unrelated-histories", "--message=x", other)
    assert first_commit(tmp_path / "a") == began
    assert first_commit(tmp_path / "b") == other
    assert first_commit(tmp_path) is None
