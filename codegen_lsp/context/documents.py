"""Which documents are not completed: those on the list of files that are never read.

Only the list and the user's patterns count. What is ignored, generated or large is kept out of
other files' prompts, but who edits it wants completions there.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from codegen_lsp.context.denied import is_denied, is_denied_folder
from codegen_lsp.context.ignoring import matches, patterns_of


def path_in(uri: str) -> Path:
    """The path in `uri` of any scheme: an editor names a file that is not saved yet by it too."""
    try:
        return Path(url2pathname(urlsplit(uri).path))
    except ValueError:  # such as an unclosed [ in the host
        return Path()


def is_denied_document(path: Path, roots: Sequence[Path], denied_files: Sequence[str]) -> bool:
    """Whether the file `path`, which need not exist, is denied, or the one that a link leads to.

    Args:
        path: absolute.
        roots: the workspace folders; patterns start at the innermost that holds the file, or at
            the top of the file system where none does.
        denied_files: the user's patterns.
    """
    real_roots = [Path(os.path.realpath(root)) for root in roots]
    real = Path(os.path.realpath(path))
    by_name = is_denied_name(path, roots, denied_files)
    return by_name or is_denied_name(real, real_roots, denied_files)


def is_denied_name(path: Path, roots: Sequence[Path], denied_files: Sequence[str]) -> bool:
    """The same by the path alone; does not look at the disk."""
    if is_denied(path.parent.name, path.name) or any(map(is_denied_folder, path.parent.parts)):
        return True
    holding = [root for root in roots if path.is_relative_to(root)]
    root = max(holding, key=lambda root: len(root.parts), default=Path(path.anchor))
    parts = path.relative_to(root).parts
    folders = ("/".join(parts[:end]) + "/" for end in range(1, len(parts)))
    patterns = patterns_of("\n".join(denied_files))
    return any(matches(patterns, name) for name in (*folders, "/".join(parts)))
