"""Locating: which workspace folder holds a document, and what the document is called there."""

import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname


def locate(uri: str, roots: Sequence[Path]) -> tuple[Path, str] | None:
    """The first of `roots` that holds the document, and its POSIX path there; None where none does.

    A document may be opened by its real path while its folder is known by that of a link.
    """
    file = _path(uri)
    if file is None:
        return None
    for way in (os.path.normpath, os.path.realpath):
        path = Path(way(file))
        for root in roots:
            top = Path(way(root))
            if path.is_relative_to(top):
                return root, path.relative_to(top).as_posix()
    return None


def _path(uri: str) -> Path | None:
    """The file that `uri` names; None for one that is on no disk here."""
    try:
        parts = urlsplit(uri)
    except ValueError:  # such as an unclosed [ in the host
        return None
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        return None
    path = url2pathname(parts.path)
    return None if "\0" in path else Path(path)
