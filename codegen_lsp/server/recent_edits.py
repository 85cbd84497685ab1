"""What the user has changed lately, place by place: an edit here says what comes next elsewhere.

Typing costs next to nothing. Texts are compared only when somebody asks: each document's with what
it was before the edits of the last minutes.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

from codegen_lsp.server.client import path_of
from codegen_lsp.server.documents import Document, Documents
from codegen_lsp.server.edits import least_edit
from codegen_lsp.text import RecentEdit, Snapshot

LATELY_S = 300.0
_STEP_S = 150.0  # between two texts kept of one document
_MOST_PLACES = 6
_MOST_LINES, _MOST_CHARACTERS = 12, 1_000  # of a place, before and after
_LARGEST = 500_000  # characters of a document
_MOST_COMPARED = 2_000  # lines: comparing them takes about a millisecond
_KEYS = ("PRIVATE KEY", "PuTTY-User-Key-File")  # a part of a key is not known for one


@dataclass(slots=True)
class _Edited:
    """A document that was opened or edited lately.

    Attributes:
        document: as the editor has it.
        path: of its file.
        texts: what it was, the oldest first, each with the time of the latest change before it.
        changed_at: the time of the latest change.
        looked_at: what it was when it was looked at last.
        edits: what was found then, each with the time of its latest change.
    """

    document: Document
    path: Path
    texts: list[tuple[float, str]]
    changed_at: float
    looked_at: Snapshot
    edits: dict[RecentEdit, float] = field(default_factory=dict)

    def look(self, now: float) -> None:
        """Find out what has changed, unless nothing has since the last time."""
        snapshot = self.document.snapshot()
        if snapshot is self.looked_at:
            return
        self.looked_at = snapshot
        while len(self.texts) > 1 and self.texts[1][0] < now - LATELY_S:
            self.texts.pop(0)
        found = changed_places(self.path, self.texts[0][1], snapshot.text)
        self.edits = {edit: self.edits.get(edit, self.changed_at) for edit in found}
        if self.changed_at > self.texts[-1][0] + _STEP_S:
            self.texts.append((self.changed_at, snapshot.text))


class RecentEdits:
    """The edits of the last minutes in all open documents that are files."""

    def __init__(self, documents: Documents, clock: Callable[[], float] = time.monotonic) -> None:
        """Compare the texts of `documents`; `clock` tells seconds."""
        self._documents = documents
        self._clock = clock
        self._by_uri: dict[str, _Edited] = {}

    def touched(self, uri: str) -> None:
        """A document was opened or is about to change; called at every key."""
        document = self._documents.get(uri)
        path = path_of(uri)
        if document is None or path is None or not path.is_absolute():
            return
        now = self._clock()
        known = self._by_uri.get(uri)
        if known is None or known.document is not document or now - known.changed_at > LATELY_S:
            if document.length > _LARGEST:
                return
            snapshot = document.snapshot()
            known = _Edited(document, path, [(now, snapshot.text)], now, snapshot)
            self._by_uri[uri] = known
        known.changed_at = now

    def collect(self) -> tuple[RecentEdit, ...]:
        """The places edited lately, the latest first."""
        now = self._clock()
        self._by_uri = {
            uri: each
            for uri, each in self._by_uri.items()
            if self._documents.get(uri) is each.document
            and each.document.length <= _LARGEST
            and now - each.changed_at <= LATELY_S
        }
        found: list[tuple[float, RecentEdit]] = []
        for each in self._by_uri.values():
            each.look(now)
            found += [(at, edit) for edit, at in each.edits.items() if now - at <= LATELY_S]
        found.sort(key=lambda timed: -timed[0])
        return tuple(edit for _, edit in found[:_MOST_PLACES])


def changed_places(path: Path, before: str, after: str) -> list[RecentEdit]:
    """The small places, in whole lines, where two texts of the file `path` differ.

    What differs in white space only is left out, and all of a file that holds a private key.
    """
    edit = least_edit(0, before, after)
    is_same = not edit.removed and not edit.inserted
    if is_same or any(key in text for key in _KEYS for text in (before, after)):
        return []
    start = before.rfind("\n", 0, edit.offset) + 1
    old = _lines(before, start, edit.offset + edit.removed)
    new = _lines(after, start, edit.offset + edit.inserted)
    if max(len(old), len(new)) > _MOST_COMPARED:
        return []
    return [
        RecentEdit(path, removed, added)
        for removed, added in _differences(old, new)
        if removed.split() != added.split() and max(len(removed), len(added)) <= _MOST_CHARACTERS
    ]


def _differences(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    for kind, first, last, start, end in SequenceMatcher(None, old, new).get_opcodes():
        if kind != "equal" and max(last - first, end - start) <= _MOST_LINES:
            yield "\n".join(old[first:last]), "\n".join(new[start:end])


def _lines(text: str, start: int, end: int) -> list[str]:
    """The lines of `text` from `start`, where one begins, to the one that holds `end`."""
    line_end = text.find("\n", end)
    part = text[start : line_end if line_end >= 0 else len(text)]
    return [line.removesuffix("\r") for line in part.split("\n")]
