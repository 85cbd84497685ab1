"""Building the index of a workspace, and keeping it up to date.

`python -m codegen_lsp.context.indexing ROOT` builds in a process of its own, of low priority:
progress comes on its standard output, one JSON object a line, and it ends when its standard input
does. However a build ends, what it has written stays, and the next one does the rest.
"""

import argparse
import json
import logging
import os
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from codegen_lsp.context import building_lock, database, orphans, writing
from codegen_lsp.context.files import Rules, read, walk
from codegen_lsp.context.packing import DamagedChunkError
from codegen_lsp.context.readers import lower_priority, readings
from codegen_lsp.context.reading import Reading, Task, is_code, reading_of
from codegen_lsp.context.scanning import Scan, gone, scan, tasks
from codegen_lsp.errors import CodegenError, UsageError

PROCESSES = 2
"""Most processes that read for a build."""

BATCH = 200
"""Files in a transaction, after each of which a build can be taken up again."""

_BATCH_BYTES = 4_000_000
_WAIT_S = 30.0
_UPDATE_WAIT_S = 5.0
_REMOVING_S = 5.0
_FIRST_COUNT = 500

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BuildProgress:
    """How far a build is.

    Attributes:
        found: files of the workspace that belong in the index.
        done: files that were read because they are new or have changed.
        to_do: files to read; None while files are still being looked for.
        is_finished: nothing is left to do.
    """

    found: int
    done: int
    to_do: int | None
    is_finished: bool


Report = Callable[[BuildProgress], None]


def build(root: Path, rules: Rules, report: Report = lambda progress: None) -> bool:
    """Bring the index of the workspace at `root` up to date, all of it.

    Indexes of workspaces that are gone are removed meanwhile.
    Files whose size and time of change are as they were are not opened; those whose text is as it
    was are not parsed.

    Args:
        root: the workspace's folder.
        rules: which files may be read.
        report: told how far it is, a few times a second at most.

    Returns:
        False where another process is at it: then nothing has been done.

    Raises:
        UsageError: `root` is no folder.
        CodegenError: the index cannot be written; what is in it can be read as before.
    """
    if not root.is_dir():
        raise UsageError(f"{root} is not a folder; an index is built of one")
    file = database.database_file(root)
    try:
        with building_lock.held(database.lock_file(file)) as is_ours:
            if is_ours:
                removing = orphans.start_removing(file)
                _build_or_rebuild(file, root, rules, report)
                removing.join(_REMOVING_S)
            return is_ours
    except (sqlite3.Error, OSError, NotImplementedError) as error:
        raise CodegenError(f"the index of {root} cannot be written to {file}: {error}") from error


def update(root: Path, paths: Sequence[Path], rules: Rules) -> bool:
    """Bring the index up to date for a few `paths`: saved, made, moved or deleted.

    Reads in this process; for more than some hundred, `build` is quicker.

    Args:
        root: the workspace's folder.
        paths: of files; for a deleted folder its own is enough.
        rules: which files may be read.

    Returns:
        False where there is no index to write to, or not for now; a build makes up for it.
    """
    file = database.database_file(root)
    try:
        connection = database.open_for_updating(file, _UPDATE_WAIT_S)
        if connection is None:
            return False
        with closing(connection):
            for path in paths:
                _update_one(connection, root, path, rules)
    except (sqlite3.Error, DamagedChunkError, OSError) as error:
        _logger.warning("the index %s cannot be updated: %s", file.name, error)
        if database.is_damage(error):
            database.report_damage(file)
        return False
    return True


def command(root: Path, rules: Rules) -> list[str]:
    """The command that builds the index of `root` in a process of its own."""
    # -P: a module in the current folder, which may be anyone's project, is not run.
    options = [f"--deny={pattern}" for pattern in rules.denied_files]
    return [sys.executable, "-P", "-m", "codegen_lsp.context.indexing", *options, "--", str(root)]


