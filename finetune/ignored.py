"""What the user's own rules keep from being read: `.codegenignore` and the setting `denied_files`.

Git's ignore files say nothing about files that it tracks.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path, PurePosixPath

from codegen_lsp.context.ignoring import Patterns, matches, patterns_of

OWN_FILE = ".codegenignore"
_EVERYTHING = "*"


def ignores(texts: Mapping[str, Sequence[str]], denied: Sequence[str]) -> Callable[[str], bool]:
    """Tells whether a file is ignored, by its path from the top, with `/`.

    Args:
        texts: of the ignore files, by their folder, "." for the top.
        denied: patterns that hold at the top.
    """

    @cache
    def inside(folder: str) -> tuple[Patterns, bool]:
        """The patterns that hold in a folder, and whether it is ignored altogether."""
        path = PurePosixPath(folder)
        above, is_ignored = (
            (patterns_of("\n".join(denied)), False) if folder == "." else inside(str(path.parent))
        )
        is_ignored = is_ignored or (folder != "." and matches(above, f"{folder}/"))
        start = "" if folder == "." else f"{folder}/"
        own = [pattern for text in texts.get(folder, ()) for pattern in patterns_of(text, start)]
        return (*own, *above), is_ignored

    def is_ignored(path: str) -> bool:
        patterns, is_folder_ignored = inside(str(PurePosixPath(path).parent))
        return is_folder_ignored or matches(patterns, path)

    return is_ignored


def texts_on_disk(top: Path, folders: Sequence[str]) -> dict[str, list[str]]:
    """Ignore files of the work tree, which need not be tracked, in those of its `folders`."""
    found: dict[str, list[str]] = {}
    for folder in folders:
        file = top / folder / OWN_FILE
        if file.is_file():
            found[folder] = [_text(file)]
    return found


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    except OSError:
        return _EVERYTHING  # it may name anything
