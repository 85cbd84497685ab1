"""Reading one file for the index, and nothing of it twice."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from codegen_lsp.context.content import read_text
from codegen_lsp.context.extracting import Extract, extract
from codegen_lsp.context.secrets import redact
from codegen_lsp.syntax.languages import language_of

_NOT_CODE = frozenset({"json", "markdown", "plaintext", "xml"})


@dataclass(frozen=True, slots=True)
class Task:
    """A file to read.

    Attributes:
        path: where it is.
        name: its path from the workspace's root, with slashes.
        size: in bytes, as it was when it was found.
        mtime_ns: when it was changed last; older than the file if it changes while it is read.
        digest: of the text that the index knows; None where it does not know the file.
    """

    path: Path
    name: str
    size: int
    mtime_ns: int
    digest: bytes | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read.

    Attributes:
        digest: of the text.
        extract: what the index keeps of it; None where the index has it already.
    """

    digest: bytes
    extract: Extract | None


def is_code(path: Path) -> bool:
    """Whether the index takes files called like `path`: code and settings, no prose or data."""
    return language_of(path) not in _NOT_CODE


def read_file(task: Task) -> Reading:
    """Read what is at the path of `task`; nothing is kept of a file that is not to be read."""
    return reading_of(task, read_text(task.path).text)


def reading_of(task: Task, text: str) -> Reading:
    """The reading of a file whose text is known."""
    digest = hashlib.blake2b(text.encode(), digest_size=16).digest()
    if digest == task.digest:
        return Reading(digest, None)
    text = redact(text, task.name).replace("\r\n", "\n").replace("\r", "\n")
    return Reading(digest, extract(task.name, language_of(task.path), text))
