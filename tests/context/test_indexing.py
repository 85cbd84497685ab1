"""Building the index and keeping it up to date, whatever happens meanwhile."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import IO

import pytest

from codegen_lsp.context import building_lock, database, files, indexing, readers, scanning, writing
from codegen_lsp.context.files import FoundFile, Rules
from codegen_lsp.context.index import Index
from codegen_lsp.context.indexing import BuildProgress, build, command, update
from codegen_lsp.context.reading import Task, reading_of
from codegen_lsp.errors import CodegenError, UsageError
from tests.context.indexed import RULES, index_files, readings_in_process, write


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty workspace, its index in a cache folder of its own."""
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(tmp_path / "cache"))
    folder = tmp_path / "workspace"
    folder.mkdir()
    return folder


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in this process."""
    monkeypatch.setattr(indexing, "readings", readings_in_process)


def names(root: Path) -> list[str]:
    """Names of all symbols in the index, in order."""
    found = Index.open(root)
    return sorted(symbol.name for file in found.files() for symbol in found.symbols_of(file))


def files_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Build; names of the files that were opened for it."""
    read: list[str] = []

    def noting(tasks: Iterator[Task], processes: int) -> Iterator[object]:
        for task, reading in readings_in_process(tasks, processes):
            read.append(task.name)
            yield task, reading

    with monkeypatch.context() as patch:
        patch.setattr(indexing, "readings", noting)
        assert build(root, RULES)
    return sorted(read)


def test_a_build_takes_in_the_code_of_all_folders(root: Path) -> None:
    write(root, {"a.py": "a = 1\n", "b/c/d.go": "package d\n\nfunc D() {}\n"})
    write(root, {"README.md": "# Read me\n", "data.json": "{}", "no_extension": "x = 1\n"})
    told: list[BuildProgress] = []
    assert build(root, RULES, told.append)
    assert Index.open(root).files() == ["a.py", "b/c/d.go"]
    assert names(root) == ["D", "a"]
    assert told[0] == BuildProgress(2, 0, 2, is_finished=False)
    assert told[-1] == BuildProgress(2, 2, 2, is_finished=True)


def test_an_empty_workspace_is_done_at_once(root: Path) -> None:
    assert build(root, RULES)
    assert Index.open(root).state().is_complete


def test_what_has_not_changed_is_not_opened_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, {"a.py": "a = 1\n", "b.py": "b = 1\n"})
    assert files_read(root, monkeypatch) == ["a.py", "b.py"]
    assert files_read(root, monkeypatch) == []
    write(root, {"b.py": "better = 1\n"})
    assert files_read(root, monkeypatch) == ["b.py"]
    assert names(root) == ["a", "better"]


def test_what_was_only_touched_is_not_parsed_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, {"a.py": "a = 1\n"})
    files_read(root, monkeypatch)
    os.utime(root / "a.py", ns=(1, 1))
    monkeypatch.setattr("codegen_lsp.context.reading.extract", None)  # fails where it is called
    assert files_read(root, monkeypatch) == ["a.py"]
    assert files_read(root, monkeypatch) == []
    assert names(root) == ["a"]


@pytest.mark.usefixtures("in_process")
def test_nothing_stays_of_what_was_changed(root: Path) -> None:
    index_files(root, {"a.py": "def peel(banana):\n    return 1\n"})
    index_files(root, {"a.py": "def core(apple):\n    return 1\n"})
    found = Index.open(root)
    assert names(root) == ["core"]
    assert found.search(["banana"], 5) == []
    assert len(found.search(["apple"], 5)) == 1


@pytest.mark.usefixtures("in_process")
def test_what_is_gone_is_taken_out(root: Path) -> None:
    index_files(root, {"a.py": "a = 1\n", "b/c.py": "c = 1\n", "b/d.py": "d = 1\n"})
    (root / "b/c.py").unlink()
    assert build(root, RULES)
    assert Index.open(root).files() == ["a.py", "b/d.py"]
    assert names(root) == ["a", "d"]


