"""Sources: the texts of the workspace's files, searched for words.

A text that does not hold a name at all cannot define it, in whatever way: that is sure without any
knowledge of the language.
"""

import os
import re
import stat
from functools import lru_cache
from pathlib import Path

LARGEST = 1_000_000
"""Bytes of a file that is read."""

_SIGNS = (
    *("__dict__", "sys.modules", "definePropert", "Object.assign(", ".prototype"),
    *("new Proxy(", "Reflect."),
)
_CALLS = ("exec(", "globals(", "setattr(", "vars(")
_EVERYTHING = (
    re.compile(r"import[ \t]*\(?[ \t]*\*[ \t)]*(?:#|\n|\Z)"),
    re.compile(r"export[ \t]*\*"),
)


def text_of_file(path: Path) -> str | None:
    """The text of the file at `path`; None where it cannot be read or is larger than `LARGEST`."""
    try:
        status = path.stat()
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST:
        return None
    return _read(os.fspath(path), status.st_mtime_ns)


@lru_cache(maxsize=16)
def lines_of(text: str) -> list[str]:
    """The lines of `text`, not to be changed."""
    return text.split("\n")


def has_word(text: str, word: str) -> bool:
    """Whether `word` stands in `text`, be it in a comment."""
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if not (_is_inner(text[at - 1 : at]) or _is_inner(text[end : end + 1])):
            return True
        at = text.find(word, end)
    return False


def _is_inner(character: str) -> bool:
    return character.isalnum() or (character in ("_", "$"))


def is_dynamic_class(text: str) -> bool:
    """Whether the code of a class may give it members by names made at run time."""
    return "__getattr" in text or _makes_names(text)


def is_dynamic_module(text: str) -> bool:
    """Whether the code of a module may give it members by names made at run time."""
    return "\ndef __getattr__" in f"\n{text}" or _makes_names(text)


def _makes_names(text: str) -> bool:
    return any(sign in text for sign in _SIGNS) or any(_calls(text, call) for call in _CALLS)


def _calls(text: str, call: str) -> bool:
    """Whether a function of Python's own is called, rather than one that ends alike."""
    at = text.find(call)
    while at >= 0:
        before = text[max(at - 4, 0) : at]
        if not (_is_inner(before[-1:]) or before.endswith((".", "def "))):
            return True
        at = text.find(call, at + 1)
    return False


def passes_everything(text: str) -> bool:
    """Whether code takes or gives on all names of another module."""
    return any(pattern.search(text) for pattern in _EVERYTHING)


@lru_cache(maxsize=64)
def _read(path: str, mtime_ns: int) -> str | None:
    try:
        return Path(path).read_text("utf-8", "replace")
    except OSError:
        return None
