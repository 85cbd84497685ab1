"""What the path of a file says about whether it may be read, whatever the file holds.

A folder is entered from the one above it, since ignore files of every level count.
"""

import os
from dataclasses import dataclass, replace
from pathlib import Path

from codegen_lsp.context.denied import is_denied, is_denied_folder
from codegen_lsp.context.generated import is_generated_name
from codegen_lsp.context.ignoring import IgnoreRules, entering, matches, patterns_of
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
class Folder:
    """A folder; `inside` leads to it from the top of the ignore rules, `relative` from root."""

    path: str
    inside: str
    relative: str
    ignored: IgnoreRules


def starting(root: Path) -> list[Folder]:
    """The folder `root`, unless all that is in it is refused."""
    if any(is_denied_folder(part) for part in root.parts):
        return []
    chain = (root, *root.parents)
    repository = next((folder for folder in chain if (folder / ".git").exists()), root)
    current = Folder(str(repository), "", "", entering(IgnoreRules(), str(repository), ""))
    for name in root.relative_to(repository).parts:
        current = inside(current, name)
    return [Folder(current.path, current.inside, "", current.ignored)]


def inside(folder: Folder, name: str, *, has_rules: bool = True) -> Folder:
    """The folder `name` in `folder`; with what its own ignore files say only if it `has_rules`."""
    path, from_top = os.path.join(folder.path, name), f"{folder.inside}{name}/"  # noqa: PTH118
    ignored = entering(folder.ignored, path, from_top) if has_rules else folder.ignored
    return Folder(path, from_top, f"{folder.relative}{name}/", ignored)


def path_refusal(
    root: Path, parts: tuple[str, ...], rules: Rules, *, is_installed: bool = False
) -> Refusal | None:
    """Why the path `parts` below `root` is refused whatever the file holds.

    Args:
        root: the workspace's folder, without symbolic links.
        parts: of a path in it.
        rules: what holds in it.
        is_installed: the file is of an environment, which is looked into although Git ignores it.
    """
    start = starting(root)
    if not start:
        return Refusal.DENIED
    folder = start[0]
    for name in parts[:-1]:
        folder = _without_git(folder) if is_installed else folder
        refusal = folder_refusal(folder, name, rules)
        folder = inside(folder, name)
        if refusal is not None:
            return refusal
        if not is_installed and _is_cache(folder):
            return Refusal.IGNORED
    folder = _without_git(folder) if is_installed else folder
    return file_refusal(folder, os.path.basename(folder.path), parts[-1], rules)  # noqa: PTH119


def folder_refusal(folder: Folder, name: str, rules: Rules) -> Refusal | None:
    """Why nothing in the folder `name` of `folder` is read; None where something may be."""
    if is_denied_folder(name):
        return Refusal.DENIED
    if _is_denied_by(rules, f"{folder.relative}{name}/"):
        return Refusal.DENIED
    skipped = name in SKIPPED_FOLDERS or folder.ignored.ignores(f"{folder.inside}{name}/")
    return Refusal.IGNORED if skipped else None


def file_refusal(folder: Folder, folder_name: str, name: str, rules: Rules) -> Refusal | None:
    """Why the file `name` in `folder`, which is called `folder_name`, is not read."""
    if is_denied(folder_name, name):
        return Refusal.DENIED
    if _is_denied_by(rules, f"{folder.relative}{name}"):
        return Refusal.DENIED
    if name == ".git" or folder.ignored.ignores(f"{folder.inside}{name}"):  # a worktree's
        return Refusal.IGNORED
    return Refusal.GENERATED if is_generated_name(name) else None


def _without_git(folder: Folder) -> Folder:
    return replace(folder, ignored=replace(folder.ignored, git=()))


def _is_cache(folder: Folder) -> bool:
    return any(os.path.lexists(os.path.join(folder.path, each)) for each in MARKERS)  # noqa: PTH118


def _is_denied_by(rules: Rules, path: str) -> bool:
    return matches(patterns_of("\n".join(rules.denied_files)), path)
