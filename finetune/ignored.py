"""What the user's own rules keep from being read: `.codegenignore` and the setting `denied_files`.

Ignore files count from the top of the repository down, and the setting from the project's folder,
whichever folder is asked about. Git's ignore files say nothing about files that it tracks.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path, PurePosixPath

from codegen_lsp.config import project_folder
from codegen_lsp.context.ignoring import Patterns, matches, patterns_of
from finetune.git import TrackedFile, contents, prefix_of, tracked_files

_OWN_FILE = ".codegenignore"
_EVERYTHING = "*"
_TOP = "."


def ignores(
    folder: Path, commit: str, files: Sequence[TrackedFile], denied: Sequence[str]
) -> Callable[[str], bool]:
    """Tells whether a file is not to be read, by its path in `folder`.

    Args:
        folder: in a repository.
        commit: whose ignore files count, beside those of the work tree.
        files: all below `folder` in `commit`.
        denied: the setting `denied_files`, of the project that `folder` is of.

    Raises:
        UsageError: git cannot read it.
    """
    prefix, from_project = prefix_of(folder), _from_project(folder)
    real = Path(os.path.realpath(folder))
    top = (real, *real.parents)[prefix.count("/")]
    above = [str(parent / _OWN_FILE) for parent in PurePosixPath(prefix).parents]
    inside = [replace(file, path=f"{prefix}{file.path}") for file in files]
    texts = _texts_on_disk(top, inside)
    own = [file for file in inside if PurePosixPath(file.path).name == _OWN_FILE]
    own += tracked_files(top, commit, above) if above else []
    for file, data in zip(own, contents(folder, (file.blob for file in own)), strict=True):
        listed = texts.setdefault(str(PurePosixPath(file.path).parent), [])
        listed.append(_decoded(data))
    is_ignored, is_denied = _named_by(texts), _named_by({_TOP: ["\n".join(denied)]})
    return lambda path: is_ignored(f"{prefix}{path}") or is_denied(f"{from_project}{path}")


def _from_project(folder: Path) -> str:
    """The path of `folder` from its project's folder: empty, or ending in `/`."""
    named = Path(os.path.abspath(folder))  # noqa: PTH100 - as the project is looked for
    parts = named.relative_to(project_folder(folder) or named).parts
    return "".join(f"{part}/" for part in parts)


def _texts_on_disk(top: Path, files: Sequence[TrackedFile]) -> dict[str, list[str]]:
    """Ignore files of the work tree, which need not be tracked, around `files`; by folder."""
    folders = {str(parent) for file in files for parent in PurePosixPath(file.path).parents}
    found: dict[str, list[str]] = {}
    for folder in folders:
        file = top / folder / _OWN_FILE
        if file.is_file():
            found[folder] = [_text(file)]
    return found


def _named_by(texts: Mapping[str, Sequence[str]]) -> Callable[[str], bool]:
    """Tells whether ignore files, by their folder, name a file, by its path from the top."""

    @cache
    def inside(folder: str) -> tuple[Patterns, bool]:
        """The patterns that hold in a folder, and whether it is named altogether."""
        path = PurePosixPath(folder)
        above, is_named = ((), False) if folder == _TOP else inside(str(path.parent))
        is_named = is_named or (folder != _TOP and matches(above, f"{folder}/"))
        start = "" if folder == _TOP else f"{folder}/"
        own = [pattern for text in texts.get(folder, ()) for pattern in patterns_of(text, start)]
        return (*own, *above), is_named

    def is_named(path: str) -> bool:
        patterns, is_folder_named = inside(str(PurePosixPath(path).parent))
        return is_folder_named or matches(patterns, path)

    return is_named


def _text(file: Path) -> str:
    try:
        return _decoded(file.read_bytes())
    except OSError:
        return _EVERYTHING  # it may name anything


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