def _build_or_rebuild(file: Path, root: Path, rules: Rules, report: Report) -> None:
    """Build into what is there; where that turns out to be damaged, from nothing."""
    try:
        _build(file, root, rules, report)
    except (sqlite3.Error, DamagedChunkError) as error:
        if not database.is_damage(error):
            raise
        _logger.warning("the index of %s is damaged and built anew: %s", root, error)
        database.remove(file)
        _build(file, root, rules, report)


def _build(file: Path, root: Path, rules: Rules, report: Report) -> None:
    limits: list[str] = []
    with closing(database.open_for_building(file, root, _WAIT_S)) as connection:
        found = scan(
            connection,
            walk(root, rules, limits.append),
            lambda found: report(BuildProgress(found, 0, None, is_finished=False)),
        )
        if limits:  # what was not looked at is not gone
            _logger.warning("%s", limits[0])
        else:
            for names in gone(connection):
                writing.forget(connection, names)
        if found.to_do:
            _read(connection, root, found, report)
        writing.finish(connection)
        report(BuildProgress(found.found, found.to_do, found.to_do, is_finished=True))


def _read(connection: sqlite3.Connection, root: Path, found: Scan, report: Report) -> None:
    done, next_count = 0, _FIRST_COUNT
    # The real path, as the walk has it: a link on the way may be turned elsewhere meanwhile.
    tasks_to_do = tasks(connection, root.resolve())
    with closing(readings(tasks_to_do, min(PROCESSES, os.cpu_count() or 1))) as results:
        for batch in _batches(results):
            report(BuildProgress(found.found, done, found.to_do, is_finished=False))
            writing.store(connection, batch)
            done += len(batch)
            if done >= next_count:
                writing.note_frequent_words(connection)
                next_count = 2 * done
    writing.note_frequent_words(connection)


def _batches(
    results: Iterable[tuple[Task, Reading | None]],
) -> Iterator[list[tuple[Task, Reading | None]]]:
    """`results` in portions that one transaction can take quickly."""
    batch: list[tuple[Task, Reading | None]] = []
    for task, reading in results:
        batch.append((task, reading))
        if len(batch) == BATCH or sum(each.size for each, _ in batch) > _BATCH_BYTES:
            yield batch
            batch = []
    if batch:
        yield batch


def _update_one(connection: sqlite3.Connection, root: Path, path: Path, rules: Rules) -> None:
    real_root = Path(os.path.realpath(root))
    try:
        real = Path(os.path.realpath(path))
        str(real).encode()
    except ValueError:  # NUL, or no UTF-8: a walk would not find it either
        return
    if real == real_root or not real.is_relative_to(real_root):
        return
    name = real.relative_to(real_root).as_posix()
    # os.path, because Path's functions raise where one may not look.
    if not os.path.exists(real):  # noqa: PTH110
        writing.forget(connection, [name, *writing.names_below(connection, name)])
    elif os.path.isfile(real) and is_code(real):  # noqa: PTH113
        status = real.stat()  # before it is read: if it changes meanwhile, the next build sees it
        digest = writing.known_digest(connection, name)
        task = Task(real, name, status.st_size, status.st_mtime_ns, digest)
        now = read(real_root, real, rules)
        if now.refusal is None:
            writing.store(connection, [(task, reading_of(task, now.text))])
        else:
            writing.forget(connection, [name])


def main() -> int:
    """Build as the command line says; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m codegen_lsp.context.indexing")
    parser.add_argument("root", type=Path, metavar="ROOT")
    parser.add_argument("--deny", action="append", default=[], metavar="PATTERN")
    args = parser.parse_args()
    lower_priority(os.getpid())
    threading.Thread(target=_end_with_input, daemon=True).start()
    try:
        build(args.root, Rules(denied_files=tuple(args.deny)), _write_progress)
    except CodegenError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_status
    return 0


def _end_with_input() -> None:
    """End this process as soon as nobody waits for it; what is written is whole at any moment."""
    while os.read(sys.stdin.fileno(), 1024):  # a buffer's lock would be in the way of the exit
        pass
    os._exit(0)


def _write_progress(progress: BuildProgress) -> None:
    sys.stdout.write(json.dumps(asdict(progress)) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
