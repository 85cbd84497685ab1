"""What counts as added."""

from pathlib import Path

import pytest

from codegen_lsp.errors import UsageError
from finetune.history import added_lines, commit_before, commit_before_newest, date_of
from tests.finetune.repositories import commit, git, module

OLD = "def first():\n    return compute_the_first(1)\n\n\ndef second():\n    return 2\n"


def test_added_and_changed_lines_count(tmp_path: Path) -> None:
    since = commit(tmp_path, {"a.py": OLD, "gone.py": "x = 1\n"})
    (tmp_path / "gone.py").unlink()
    until = commit(tmp_path, {"a.py": OLD.replace("2\n", "20\n") + "x = 1\n", "new.py": "n = 1\n"})
    assert added_lines(tmp_path, since, until) == {"a.py": [6, 7], "new.py": [1]}


def test_renames_copies_white_space_and_moved_lines_do_not_count(tmp_path: Path) -> None:
    since = commit(tmp_path, {"a.py": OLD, "b.py": module("b"), "c.py": module("c")})
    git(tmp_path, "mv", "b.py", "renamed.py")
    wider = OLD.replace("    ", "        ").replace("def first", "\ndef first")
    moved = "        return compute_the_first(1)\n"
    until = commit(
        tmp_path,
        {"a.py": wider.replace(moved, "        pass\n"), "c.py": module("c") + moved},
    )
    added = added_lines(tmp_path, since, until)
    assert "renamed.py" not in added
    assert "c.py" not in added
    assert "def first" not in {wider.split("\n")[number - 1] for number in added["a.py"]}
    assert any("pass" in wider.replace(moved, "pass\n").split("\n")[n - 1] for n in added["a.py"])


def test_lines_that_look_like_a_diff_are_lines(tmp_path: Path) -> None:
    since = commit(tmp_path, {"a.py": "x\n-- y\n", "b.py": "b\n"})
    until = commit(tmp_path, {"a.py": "x\n++ b/c.py\n@@ -1 +1 @@\n", "b.py": "b\nno newline"})
    assert added_lines(tmp_path, since, until) == {"a.py": [2, 3], "b.py": [2]}


def test_settings_of_the_user_change_nothing(tmp_path: Path) -> None:
    since = commit(tmp_path, {"a.py": OLD})
    until = commit(tmp_path, {"a.py": OLD + "x = 1\n"})
    for key, value in (
        ("diff.noprefix", "true"),
        ("color.ui", "always"),
        ("diff.interHunkContext", "50"),
        ("log.showSignature", "true"),
    ):
        git(tmp_path, "config", key, value)
    assert added_lines(tmp_path, since, until) == {"a.py": [7]}
    assert commit_before_newest(tmp_path, until, 1, lambda path: True) == since


def test_since_is_a_revision_or_a_date(tmp_path: Path) -> None:
    first = commit(tmp_path, {"a.py": OLD}, "2026-01-01T12:00:00+00:00")
    second = commit(tmp_path, {"b.py": OLD}, "2026-02-01T12:00:00+00:00")
    assert commit_before(tmp_path, first[:10]) == first
    assert commit_before(tmp_path, "HEAD~1") == first
    assert commit_before(tmp_path, "2026-01-15") == first
    assert commit_before(tmp_path, "2026-02-02T00:00:00+00:00") == second
    assert date_of(tmp_path, first) == "2026-01-01T12:00:00+00:00"
    with pytest.raises(UsageError, match="no commit by"):
        commit_before(tmp_path, "2025-12-31")
    with pytest.raises(UsageError, match="neither a revision"):
        commit_before(tmp_path, "last tuesday")


def test_the_newest_lines_that_are_enough(tmp_path: Path) -> None:
    commits = [commit(tmp_path, {f"{n}.py": "x = 1\n" * 10, f"{n}.txt": "x\n" * 99}) for n in "abc"]

    def before(lines: int) -> str | None:
        return commit_before_newest(tmp_path, commits[2], lines, lambda path: path.endswith(".py"))

    assert before(10) == commits[1]
    assert before(11) == commits[0]
    assert before(21) is None  # that many are in the first one only, which nothing precedes
    assert before(31) is None


def test_merged_lines_count_where_they_were_merged(tmp_path: Path) -> None:
    first = commit(tmp_path, {"a.py": OLD})
    git(tmp_path, "checkout", "--quiet", "-b", "side")
    commit(tmp_path, {"side.py": module("side")})
    git(tmp_path, "checkout", "--quiet", "main")
    commit(tmp_path, {"b.py": "b = 1\n"})
    git(tmp_path, "merge", "--quiet", "--no-edit", "side")
    merged = git(tmp_path, "rev-parse", "HEAD")
    parent = git(tmp_path, "rev-parse", "HEAD^1")
    assert commit_before_newest(tmp_path, merged, 20, lambda path: True) == parent
    assert first != parent


def test_only_what_is_below_the_folder_counts(tmp_path: Path) -> None:
    since = commit(tmp_path, {"lib/a.py": OLD, "b.py": "b = 1\n"})
    middle = commit(tmp_path, {"lib/a.py": OLD + "x = 1\n"})
    until = commit(tmp_path, {"b.py": module("b")})
    assert added_lines(tmp_path / "lib", since, until) == {"a.py": [7]}
    assert commit_before_newest(tmp_path / "lib", until, 1, lambda path: True) == since
    assert commit_before_newest(tmp_path, until, 1, lambda path: True) == middle
