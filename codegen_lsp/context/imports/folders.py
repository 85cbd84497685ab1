"""Folders of a workspace: what they hold, remembered until they change.

What cannot be read, or is huge, is empty. Links are left out: they may lead anywhere.
"""

import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar, cast

NOT_SOURCES = frozenset(
    {"__pycache__", "bin", "build", "dist", "node_modules", "obj", "out", "target", "vendor"}
)
"""Folders of what is built, and of what others wrote."""

_MOST_ENTRIES = 2000  # a folder of more holds data
_MOST_FOLDERS = 200
_DEEPEST = 3
_TICK_NS = 50_000_000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listing:
    """What a folder holds, by name: no links, which may lead anywhere.

    Attributes:
        folders: in order.
        files: in order.
    """

    folders: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


Look = Callable[[Path], Listing]
"""What a folder holds, as `listing` says it."""


def listing(folder: Path | str) -> Listing:
    """What `folder` holds; nothing if it cannot be read or holds thousands."""
    try:
        mtime_ns = os.stat(folder).st_mtime_ns  # noqa: PTH116
        read = _listing if is_settled(mtime_ns) else _listing.__wrapped__
        return read(str(folder), mtime_ns)
    except (OSError, ValueError):
        return Listing()


@lru_cache(maxsize=2048)
def _listing(folder: str, _mtime_ns: int) -> Listing:
    folders: list[str] = []
    files: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if len(folders) + len(files) == _MOST_ENTRIES:
                return Listing()
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.name)
            elif entry.is_file(follow_symlinks=False):
                files.append(entry.name)
    return Listing(tuple(sorted(folders)), tuple(sorted(files)))


def folders_below(
    root: Path, look: Look, but: frozenset[str] = NOT_SOURCES
) -> Iterator[tuple[Path, Listing]]:
    """The root and the folders not far below it, at most a few hundred, upper ones first.

    Left out are environments, hidden folders and those whose names are in `but`.
    """
    waiting = deque([(root, 0)])
    count = 0
    while waiting and count < _MOST_FOLDERS:
        folder, depth = waiting.popleft()
        content = look(folder)
        if "pyvenv.cfg" in content.files:
            continue
        yield folder, content
        count += 1
        if depth < _DEEPEST:
            names = (name for name in content.folders if name not in but)
            waiting.extend((folder / name, depth + 1) for name in names if name[0] != ".")


_scans: dict[tuple[Path, object], tuple[list[tuple[str, int]], object]] = {}


def scanned(root: Path, scan: Callable[[Path, Look], T]) -> T:
    """What `scan` finds below `root`; looked for again when a folder that it saw changes."""
    known = _scans.get((root, scan))
    if known is None or any(_mtime_ns(folder) != mtime_ns for folder, mtime_ns in known[0]):
        seen: dict[str, int] = {}

        def look(folder: Path) -> Listing:
            seen[str(folder)] = _mtime_ns(folder)
            return listing(folder)

        found = scan(root, look)
        known = (list(seen.items()), found)
        if all(map(is_settled, seen.values())):
            _scans[root, scan] = known
    return cast("T", known[1])


def is_settled(mtime_ns: int) -> bool:
    """Whether a change from now on would show: times are exact to a few milliseconds only."""
    return abs(time.time_ns() - mtime_ns) > _TICK_NS


def _mtime_ns(path: str | Path) -> int:
    """When `path` changed last; 0 where it is not there."""
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116
    except OSError:
        return 0