@pytest.mark.usefixtures("in_process")
@pytest.mark.usefixtures("in_process")
def test_of_many_files_none_is_passed_over(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "_PAGE", 2)
    names_of_files = [f"f{number}.py" for number in range(7)]
    index_files(root, dict.fromkeys(names_of_files, "x = 1\n"))
    assert Index.open(root).files() == names_of_files
    for name in names_of_files[:5]:
        (root / name).unlink()
    assert build(root, RULES)
    assert Index.open(root).files() == names_of_files[5:]


@pytest.mark.usefixtures("in_process")
def test_what_has_another_size_is_read_whatever_its_time_says(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index_files(root, {"a.py": "a = 1\n", "b.py": "b = 1\n"})
    status = (root / "a.py").stat()
    write(root, {"a.py": "other = 1\n"})
    os.utime(root / "a.py", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert files_read(root, monkeypatch) == ["a.py"]
    assert names(root) == ["b", "other"]


def test_what_was_changed_last_is_read_first(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(root, {"a.py": "", "b.py": "", "c.py": "", "d.py": ""})
    for name, time_s in (("a.py", 10), ("b.py", 30), ("c.py", 20), ("d.py", 20)):
        os.utime(root / name, (time_s, time_s))
    read: list[str] = []

    def noting(tasks: Iterator[Task], processes: int) -> Iterator[object]:
        for task, reading in readings_in_process(tasks, processes):
            read.append(task.name)
            yield task, reading

    monkeypatch.setattr(indexing, "readings", noting)
    assert build(root, RULES)
    assert read == ["b.py", "c.py", "d.py", "a.py"]


def test_what_the_rules_refuse_is_not_in_it(root: Path) -> None:
    index_files(root, {".gitignore": "out/\n", "out/a.py": "a = 1\n", "b.py": "b = 1\n"})
    assert names(root) == ["b"]
    assert build(root, Rules(denied_files=("b.py",)))
    assert names(root) == []
    write(root, {".gitignore": ""})
    assert build(root, RULES)
    assert names(root) == ["a", "b"]


@pytest.mark.usefixtures("in_process")
def test_what_a_walk_did_not_get_to_is_not_gone(root: Path) -> None:
    index_files(root, {"a.py": "a = 1\n", "b.py": "b = 1\n"})
    assert build(root, Rules(max_files=1))
    assert names(root) == ["a", "b"]


@pytest.mark.usefixtures("in_process")
def test_files_that_are_no_text_or_no_code_do_no_harm(root: Path) -> None:
    write(root, {"broken.py": "def (:\n class ]]\n" * 50, "empty.py": "", "blank.py": "\n\n \n"})
    write(root, {"open.js": "function f( { `${", "deep.c": "(" * 5000, "marks.py": "\ufeffx = 1\n"})
    (root / "binary.py").write_bytes(b"x = 1\0\0")
    (root / "latin.py").write_bytes("é = 1\n".encode("latin-1"))
    (root / "link.py").symlink_to(root / "link.py")
    (root / "loop").symlink_to(root)
    assert build(root, RULES)
    assert "x" in names(root)
    assert "link.py" not in Index.open(root).files()


def test_what_changes_while_it_is_read_is_read_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def before_the_change(*_: object) -> Iterator[FoundFile]:
        for found in files.walk(root, RULES):
            yield replace(found, mtime_ns=found.mtime_ns - 1)

    write(root, {"a.py": "a = 1\n"})
    with monkeypatch.context() as patch:
        patch.setattr(indexing, "walk", before_the_change)
        files_read(root, monkeypatch)
    assert files_read(root, monkeypatch) == ["a.py"]
    assert files_read(root, monkeypatch) == []


@pytest.mark.usefixtures("in_process")
def test_what_vanishes_before_it_is_read_does_no_harm(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, {"a.py": "a = 1\n", "b.py": "b = 1\n"})
    found = list(files.walk(root, RULES))
    (root / "a.py").unlink()
    with monkeypatch.context() as patch:
        patch.setattr(indexing, "walk", lambda *_: found)
        assert build(root, RULES)
    assert names(root) == ["b"]


def test_there_must_be_a_folder(root: Path) -> None:
    with pytest.raises(UsageError, match="is not a folder"):
        build(root / "nothing", RULES)


def test_one_build_at_a_time(root: Path) -> None:
    write(root, {"a.py": "a = 1\n"})
    with building_lock.held(database.lock_file(database.database_file(root))) as is_ours:
        assert is_ours
        assert Index.open(root).state().is_building
        assert not build(root, RULES)
    assert not Index.open(root).state().is_building
    assert names(root) == []


@pytest.mark.usefixtures("in_process")
def test_two_workspaces_at_once(root: Path) -> None:
    for name in ("one", "two"):
        write(root / name, {f"{number}.py": f"{name}{number} = 1\n" for number in range(30)})
    with ThreadPoolExecutor(2) as threads:
        assert all(threads.map(lambda name: build(root / name, RULES), ("one", "two")))
    assert names(root / "one") == sorted(f"one{number}" for number in range(30))
    assert names(root / "two") == sorted(f"two{number}" for number in range(30))


def test_a_cache_folder_that_cannot_be_written_is_said(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "file").write_text("")
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(root / "file"))
    with pytest.raises(CodegenError, match="cannot be written"):
        build(root, RULES)
    assert Index.open(root).symbols(["a"], 5) == []
    assert not update(root, [root / "a.py"], RULES)


@pytest.mark.usefixtures("in_process")
def test_a_folder_in_the_place_of_the_index_is_said(root: Path) -> None:
    database.database_file(root).mkdir(parents=True)
    with pytest.raises(CodegenError, match="cannot be written"):
        build(root, RULES)


@pytest.mark.usefixtures("in_process")
def test_a_full_disk_leaves_what_was_there(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index_files(root, {"a.py": "a = 1\n"})
    connect = database._connect

    def nearly_full(file: Path, mode: str, wait_s: float) -> sqlite3.Connection:
        connection = connect(file, mode, wait_s)
        connection.execute(f"PRAGMA max_page_count = {file.stat().st_size // 4096 + 2}")
        return connection

    write(root, {f"{number}.py": f"x{number} = 1\n" * 500 for number in range(20)})
    with monkeypatch.context() as patch:
        patch.setattr(database, "_connect", nearly_full)
        with pytest.raises(CodegenError, match="full"):
            build(root, RULES)
    assert names(root) == ["a"]
    assert build(root, RULES)
    assert "x19" in names(root)


@pytest.mark.usefixtures("in_process")
def test_another_program_that_keeps_writing_is_said(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index_files(root, {"a.py": "a = 1\n"})
    monkeypatch.setattr(indexing, "_WAIT_S", 0.05)
    monkeypatch.setattr(indexing, "_UPDATE_WAIT_S", 0.05)
    write(root, {"b.py": "b = 1\n"})
    with closing(sqlite3.connect(database.database_file(root), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CodegenError, match="locked"):
            build(root, RULES)
        assert not update(root, [root / "b.py"], RULES)
        other.execute("ROLLBACK")
    assert names(root) == ["a"]
    assert update(root, [root / "b.py"], RULES)
    assert names(root) == ["a", "b"]


READER = """
import os, sys, time
from codegen_lsp.context import reader
read_file = reader.read_file
def hostile(task):
    if task.name == "deadly.py":
        os._exit(1)
    if task.name == "endless.py":
        time.sleep(600)
    return read_file(task)
reader.read_file = hostile
reader.main()
"""


def test_a_file_that_kills_or_hangs_its_reader_is_left_out_until_the_next_build(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = {f"{number}.py": f"x{number} = 1\n" for number in range(5)}
    write(root, good | {"deadly.py": "deadly = 1\n", "endless.py": "endless = 1\n"})
    with monkeypatch.context() as patch:
        patch.setattr(readers, "_COMMAND", (sys.executable, "-c", READER))
        patch.setattr(readers, "LONGEST_S", 5.0)
        assert build(root, RULES)
    assert names(root) == ["x0", "x1", "x2", "x3", "x4"]
    assert build(root, RULES)
    assert names(root) == ["deadly", "endless", "x0", "x1", "x2", "x3", "x4"]


@pytest.mark.parametrize("program", ["raise SystemExit(1)", "print('hello')"])
def test_readers_that_do_not_start_are_said(
    root: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    write(root, {"a.py": "a = 1\n"})
    monkeypatch.setattr(readers, "_COMMAND", (sys.executable, "-c", program))
    with pytest.raises(CodegenError, match="died at its start"):
        build(root, RULES)
    assert not Index.open(root).state().is_complete


def start_build(root: Path, rules: Rules = RULES) -> subprocess.Popen[bytes]:
    """A build as a process, which goes on until its standard input is closed."""
    pipe = subprocess.PIPE
    return subprocess.Popen(command(root, rules), stdin=pipe, stdout=pipe, stderr=pipe)


def output(stream: IO[bytes] | None) -> IO[bytes]:
    """A stream of a process that has a pipe for it."""
    assert stream is not None
    return stream


def test_a_build_as_a_process_tells_how_far_it_is(root: Path) -> None:
    write(root, {"a.py": "a = 1\n", "b.py": "b = 1\n"})
    with start_build(root) as process:
        lines = [json.loads(line) for line in output(process.stdout)]
        assert output(process.stderr).read() == b""
    assert process.returncode == 0
    assert lines[-1] == {"found": 2, "done": 2, "to_do": 2, "is_finished": True}
    assert names(root) == ["a", "b"]


def test_a_build_as_a_process_says_what_is_wrong(root: Path) -> None:
    with start_build(root / "nothing") as process:
        said = output(process.stderr).read()
    assert process.returncode == UsageError.exit_status
    assert b"is not a folder" in said


def test_a_build_as_a_process_obeys_the_rules(root: Path) -> None:
    write(root, {"a.py": "a = 1\n", "b.py": "b = 1\n"})
    with start_build(root, Rules(denied_files=("-c.py", "a.py"))) as process:
        output(process.stdout).read()
    assert names(root) == ["b"]


def test_a_build_as_a_process_ends_with_its_parent(root: Path) -> None:
    index_files(root, {"a.py": "a = 1\n"})
    write(root, {"b.py": "b = 1\n"})
    with closing(sqlite3.connect(database.database_file(root), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # what the build waits for, longer than this test
        with start_build(root) as process:
            assert output(process.stdout).readline()
            output(process.stdin).close()
            assert process.wait(timeout=20) == 0
        other.execute("ROLLBACK")
    assert build(root, RULES)
    assert names(root) == ["a", "b"]


@pytest.mark.skipif(sys.platform == "win32", reason="kills as Unix does")
def test_a_killed_build_leaves_a_good_index_and_the_next_does_the_rest(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 5 * indexing.BATCH
    write(root, {f"{number}.py": f"x{number} = 1\n" for number in range(count)})
    with start_build(root) as process:
        for line in output(process.stdout):
            if json.loads(line)["done"] >= indexing.BATCH:
                process.send_signal(signal.SIGKILL)
                break
    done = len(names(root))
    assert indexing.BATCH <= done < count
    assert not Index.open(root).state().is_complete
    assert len(files_read(root, monkeypatch)) == count - done
    assert names(root) == sorted(f"x{number}" for number in range(count))


def test_an_interrupted_build_keeps_what_it_has_written(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(tasks: Iterator[Task], processes: int) -> Iterator[object]:
        for number, result in enumerate(readings_in_process(tasks, processes)):
            if number == indexing.BATCH + 5:
                raise KeyboardInterrupt
            yield result

    count = 2 * indexing.BATCH
    write(root, {f"{number}.py": f"x{number} = 1\n" for number in range(count)})
    with monkeypatch.context() as patch:
        patch.setattr(indexing, "readings", interrupted)
        with pytest.raises(KeyboardInterrupt):
            build(root, RULES)
    assert len(names(root)) == indexing.BATCH
    assert len(files_read(root, monkeypatch)) == count - indexing.BATCH


@pytest.fixture
def small(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with an index."""
    monkeypatch.setattr(indexing, "readings", readings_in_process)
    index_files(root, {"a.py": "a = 1\n", "b/c.py": "c = 1\n", "b/d/e.py": "e = 1\n"})
    return root


def test_an_update_takes_in_what_is_new_and_what_has_changed(small: Path) -> None:
    write(small, {"a.py": "a2 = 1\n", "f.py": "f = 1\n"})
    assert update(small, [small / "a.py", small / "f.py"], RULES)
    assert names(small) == ["a2", "c", "e", "f"]


def test_what_an_update_has_read_a_build_does_not_open(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(small, {"a.py": "a2 = 1\n"})
    assert update(small, [small / "a.py"], RULES)
    assert files_read(small, monkeypatch) == []


def test_an_update_takes_out_what_is_gone(small: Path) -> None:
    (small / "a.py").unlink()
    assert update(small, [small / "a.py"], RULES)
    assert names(small) == ["c", "e"]


def test_an_update_takes_out_a_folder_that_is_gone(small: Path) -> None:
    write(small, {"b0.py": "b0 = 1\n", "bc/x.py": "x = 1\n"})
    assert build(small, RULES)
    (small / "b").rename(small.parent / "elsewhere")
    assert update(small, [small / "b"], RULES)
    assert names(small) == ["a", "b0", "x"]


def test_an_update_leaves_a_folder_that_is_there(small: Path) -> None:
    assert update(small, [small / "b", small], RULES)
    assert names(small) == ["a", "c", "e"]


def test_an_update_takes_only_what_the_rules_allow(small: Path) -> None:
    write(small, {".gitignore": "f.py\n", "f.py": "f = 1\n", ".env": "g = 1\n", "h.txt": "h = 1\n"})
    write(small.parent, {"outside.py": "outside = 1\n"})
    (small / "link.py").symlink_to(small.parent / "outside.py")
    paths = [small / name for name in ("f.py", ".env", "h.txt", "link.py", "../outside.py")]
    assert update(small, paths, RULES)
    assert names(small) == ["a", "c", "e"]


def test_an_update_takes_out_what_is_refused_now(small: Path) -> None:
    write(small, {"a.py": "# @generated by a program\na = 1\n"})
    assert update(small, [small / "a.py"], RULES)
    assert names(small) == ["c", "e"]


def test_an_update_without_an_index_waits_for_a_build(root: Path) -> None:
    write(root, {"a.py": "a = 1\n"})
    assert not update(root, [root / "a.py"], RULES)
    assert not database.database_file(root).exists()


def test_an_update_of_a_damaged_index_has_the_next_build_begin_anew(small: Path) -> None:
    file = database.database_file(small)
    content = file.read_bytes()
    file.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))
    write(small, {"a.py": "a2 = 1\n"})
    assert not update(small, [small / "a.py"], RULES)
    assert not Index.open(small).state().is_complete
    assert build(small, RULES)
    assert names(small) == ["a2", "c", "e"]


def test_what_somebody_else_put_in_meanwhile_stays(small: Path) -> None:
    connection = database.open_for_updating(database.database_file(small), 1.0)
    assert connection is not None
    with closing(connection):
        known = writing.known_digest(connection, "a.py")
        stale = Task(small / "a.py", "a.py", 1, 1, known)
        write(small, {"a.py": "newer = 1\n"})
        assert update(small, [small / "a.py"], RULES)
        writing.store(connection, [(stale, reading_of(stale, "older = 1\n"))])
    assert names(small) == ["c", "e", "newer"]
