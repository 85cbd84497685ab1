"""What was added to a repository, and since when: the ground of a split by time."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from codegen_lsp.errors import UsageError
from finetune.git import resolved
from finetune.git_commands import reading, text

_PLAIN = ("--no-ext-diff", "--no-textconv", "--no-color")
_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_SHORTEST_MOVED = 12
"""Characters of a line that is known again where it was moved; shorter ones stand everywhere."""


@dataclass(slots=True)
class _Changes:
    """Lines of a diff: added ones by file and number from one, and the texts of removed ones."""

    added: dict[str, dict[int, bytes]] = field(default_factory=dict)
    removed: set[bytes] = field(default_factory=set)


def commit_before(folder: Path, since: str) -> str:
    """The commit with which "since `since`" begins: that revision, or the last one by that date.

    Raises:
        UsageError: `since` is neither, nothing had been committed by then, or see `commit_of`.
    """
    if found := resolved(folder, since):
        return found
    try:
        date = datetime.fromisoformat(since)
    except ValueError as error:
        raise UsageError(
            f"{since!r} is neither a revision of {folder} nor a date such as 2025-06-30"
        ) from error
    before = f"--before={date.isoformat()}"
    found = text(folder, "rev-list", "-1", "--first-parent", before, "HEAD", "--").strip()
    if not found:
        raise UsageError(f"{folder} had no commit by {since}; name a later date")
    return found


def commit_before_newest(
    folder: Path, commit: str, lines: int, is_counted: Callable[[str], bool]
) -> str | None:
    """The newest ancestor of `commit` since which `lines` lines were added; None if there is none.

    Lines of merged branches count where they were merged; only files whose paths are counted do.
    """
    parent, added = "", 0
    arguments = (
        "log",
        "--first-parent",
        "-M",
        "--relative",
        *_PLAIN,
        "--numstat",
        "--format=%x00%P",
    )
    with reading(folder, *arguments, commit, "--") as output:
        for line in output:
            if line.startswith(b"\0"):
                if added >= lines:
                    break
                parent = line[1:].decode().partition(" ")[0].strip()
            elif is_counted(line.decode("utf-8", "replace").rpartition("\t")[2].strip("\n")):
                count = line.partition(b"\t")[0]
                added += int(count) if count.isdigit() else 0  # "-" for a binary file
    return parent if parent and added >= lines else None


def date_of(folder: Path, commit: str) -> str:
    """When `commit` was made, in ISO 8601."""
    return text(folder, "show", "--no-patch", "--format=%cI", commit, "--").strip()


def added_lines(folder: Path, since: str, until: str) -> dict[str, list[int]]:
    """Numbers, from one, of the lines that `until` has and `since` had not, by path.

    Left out are lines that differ in white space only, those of renamed or copied files that are as
    they were, and those that were moved, within a file or from one to another.
    """
    changes = _Changes()
    options = ("-U0", "-w", "-M", "-C", "--relative", *_PLAIN, "--src-prefix=a/", "--dst-prefix=b/")
    with reading(folder, "diff", *options, "--inter-hunk-context=0", since, until, "--") as output:
        _read(output, changes)
    return {
        path: numbers
        for path, lines in changes.added.items()
        if (numbers := [n for n, line in lines.items() if line not in changes.removed])
    }


def _read(output: Iterator[bytes], changes: _Changes) -> None:
    lines: dict[int, bytes] = {}
    for line in output:
        if line.startswith(b"+++ "):
            path = line[4:].decode("utf-8", "replace").rstrip("\t\n")
            lines = changes.added.setdefault(path.removeprefix("b/"), {})
        elif hunk := _HUNK.match(line):
            _read_hunk(output, hunk, lines, changes.removed)


def _read_hunk(
    output: Iterator[bytes], hunk: re.Match[bytes], lines: dict[int, bytes], removed: set[bytes]
) -> None:
    """The lines of a hunk, which are as many as its header says, whatever they begin with."""
    to_remove, to_add = (1 if count is None else int(count) for count in (hunk[1], hunk[3]))
    number = int(hunk[2])
    while to_remove or to_add:
        line = next(output, b"")
        if not line:  # cut off; git says why
            return
        content = b"".join(line[1:].split())
        if line.startswith(b"-"):
            to_remove -= 1
            if len(content) >= _SHORTEST_MOVED:
                removed.add(content)
        elif line.startswith(b"+"):
            to_add -= 1
            lines[number] = content
            number += 1
