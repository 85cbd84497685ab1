"""Settings files of projects: JSON as editors write it and TOML, remembered until they change.

They belong to whoever wrote the repository: what is huge, broken or made to take long is not there.
"""

import json
import os
import re
import stat
import tomllib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

from codegen_lsp.context.imports.folders import is_settled

LARGEST_SETTINGS = 128_000
"""Bytes of a settings file that is read."""

_LARGEST_TOML = 64_000  # tomllib takes microseconds for each token ...
# ... and for a dotted key the square of its length.
_LONG_KEY = re.compile(r"""(?<![\w."'-])[\w"'-]++(?:[ \t]*+\.[ \t]*+[\w"'-]++){17}""")
_STRING_OR_COMMENT = re.compile(
    r'("(?:\\.|[^"\\])*+(?:"|\Z))|//[^\n]*+|/\*.*?(?:\*/|\Z)', re.DOTALL
)
_STRING_OR_COMMA = re.compile(r'("(?:\\.|[^"\\])*+")|,(?=\s*+[}\]])')

T = TypeVar("T")


def parsed(path: Path, parse: Callable[[str], T], largest: int = LARGEST_SETTINGS) -> T | None:
    """What `parse` makes of the text of the file at `path`, remembered until the file changes.

    Returns:
        None where there is no such file, it is larger than `largest` bytes, or cannot be parsed:
        `parse` raises ValueError or RecursionError.
    """
    try:
        status = os.stat(path)  # noqa: PTH116
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(status.st_mode) or status.st_size > largest:
        return None
    read = _parsed if is_settled(status.st_mtime_ns) else _parsed.__wrapped__
    return cast("T | None", read(path, parse, status.st_mtime_ns, status.st_size))


@lru_cache(maxsize=2048)
def _parsed(path: Path, parse: Callable[[str], object], _mtime_ns: int, _size: int) -> object:
    try:
        return parse(path.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return None


def json_table(text: str) -> dict[str, Any]:
    """The object that JSON says, with the comments and trailing commas of editors' files.

    Raises:
        ValueError: it is no JSON, or not an object.
        RecursionError: it is nested too deeply.
    """
    bare = _STRING_OR_COMMENT.sub(lambda found: found[1] or " ", text)
    return _table(json.loads(_STRING_OR_COMMA.sub(lambda found: found[1] or "", bare)))


def toml_table(text: str) -> dict[str, Any]:
    """The table that TOML says.

    Raises:
        ValueError: it is no TOML, or would take long.
        RecursionError: it is nested too deeply.
    """
    if len(text) > _LARGEST_TOML or _LONG_KEY.search(text):
        raise ValueError("more than a project's settings need")
    return tomllib.loads(text)


def _table(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def table_in(table: dict[str, Any], *keys: str) -> dict[str, Any]:
    """The table under `keys`, one below the other; empty where there is none."""
    for key in keys:
        value = table.get(key)
        table = value if isinstance(value, dict) else {}
    return table


def texts(value: object) -> list[str]:
    """The texts of a list, or a text by itself; what is neither, is left out."""
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str)]
