"""What an edit does to places in a document: pieces of text are followed through it.

All numbers are code points; no text is kept.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from codegen_lsp.text import common_length


@dataclass(frozen=True, slots=True)
class Edit:
    """At `offset`, `removed` characters have given way to `inserted` ones."""

    offset: int
    removed: int
    inserted: int


@dataclass(frozen=True, slots=True)
class Span:
    """The characters from `start` up to `end`."""

    start: int
    end: int


def least_edit(offset: int, removed: str, inserted: str) -> Edit:
    """The edit that puts `inserted` in place of `removed`, without what both begin or end with.

    Editors replace whole lines, or the whole document, to change a word in it.
    """
    if removed and inserted:
        same = common_length(removed, inserted)
        offset, removed, inserted = offset + same, removed[same:], inserted[same:]
        same = common_length(removed[::-1], inserted[::-1])
        removed, inserted = removed[: len(removed) - same], inserted[: len(inserted) - same]
    return Edit(offset, len(removed), len(inserted))


def around(span: Span, edit: Edit) -> Span:
    """Where `span` is after `edit`, with whatever was inserted in it or at its ends."""
    end = edit.offset + edit.removed
    if end < span.start:
        by = edit.inserted - edit.removed
        return Span(span.start + by, span.end + by)
    if edit.offset > span.end:
        return span
    start = min(span.start, edit.offset)
    return Span(start, edit.offset + edit.inserted + max(span.end - end, 0))


def what_remains(spans: Iterable[Span], edit: Edit) -> list[Span]:
    """Where those characters of `spans` are after `edit` that it has left."""
    return [span for each in spans for span in _cut(each, edit)]


def _cut(span: Span, edit: Edit) -> Iterator[Span]:
    if span.start < edit.offset:
        yield Span(span.start, min(span.end, edit.offset))
    end, by = edit.offset + edit.removed, edit.inserted - edit.removed
    if span.end > end:
        yield Span(max(span.start, end) + by, span.end + by)
