"""Which files of a workspace may be read into a prompt or the index.

`walk` finds them by their paths alone; what a file's content forbids is found when it is read
(`content.read_text`), so that unchanged files need not be opened. `why_not` and `read` check both,
for any file whatever asks. The walk follows no links: what they lead to is found under its own
name, or is outside.
"""

import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from codegen_lsp.context.content import MAX_BYTES, FileText, read_text
from codegen_lsp.context.denied import is_denied, is_denied_folder
from codegen_lsp.context.ignoring import IGNORE_FILES, entering
from codegen_lsp.context.path_rules import (
    MARKERS,
    Folder,
    Rules,
    file_refusal,
    folder_refusal,
    inside,
    path_refusal,
    starting,
)
from codegen_lsp.context.refusals import Refusal

__all__ = ["FoundFile", "Rules", "read", "walk", "why_not", "why_not_installed"]


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that may be read, as far as its path says.

    Attributes:
        path: where it is.
        relative: its path from the workspace's root, with "/" between the parts.
        size: in bytes.
        mtime_ns: when it was changed last, in nanoseconds.
    """

    path: Path
    relative: str
    size: int
    mtime_ns: int


def walk(
    root: Path, rules: Rules, on_limit: Callable[[str], None] = lambda report: None
) -> Iterator[FoundFile]:
    """The files below `root` that may be read: nearest first, and by name in each folder.

    Folders that cannot be listed are passed over. The caller may stop at any file.

    Args:
        root: the workspace's folder.
        rules: what holds in it.
        on_limit: is told in one line if a limit ends the walk early.
    """
    queue = deque(starting(Path(os.path.realpath(root))))
    found, seconds = 0, 0.0
    while queue:
        started = time.perf_counter()
        files, folders = _look(queue.popleft(), rules)
        seconds += time.perf_counter() - started
        for file in files:
            if found == rules.max_files:
                return on_limit(f"{root}: only the first {found:,} files are looked at")
            found += 1
            yield file
        queue.extend(folders)
        if queue and seconds > rules.max_seconds:
            return on_limit(f"{root}: stopped after {seconds:.0f} s and {found:,} files")
    return None


def why_not(root: Path, path: Path, rules: Rules) -> Refusal | None:
    """Why the file `path` may not be read into a prompt; None if it may."""
    return read(root, path, rules).refusal


def read(root: Path, path: Path, rules: Rules) -> FileText:
    """The text of the file `path` of the workspace `root`, or why it is refused.

    A link counts under its own path and under the one that it leads to.
    """
    try:
        top, real = Path(os.path.realpath(root)), Path(os.path.realpath(path))
    except ValueError:  # NUL in the path
        return FileText(refusal=Refusal.UNREADABLE)
    if not real.is_relative_to(top) or real == top:
        return FileText(refusal=Refusal.OUTSIDE)
    named = Path(os.path.abspath(path))  # noqa: PTH100 - Path's does not take out ".."
    base = Path(os.path.abspath(root))  # noqa: PTH100
    parts = {real.relative_to(top).parts}
    if named.is_relative_to(base) and named != base:
        parts.add(named.relative_to(base).parts)
    refusals = (path_refusal(top, each, rules) for each in sorted(parts))
    refusal = next((each for each in refusals if each), None)
    return FileText(refusal=refusal) if refusal else read_text(real)


def why_not_installed(root: Path, path: Path, rules: Rules) -> Refusal | None:
    """Why the file `path` of a package installed for `root` may not be read, by its path.

    An environment may lie outside the workspace, and Git ignores it nearly always: neither counts,
    while our own ignore file, the settings and the list of secrets do.
    """
    top, real = Path(os.path.realpath(root)), Path(os.path.realpath(path))
    if is_denied(real.parent.name, real.name) or any(map(is_denied_folder, real.parts)):
        return Refusal.DENIED
    named = [(path, root), (real, top)]
    parts = {file.relative_to(base).parts for file, base in named if file.is_relative_to(base)}
    refusals = (path_refusal(top, each, rules, is_installed=True) for each in sorted(parts))
    return next((each for each in refusals if each), None)


def _look(folder: Folder, rules: Rules) -> tuple[list[FoundFile], list[Folder]]:
    """What may be read in a folder, and the folders to look at next."""
    entries = _entries(folder.path)
    names = {entry.name for entry in entries}
    if folder.relative:
        if names & MARKERS:
            return [], []
        if names & IGNORE_FILES:
            ignored = entering(folder.ignored, folder.path, folder.inside)
            folder = Folder(folder.path, folder.inside, folder.relative, ignored)
    files, folders = [], []
    folder_name = os.path.basename(folder.path)  # noqa: PTH119 - many files
    for entry in entries:
        try:
            if entry.is_dir(follow_symlinks=False):
                if folder_refusal(folder, entry.name, rules) is None:
                    folders.append(inside(folder, entry.name, has_rules=False))
            elif entry.is_file(follow_symlinks=False):
                found = _found(folder, folder_name, entry, rules)
                if found is not None:
                    files.append(found)
        except OSError:  # gone, or not ours to see
            continue
    return files, folders


def _entries(path: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(path) as entries:
            return sorted(filter(_has_text_name, entries), key=lambda entry: entry.name)
    except OSError:
        return []


def _has_text_name(entry: os.DirEntry[str]) -> bool:
    # A name that is not UTF-8 can be neither stored nor said in a prompt.
    return entry.name.isascii() or not any("\ud800" <= char <= "\udfff" for char in entry.name)


def _found(
    folder: Folder, folder_name: str, entry: os.DirEntry[str], rules: Rules
) -> FoundFile | None:
    if file_refusal(folder, folder_name, entry.name, rules) is not None:
        return None
    status = entry.stat(follow_symlinks=False)
    if status.st_size > MAX_BYTES:
        return None
    relative = f"{folder.relative}{entry.name}"
    return FoundFile(Path(entry.path), relative, status.st_size, status.st_mtime_ns)
