"""What is remembered of folders and settings files, and when it is read again."""

import os
from pathlib import Path

import pytest

from codegen_lsp.context.imports.folders import Listing, Look, folders_below, listing, scanned
from codegen_lsp.context.imports.settings import LARGEST_SETTINGS, json_table, parsed, toml_table
from tests.context.projects import write

LONG_AGO = 1_000_000_000


def age(path: Path, seconds: int = LONG_AGO) -> None:
    """Sets the time of `path`, of which a change must not stay unseen by chance."""
    os.utime(path, (seconds, seconds))


class Counting:
    """Parses, and counts how often."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, text: str) -> str:
        self.calls += 1
        return text


def test_a_file_is_parsed_once_until_it_changes(tmp_path: Path) -> None:
    path, parse = tmp_path / "a.json", Counting()
    write(tmp_path, {"a.json": "one"})
    age(path)
    assert [parsed(path, parse), parsed(path, parse), parse.calls] == ["one", "one", 1]
    write(tmp_path, {"a.json": "two"})
    age(path, LONG_AGO + 1)
    assert [parsed(path, parse), parsed(path, parse), parse.calls] == ["two", "two", 2]
    path.unlink()
    assert parsed(path, parse) is None


def test_a_file_that_changed_just_now_may_change_again_within_the_same_tick(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    for text in ("one", "two", "six"):
        write(tmp_path, {"a.json": text})
        assert parsed(path, str) == text


def test_files_that_are_none_or_too_large(tmp_path: Path) -> None:
    write(tmp_path, {"large": "x" * (LARGEST_SETTINGS + 1), "folder/x": ""})
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    os.mkfifo(tmp_path / "pipe")
    for name in ("large", "folder", "bytes", "pipe", "missing", "a\0b"):
        assert parsed(tmp_path / name, str) is None


def test_a_folder_is_listed_in_order_and_without_links(tmp_path: Path) -> None:
    write(tmp_path, ["b.py", "a.py", "d/x", "c/x"])
    (tmp_path / "link.py").symlink_to(tmp_path / "a.py")
    (tmp_path / "link").symlink_to(tmp_path / "c")
    assert listing(tmp_path) == Listing(("c", "d"), ("a.py", "b.py"))
    assert listing(tmp_path / "missing") == Listing()


def test_a_folder_of_thousands_is_taken_for_empty(tmp_path: Path) -> None:
    write(tmp_path, [f"{number}" for number in range(2001)])
    assert listing(tmp_path) == Listing()


def test_folders_near_the_root(tmp_path: Path) -> None:
    write(tmp_path, ["a/b/c/d/e", "node_modules/x/y", ".git/x", "env/pyvenv.cfg", "env/lib/x"])
    found = [
        folder.relative_to(tmp_path).as_posix() for folder, _ in folders_below(tmp_path, listing)
    ]
    assert found == [".", "a", "a/b", "a/b/c"]


def test_of_very_many_folders_the_upper_ones_count(tmp_path: Path) -> None:
    write(tmp_path, [f"{number:03}/deep/x" for number in range(150)])
    found = [folder for folder, _ in folders_below(tmp_path, listing)]
    assert len(found) == 200
    assert tmp_path / "149" in found


def test_a_scan_is_repeated_when_a_folder_that_it_saw_changes(tmp_path: Path) -> None:
    write(tmp_path, ["a/x", "b/x"])
    scans = []

    def scan(root: Path, look: Look) -> list[str]:
        scans.append(root)
        return [name for folder in ("a", "missing") for name in look(root / folder).files]

    age(tmp_path / "a")
    assert [scanned(tmp_path, scan), scanned(tmp_path, scan), len(scans)] == [["x"], ["x"], 1]
    write(tmp_path, ["b/y"])
    assert [scanned(tmp_path, scan), len(scans)] == [["x"], 1]
    write(tmp_path, ["a/y"])
    age(tmp_path / "a", LONG_AGO + 1)
    assert [scanned(tmp_path, scan), len(scans)] == [["x", "y"], 2]
    write(tmp_path, ["missing/z"])
    assert scanned(tmp_path, scan) == ["x", "y", "z"]


def test_json_of_editors() -> None:
    text = '{"a": "// no", /* one */ "b": [1, 2, ], // two\n "c": "x\\",}",}'
    assert json_table(text) == {"a": "// no", "b": [1, 2], "c": 'x",}'}


@pytest.mark.parametrize(
    "text", ["a" + ".a" * 20 + " = 1", '"a"' + '. "a"' * 20 + " = 1", "a = '" + "x" * 70_000 + "'"]
)
def test_toml_that_would_take_long_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="more than"):
        toml_table(text)


def test_toml_of_projects() -> None:
    version = "1.2.3.4.5.6.7.8"
    assert toml_table(f'[a.b.c]\nd.e = "{version}"\n') == {"a": {"b": {"c": {"d": {"e": version}}}}}
