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
from codegen_lsp.context.generated import is_generated_name
from codegen_lsp.context.ignoring import (
    IGNORE_FILES,
    IgnoreRules,
    entering,
    matches,
    patterns_of,
)
from codegen_lsp.context.refusals import Refusal

SKIPPED_FOLDERS = frozenset(
    {
        *(".git", ".hg", ".svn", ".jj", "node_modules", "bower_components", "__pycache__"),
        *(".cache", ".tox", ".nox", ".eggs", ".mypy_cache", ".ruff_cache", ".pytest_cache"),
        *(".hypothesis", ".ipynb_checkpoints", ".gradle", ".terraform", ".next", ".nuxt"),
        *(".svelte-kit", ".parcel-cache", ".turbo", ".yarn", ".pnpm-store", ".npm", ".dart_tool"),
    }
)
# A folder that holds one of these is a virtual environment, or a cache (bford.info/cachedir).
MARKERS = frozenset({"pyvenv.cfg", "conda-meta", "CACHEDIR.TAG"})


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for a workspace beside its ignore files.

    Attributes:
        denied_files: patterns in .gitignore's syntax, from the setting of that name.
        max_files: most files that a walk finds.
        max_seconds: longest time that a walk looks, not counting what is done with its files.
    """

    denied_files: tuple[str, ...] = ()
    max_files: int = 200_000
    max_seconds: float = 60.0


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


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder; `inside` leads to it from the top of the ignore rules, `relative` from root."""

    path: str
    inside: str
    relative: str
    ignored: IgnoreRules


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
    queue = deque(_start(Path(os.path.realpath(root)), rules))
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
    refusals = (_path_refusal(top, each, rules) for each in sorted(parts))
    refusal = next((each for each in refusals if each), None)
    return FileText(refusal=refusal) if refusal else read_text(real)


def _start(root: Path, rules: Rules) -> list[_Folder]:
    """The folder `root`, unless all that is in it is refused."""
    if any(is_denied_folder(part) for part in root.parts):
        return []
    chain = (root, *root.parents)
    repository = next((folder for folder in chain if (folder / ".git").exists()), root)
    current = _Folder(str(repository), "", "", entering(IgnoreRules(), str(repository), ""))
    for name in root.relative_to(repository).parts:
        current = _inside(current, name)
    return [_Folder(current.path, current.inside, "", current.ignored)]


def _inside(folder: _Folder, name: str, *, has_rules: bool = True) -> _Folder:
    path, inside = os.path.join(folder.path, name), f"{folder.inside}{name}/"  # noqa: PTH118
    ignored = entering(folder.ignored, path, inside) if has_rules else folder.ignored
    return _Folder(path, inside, f"{folder.relative}{name}/", ignored)


def _look(folder: _Folder, rules: Rules) -> tuple[list[FoundFile], list[_Folder]]:
    """What may be read in a folder, and the folders to look at next."""
    entries = _entries(folder.path)
    names = {entry.name for entry in entries}
    if folder.relative:
        if names & MARKERS:
            return [], []
        if names & IGNORE_FILES:
            ignored = entering(folder.ignored, folder.path, folder.inside)
            folder = _Folder(folder.path, folder.inside, folder.relative, ignored)
    files, folders = [], []
    folder_name = os.path.basename(folder.path)  # noqa: PTH119 - many files
    for entry in entries:
        try:
            if entry.is_dir(follow_symlinks=False):
                if _folder_refusal(folder, entry.name, rules) is None:
                    folders.append(_inside(folder, entry.name, has_rules=False))
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
    folder: _Folder, folder_name: str, entry: os.DirEntry[str], rules: Rules
) -> FoundFile | None:
    if _file_refusal(folder, folder_name, entry.name, rules) is not None:
        return None
    status = entry.stat(follow_symlinks=False)
    if status.st_size > MAX_BYTES:
        return None
    relative = f"{folder.relative}{entry.name}"
    return FoundFile(Path(entry.path), relative, status.st_size, status.st_mtime_ns)


def _path_refusal(root: Path, parts: tuple[str, ...], rules: Rules) -> Refusal | None:
    """Why the path `parts` below `root` is refused whatever the file holds."""
    start = _start(root, rules)
    if not start:
        return Refusal.DENIED
    folder = start[0]
    for name in parts[:-1]:
        refusal = _folder_refusal(folder, name, rules)
        folder = _inside(folder, name)
        if refusal is not None:
            return refusal
        if any(os.path.lexists(os.path.join(folder.path, each)) for each in MARKERS):  # noqa: PTH118
            return Refusal.IGNORED
    return _file_refusal(folder, os.path.basename(folder.path), parts[-1], rules)  # noqa: PTH119


def _folder_refusal(folder: _Folder, name: str, rules: Rules) -> Refusal | None:
    if is_denied_folder(name):
        return Refusal.DENIED
    if _is_denied_by(rules, f"{folder.relative}{name}/"):
        return Refusal.DENIED
    skipped = name in SKIPPED_FOLDERS or folder.ignored.ignores(f"{folder.inside}{name}/")
    return Refusal.IGNORED if skipped else None


def _file_refusal(folder: _Folder, folder_name: str, name: str, rules: Rules) -> Refusal | None:
    if is_denied(folder_name, name):
        return Refusal.DENIED
    if _is_denied_by(rules, f"{folder.relative}{name}"):
        return Refusal.DENIED
    if name == ".git" or folder.ignored.ignores(f"{folder.inside}{name}"):  # a worktree's
        return Refusal.IGNORED
    return Refusal.GENERATED if is_generated_name(name) else None


def _is_denied_by(rules: Rules, path: str) -> bool:
    return matches(patterns_of("\n".join(rules.denied_files)), path)
