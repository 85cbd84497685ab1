"""The open documents and the edits that the editor makes in them.

A document is kept as its list of lines, so that a keystroke costs one line and not the whole
text. Positions count units of the encoding negotiated with the client and are clamped to the
text, so that no edit fails. This module knows neither pygls nor the wire.
"""

import logging
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate, islice

from codegen_lsp.errors import UnknownDocumentError
from codegen_lsp.server.edits import Edit, least_edit
from codegen_lsp.text import Encoding, Position, Snapshot, index_of, split_lines, units

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Change:
    """One edit: `text` takes the place of what stands between two positions.

    Attributes:
        range: where the replaced text starts and ends; None replaces the whole document.
        text: what stands there afterwards.
    """

    range: tuple[Position, Position] | None
    text: str


class Document:
    """One open document.

    Attributes:
        uri: what the editor calls it.
        language: LSP language identifier such as "python".
        version: the editor's number of the present text.
        length: characters (code points) in the text.
    """

    def __init__(
        self, uri: str, language: str, version: int, text: str, encoding: Encoding
    ) -> None:
        self.uri = uri
        self.language = language
        self.version = version
        self._encoding = encoding
        self._snapshot: Snapshot | None = None
        self._set_text(text)

    def apply(self, changes: Iterable[Change], version: int) -> list[Edit]:
        """Carry out `changes`, each on the result of the one before; the text is then `version`.

        Returns what each of them has changed, in that order.
        """
        edits = [self._carry_out(change) for change in changes]
        self.version = version
        self._snapshot = None
        return edits

    def offset_at(self, position: Position) -> int:
        """Code-point offset of `position`, clamped.

        A line beyond the last means the end of the text; a character beyond the end of its line,
        the place before that line's end.
        """
        return self._offset(*self._locate(position))

    def clamped(self, position: Position) -> Position:
        """The place in the text that `position` means."""
        line, index = self._locate(position)
        return Position(line, units(self._lines[line][:index], self._encoding))

    def position_at(self, offset: int) -> Position:
        """Position of a code-point offset from 0 to `length`."""
        starts = list(accumulate(map(len, self._lines), initial=0))
        line = bisect_right(starts, offset, hi=len(self._lines)) - 1
        before = self._lines[line][: offset - starts[line]]
        return Position(line, units(before, self._encoding))

    def snapshot(self) -> Snapshot:
        """The document as it is now; joined from its lines once between two changes."""
        if self._snapshot is None:
            text = "".join(self._lines)
            self._snapshot = Snapshot(self.uri, self.version, self.language, text)
        return self._snapshot

    def _carry_out(self, change: Change) -> Edit:
        if change.range is not None:
            return self._replace(*change.range, change.text)
        before = "".join(self._lines)
        self._set_text(change.text)
        return least_edit(0, before, "".join(self._lines))

    def _set_text(self, text: str) -> None:
        self._lines = split_lines(_well_formed(text))
        self.length = sum(map(len, self._lines))

    def _offset(self, line: int, index: int) -> int:
        return sum(map(len, islice(self._lines, line))) + index

    def _locate(self, position: Position) -> tuple[int, int]:
        """Line number, and code-point index into that line, of `position`, clamped."""
        if position.line < 0:
            return 0, 0
        if position.line >= len(self._lines):
            return len(self._lines) - 1, len(self._lines[-1])
        line = self._lines[position.line].rstrip("\r\n")
        return position.line, index_of(line, position.character, self._encoding)

    def _replace(self, start: Position, end: Position, text: str) -> Edit:
        (first, left), (last, right) = sorted((self._locate(start), self._locate(end)))
        offset, inserted = self._offset(first, left), _well_formed(text)
        behind = "".join(self._lines[first : last + 1])[left:]
        removed = behind[: len(behind) - (len(self._lines[last]) - right)]
        # The line above is split anew as well: its "\r" and a "\n" that comes after it are one
        # line end. The line below needs no such care, for the last line keeps its own end.
        above = max(first - 1, 0)
        replaced = self._lines[above : last + 1]
        kept = [*self._lines[above:first], self._lines[first][:left]]
        lines = split_lines("".join([*kept, inserted, self._lines[last][right:]]))
        if last + 1 < len(self._lines):
            lines.pop()  # empty: the last line's end is followed by the line below
        self._lines[above : last + 1] = lines
        self.length += sum(map(len, lines)) - sum(map(len, replaced))
        return least_edit(offset, removed, inserted)


class Documents:
    """The documents that the editor has open, by URI.

    Attributes:
        encoding: what the positions of this client count.
    """

    def __init__(self, encoding: Encoding) -> None:
        self.encoding = encoding
        self._by_uri: dict[str, Document] = {}

    def __len__(self) -> int:
        return len(self._by_uri)

    @property
    def uris(self) -> list[str]:
        """Those of all open documents."""
        return list(self._by_uri)

    def open(self, uri: str, language: str, version: int, text: str) -> None:
        """Take in a document; one that is open under the same URI is replaced."""
        self._by_uri[uri] = Document(uri, language, version, text, self.encoding)

    def change(self, uri: str, version: int, changes: Iterable[Change]) -> list[Edit]:
        """Carry out `changes` in the order of the stream, whatever `version` says.

        Returns what each of them has changed, in that order.

        Raises:
            UnknownDocumentError: the document is not open.
        """
        document = self._known(uri)
        if version <= document.version:
            _log.warning("%s: version %d came after version %d", uri, version, document.version)
        return document.apply(changes, version)

    def close(self, uri: str) -> None:
        """Forget a document and free its text.

        Raises:
            UnknownDocumentError: the document is not open.
        """
        self._known(uri)
        del self._by_uri[uri]

    def get(self, uri: str) -> Document | None:
        """The document, if it is open."""
        return self._by_uri.get(uri)

    def _known(self, uri: str) -> Document:
        document = self._by_uri.get(uri)
        if document is None:
            raise UnknownDocumentError(f"{uri} is not open: the editor has to send didOpen first")
        return document


def _well_formed(text: str) -> str:
    """`text` with U+FFFD for every lone surrogate, which JSON lets through and no file can hold."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
