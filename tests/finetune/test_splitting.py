"""What is learnt, and what is held out."""

from pathlib import Path

import pytest

from codegen_lsp.errors import UsageError
from finetune.splitting import Split, check, split
from tests.finetune.repositories import commit, module

MODULES = {f"shop/m{n}.py": module(f"m{n}", 12) for n in range(20)}
TESTS = {f"tests/test_m{n}.py": module(f"check_m{n}", 8) for n in range(8)}


def paths(found: Split) -> tuple[list[str], list[str]]:
    return [file.path for file in found.train], [each.file.path for each in found.held_out]


def test_one_commit_is_split_by_file_tests_as_well_as_code(tmp_path: Path) -> None:
    last = commit(tmp_path, MODULES | TESTS)
    found = split(tmp_path, seed=3, cases=10)
    train, held_out = paths(found)
    assert (found.kind, found.commit) == ("file", last)
    assert sorted(train + held_out) == sorted(MODULES | TESTS)
    assert any(path.startswith("tests/") for path in held_out)
    assert any(path.startswith("shop/") for path in held_out)
    size = sum(len(each.file.text) for each in found.held_out)
    assert 0.08 < size / sum(map(len, (MODULES | TESTS).values())) < 0.25
    assert paths(split(tmp_path, seed=3, cases=10)) == (train, held_out)
    assert paths(split(tmp_path, seed=4, cases=10)) != (train, held_out)


def test_no_near_duplicate_is_on_both_sides_of_a_split_by_file(tmp_path: Path) -> None:
    copies = {f"copies/c{n}.py": f"X = {n}\n{module(f'm{n}', 12)}" for n in range(20)}
    commit(tmp_path, MODULES | copies)
    found = split(tmp_path, cases=10)
    names = {path.split("/")[1][1:] for path in paths(found)[0]}
    assert names.isdisjoint(path.split("/")[1][1:] for path in paths(found)[1])
    reasons = {each.path: each.reason for each in found.rejected}
    assert reasons["shop/m3.py"] == "near-duplicate of copies/c3.py"
    assert len(reasons) == 20


def test_enough_history_is_split_by_time(tmp_path: Path) -> None:
    since = commit(tmp_path, MODULES)
    grown = MODULES["shop/m1.py"] + "\n" + module("grown", 6)
    until = commit(tmp_path, {"shop/m1.py": grown, "shop/new.py": module("new", 24)})
    found = split(tmp_path, cases=10)
    assert (found.kind, found.commit, found.until) == ("time", since, until)
    assert paths(found) == (sorted(MODULES), ["shop/m1.py", "shop/new.py"])
    old = next(file.text for file in found.train if file.path == "shop/m1.py")
    assert "grown" not in old
    changed = found.held_out[0]
    assert all("grown" in changed.file.text[start:end] for start, end in changed.places)
    assert {place for each in found.held_out for place in each.places}


def test_too_little_news_is_no_split_by_time(tmp_path: Path) -> None:
    commit(tmp_path, MODULES)
    commit(tmp_path, {"shop/new.py": "x = 1\n"})
    assert split(tmp_path, cases=10).kind == "file"


def test_little_that_is_old_is_no_split_by_time(tmp_path: Path) -> None:
    commit(tmp_path, {"first.py": "x = 1\n"})
    commit(tmp_path, MODULES)
    assert split(tmp_path, cases=10).kind == "file"


def test_what_is_learnt_is_not_near_to_what_came_later(tmp_path: Path) -> None:
    since = commit(tmp_path, MODULES)
    copy = MODULES["shop/m2.py"].replace("Tell m2 number", "Say which one of m2 it is:")
    commit(tmp_path, {"shop/later.py": copy})
    found = split(tmp_path, since)
    assert "shop/m2.py" not in paths(found)[0]
    reason = {each.path: each.reason for each in found.rejected}["shop/m2.py"]
    assert reason == "near-duplicate of held-out shop/later.py"


def test_the_split_can_be_asked_for(tmp_path: Path) -> None:
    since = commit(tmp_path, MODULES, "2026-01-01T12:00:00+00:00")
    commit(tmp_path, {"shop/new.py": "x = 1\n"}, "2026-02-01T12:00:00+00:00")
    for name in (since, "2026-01-10", "HEAD~1"):
        found = split(tmp_path, name)
        assert (found.kind, found.commit, paths(found)[1]) == ("time", since, ["shop/new.py"])
        check(found, tmp_path)
    with pytest.raises(UsageError, match="no new code was added"):
        check(split(tmp_path, "HEAD"), tmp_path)


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"README.md": "# x\n"}, "no code to learn"),
        ({"a.py": "x = 1\n"}, "only a.py"),
        ({"a.py": "x = 1\n", "b.py": "x = 1\n"}, "only a.py"),
    ],
)
def test_too_little_is_said_to_be(tmp_path: Path, files: dict[str, str], complaint: str) -> None:
    commit(tmp_path, files)
    found = split(tmp_path)
    with pytest.raises(UsageError, match=complaint) as refusal:
        check(found, tmp_path)
    assert "\n" not in str(refusal.value)


def test_of_two_files_one_is_held_out(tmp_path: Path) -> None:
    commit(tmp_path, {"a.py": module("a"), "b.py": module("b", 2)})
    assert paths(split(tmp_path)) == (["a.py"], ["b.py"])


def test_denied_files_are_in_neither_part(tmp_path: Path) -> None:
    commit(tmp_path, MODULES)
    train, held_out = paths(split(tmp_path, cases=10, denied=["m1*.py"]))
    assert sorted(train + held_out) == sorted(path for path in MODULES if "/m1" not in path)
