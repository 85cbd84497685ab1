"""Reads a file's text, or says why what is in it is not for a prompt.

A file may vanish, grow or be replaced while it is read: it is then refused or read as it is, and
nothing here raises.
"""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from codegen_lsp.context.generated import has_generated_header, is_minified
from codegen_lsp.context.refusals import Refusal

MAX_BYTES = 1_000_000
_BINARY_BYTES = 8192
# Without blocking, since a file may have become a pipe, and without following what became a link.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
_FLAGS |= getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class FileText:
    """What was read.

    Attributes:
        text: without a byte order mark; empty where the file is refused.
        refusal: why it is, or None.
    """

    text: str = ""
    refusal: Refusal | None = None


def read_text(path: Path) -> FileText:
    """The text of a file whose path is already known to be allowed."""
    data = read_bytes(path, MAX_BYTES)
    return FileText(refusal=Refusal.UNREADABLE) if data is None else text_of(data)


def text_of(data: bytes) -> FileText:
    """The text of a file that holds `data`, of which more than `MAX_BYTES` need not be given."""
    if len(data) > MAX_BYTES:
        return FileText(refusal=Refusal.TOO_LARGE)
    if b"\0" in data[:_BINARY_BYTES]:
        return FileText(refusal=Refusal.BINARY)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return FileText(refusal=Refusal.BINARY)
    if has_generated_header(text):
        return FileText(refusal=Refusal.GENERATED)
    return FileText(refusal=Refusal.MINIFIED) if is_minified(text) else FileText(text)


def read_bytes(path: Path | str, most: int) -> bytes | None:
    """The first bytes of a plain file, one more than `most` if it is larger; None if unreadable."""
    try:
        descriptor = os.open(path, _FLAGS)
        with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor, no path
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return None
            return file.read(most + 1)
    except (OSError, ValueError):  # ValueError: NUL in the path
        return None
