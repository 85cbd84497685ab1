"""Texts that the user has just deleted, undone or rejected, and does not want back at once."""

from collections import defaultdict
from dataclasses import dataclass, replace

from codegen_lsp.server.edits import Edit, least_edit

FORGOTTEN_AFTER_S = 120.0

_NEAR_LINES = 2
_MOST_TEXTS = 8  # of each document and kind
_SHORTEST = 4  # characters without white space


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    line: int
    offset: int
    at: float


class Unwelcome:
    """What was deleted and rejected lately, by document; all times in seconds of one clock."""

    def __init__(self) -> None:
        self._deleted: defaultdict[str, list[_Text]] = defaultdict(list)
        self._rejected: defaultdict[str, list[_Text]] = defaultdict(list)
        self._deleting: set[str] = set()  # documents whose latest change was a deletion

    def changed(self, uri: str, before: str, after: str, now: float) -> bool:
        """A document has changed; returns whether something worth remembering was deleted.

        What is deleted key by key is one text.
        """
        edit = _from_line_start(before, least_edit(0, before, after))
        removed = before[edit.offset : edit.offset + edit.removed]
        if not removed or edit.inserted >= edit.removed:
            self._deleting.discard(uri)
            return False
        texts = self._deleted[uri]
        new = _Text(removed, before.count("\n", 0, edit.offset), edit.offset, now)
        latest = texts[-1] if texts and uri in self._deleting else None
        self._deleting.add(uri)
        if latest is not None and latest.offset == edit.offset + edit.removed:  # Backspace
            texts[-1] = replace(new, text=removed + latest.text)
        elif latest is not None and latest.offset == edit.offset:  # Delete
            texts[-1] = replace(new, text=latest.text + removed)
        else:
            texts.append(new)
        del texts[:-_MOST_TEXTS]
        return len("".join(texts[-1].text.split())) >= _SHORTEST

    def rejected(self, uri: str, text: str, line: int, now: float) -> None:
        """A suggestion at `line`, from zero, was rejected."""
        self._rejected[uri].append(_Text(text, line, -1, now))
        del self._rejected[uri][:-_MOST_TEXTS]

    def near(self, uri: str, line: int, now: float) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What was deleted, and what was rejected, near `line` of a document."""
        return _near(self._deleted.get(uri, []), line, now), _near(
            self._rejected.get(uri, []), line, now
        )

    def closed(self, uri: str) -> None:
        """A document is gone."""
        self._deleting.discard(uri)
        self._deleted.pop(uri, None)
        self._rejected.pop(uri, None)


def _from_line_start(before: str, edit: Edit) -> Edit:
    """The same edit, but for lines that are deleted: from the start of a line on, if it can be.

    Where the line below them begins alike, it cannot be seen which of the two beginnings has gone.
    """
    start, end = before.rfind("\n", 0, edit.offset) + 1, edit.offset + edit.removed
    earlier = edit.offset - start
    is_same = before[start : edit.offset] == before[end - earlier : end]
    if edit.inserted or not is_same or "\n" not in before[edit.offset : end]:
        return edit
    return Edit(start, edit.removed, 0)


def _near(texts: list[_Text], line: int, now: float) -> tuple[str, ...]:
    return tuple(
        each.text
        for each in texts
        if now - each.at < FORGOTTEN_AFTER_S and abs(each.line - line) <= _NEAR_LINES
    )
