r"""The text of a document and the four ways to name a place in it.

*Position*: LSP line and character, both from zero, the character in units of the encoding that
client and server negotiated (UTF-16 code units unless they agreed on another).
*Offset*: index into the Python string, in code points. *Byte offset*: index into its UTF-8 form,
which is what tree-sitter counts. *Line and column* as people and compilers write them, both from
one, the column in code points. All arithmetic between them lives here.

Lines end at ``\n``, ``\r\n`` or a lone ``\r``, as the LSP specification says, and nowhere else:
form feeds and Unicode separators, at which `str.splitlines` also cuts, are ordinary characters.
"""

import io
import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import AnyStr

_LINE_END = re.compile(r"\r\n|\n|\r")


class Encoding(StrEnum):
    """What the character of a position counts; the values are LSP's `PositionEncodingKind`."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"


_CODEC = {Encoding.UTF8: ("utf-8", 1), Encoding.UTF16: ("utf-16-le", 2)}
"""The codec without a byte order mark, and the bytes in a unit; UTF-32 units need no encoding."""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """An LSP position: line, and character in units of the negotiated encoding, from zero."""

    line: int
    character: int


@dataclass(frozen=True)
class Snapshot:
    """A document as it was at one moment; everything a request reads of it.

    Attributes:
        uri: what names the document; for a file on disk, its `file:` URI.
        version: the editor's version number; 0 outside an editor.
        language: LSP language identifier such as "python"; "plaintext" where unknown.
        text: the whole buffer.
    """

    uri: str
    version: int
    language: str
    text: str

    @cached_property
    def line_starts(self) -> list[int]:
        """Offset of the first character of each line; never empty."""
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    def line_of(self, offset: int) -> int:
        """Zero-based number of the line that holds `offset`."""
        return bisect_right(self.line_starts, offset) - 1

    def line_end(self, line: int) -> int:
        """Offset just after the last character of `line`, before its line end."""
        starts = self.line_starts
        if line + 1 == len(starts):
            return len(self.text)
        end = starts[line + 1]
        return end - (2 if self.text[max(end - 2, 0) : end] == "\r\n" else 1)

    def position_at(self, offset: int, encoding: Encoding = Encoding.UTF16) -> Position:
        """LSP position of `offset`, its character in units of `encoding`."""
        line = self.line_of(offset)
        return Position(line, units(self.text[self.line_starts[line] : offset], encoding))

    def offset_of_line_column(self, line: int, column: int | None) -> int:
        """Offset before one-based `column` of one-based `line`; None is the end of the line.

        Raises:
            ValueError: the place is outside the text; the message says where the text ends.
        """
        if not 1 <= line <= len(self.line_starts):
            raise ValueError(f"line {line} is outside the text, which has {self._lines()}")
        start, end = self.line_starts[line - 1], self.line_end(line - 1)
        if column is None:
            return end
        if not 1 <= column <= end - start + 1:
            last = end - start + 1
            raise ValueError(f"column {column} is outside line {line}, whose last column is {last}")
        return start + column - 1

    def _lines(self) -> str:
        count = len(self.line_starts)
        return "1 line" if count == 1 else f"{count} lines"


@dataclass(frozen=True, slots=True)
class RecentEdit:
    r"""A place that the user has changed lately.

    Attributes:
        path: of the file.
        before: the whole lines that gave way, with `\n` between them; "" for none.
        after: those that stand there now.
    """

    path: Path
    before: str
    after: str


def units(text: str, encoding: Encoding) -> int:
    """Length of `text` in units of `encoding`: UTF-8 bytes, UTF-16 code units or code points."""
    if encoding is Encoding.UTF32 or text.isascii():
        return len(text)
    codec, width = _CODEC[encoding]
    return len(text.encode(codec, "surrogatepass")) // width


def index_of(line: str, count: int, encoding: Encoding) -> int:
    """Code-point index into `line` that lies `count` units of `encoding` after its start.

    A count in the middle of a character means the character's start; one outside the line, the
    line's nearer end. `line` holds no lone surrogates.
    """
    head = line[: max(count, 0)]
    if encoding is Encoding.UTF32 or head.isascii():
        return len(head)
    codec, width = _CODEC[encoding]
    return len(head.encode(codec)[: count * width].decode(codec, "ignore"))


def byte_length(text: str) -> int:
    """Length of `text` in UTF-8 bytes."""
    return units(text, Encoding.UTF8)


def split_lines(text: str) -> list[str]:
    """The lines of `text`, each with its line end; what follows the last line end, even if empty.

    So there is always a last line, and it alone has no line end.
    """
    lines = io.StringIO(text, newline="").readlines()  # universal newlines: exactly LSP's three
    if not lines or lines[-1].endswith(("\n", "\r")):
        lines.append("")
    return lines


def line_ending(text: str) -> str:
    """The line ending that `text` uses first; a newline where it has none."""
    match = _LINE_END.search(text)
    return match.group() if match else "\n"


def common_length(one: AnyStr, other: AnyStr) -> int:
    """How many characters, or bytes, both begin with; by halving: comparing is fast."""
    least, most = 0, min(len(one), len(other))
    while least < most:
        middle = (least + most + 1) // 2
        if one[least:middle] == other[least:middle]:
            least = middle
        else:
            most = middle - 1
    return least
