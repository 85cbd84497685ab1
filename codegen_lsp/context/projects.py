"""Whether a folder is a project that an index may be built of, and whether that takes long."""

import os
from dataclasses import replace
from itertools import islice
from pathlib import Path

from codegen_lsp.context.files import Rules, walk
from codegen_lsp.context.reading import is_code

FEW_FILES = 500
"""Of code: reading fewer takes some ten seconds at most."""

_MOST_FOUND = 5_000
_MOST_SECONDS = 2.0


def why_no_project(root: Path) -> str | None:
    """Why nothing is read in `root`: it holds everything, or nothing; None: it is a project."""
    home = os.path.realpath(os.path.expanduser("~"))  # noqa: PTH111 - Path's raises without a home
    if Path(home).is_relative_to(os.path.realpath(root)):
        return f"{root} holds the home folder: it gets no index and no context"
    if not os.path.isdir(root):  # noqa: PTH112 - Path's raises where one may not look
        return f"{root} is not a folder that can be read: no context comes from there"
    return None


def has_few_files(root: Path, rules: Rules) -> bool:
    """Whether an index of `root` is built while somebody waits. Looks for two seconds at most."""
    limits: list[str] = []
    bounded = replace(rules, max_files=_MOST_FOUND, max_seconds=_MOST_SECONDS)
    code = (file for file in walk(root, bounded, limits.append) if is_code(file.path))
    return len(list(islice(code, FEW_FILES))) < FEW_FILES and not limits
