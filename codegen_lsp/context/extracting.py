"""Extracting: from a file's text to what the index keeps of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from codegen_lsp.context.packing import indexed_words, pack
from codegen_lsp.context.records import Symbol
from codegen_lsp.syntax.definitions import Definition, definitions
from codegen_lsp.syntax.parsing import parse
from codegen_lsp.text import Snapshot

LONGEST_RUN = 40
"""Lines of a chunk that is no definition."""

LONGEST_DEFINITION = 60
"""Lines up to which a definition is one chunk; a longer one is cut at its members."""

_SHORTEST_DEFINITION = 4
_MOST_CHARACTERS = 8_000
_MOST_SYMBOLS = 2_000
_FUNCTIONS = ("function", "method")
_ABOVE = ("@", "#", "//", "/*", "*", "--", "[")
"""What begins the lines of comments and attributes that belong to the definition below."""


@dataclass(frozen=True, slots=True)
class RawChunk:
    """A chunk in the making.

    Attributes:
        start_line: its first line, from one.
        end_line: its last line.
        packed: whole lines, packed.
        words: of them, separated by spaces.
    """

    start_line: int
    end_line: int
    packed: bytes
    words: str


@dataclass(frozen=True, slots=True)
class Extract:
    """What the index keeps of a file, both in the order of its text."""

    symbols: tuple[Symbol, ...] = ()
    chunks: tuple[RawChunk, ...] = ()


@dataclass(frozen=True, slots=True)
class _Lines:
    """Zero-based numbers of the first line and of the one behind the last."""

    start: int
    end: int


def extract(name: str, language: str, text: str) -> Extract:
    """Symbols and chunks of the file `name`, however broken its text is.

    Local functions and classes are no symbols: nothing outside can use them.
    """
    snapshot = Snapshot(name, 0, language, text)
    tree = parse(language, text)
    found = [] if tree is None else _without_locals(definitions(tree))
    return Extract(
        symbols=tuple(_symbol(snapshot, each) for each in found[:_MOST_SYMBOLS]),
        chunks=tuple(_chunks(snapshot, found)),
    )


def _without_locals(found: Sequence[Definition]) -> list[Definition]:
    kept: list[Definition] = []
    function_end = -1
    for each in found:
        if each.start < function_end:
            continue
        kept.append(each)
        if each.kind in _FUNCTIONS and each.body is not None:
            function_end = each.end
    return kept


def _symbol(snapshot: Snapshot, found: Definition) -> Symbol:
    lines = _lines_of(snapshot, found)
    return Symbol(
        file=snapshot.uri,
        name=found.name,
        kind=found.kind,
        container=found.container,
        signature=found.signature,
        docstring=found.docstring,
        start_line=lines.start + 1,
        end_line=lines.end,
    )


def _lines_of(snapshot: Snapshot, found: Definition) -> _Lines:
    last = snapshot.line_of(max(found.end - 1, found.start))
    return _Lines(snapshot.line_of(found.start), last + 1)


def _chunks(snapshot: Snapshot, found: Sequence[Definition]) -> Iterator[RawChunk]:
    starts = snapshot.line_starts
    lines = [snapshot.text[start:end] for start, end in pairwise([*starts, len(snapshot.text)])]
    for cut in _cuts(lines, [_lines_of(snapshot, each) for each in found]):
        said = [number for number in range(cut.start, cut.end) if lines[number].strip()]
        if said:
            start, end = said[0], said[-1] + 1
            text = "".join(lines[start:end])[:_MOST_CHARACTERS]
            yield RawChunk(start + 1, end, pack(text), indexed_words(text))


def _cuts(lines: Sequence[str], found: Sequence[_Lines]) -> Iterator[_Lines]:
    """The lines of each chunk: definitions of a handy size, and runs of what is between them."""
    done = 0
    for each in found:
        if each.start < done or each.end - each.start < _SHORTEST_DEFINITION:
            continue
        start = _with_comments(lines, each.start, done)
        yield from _runs(lines, done, start)
        done = start
        if each.end - start <= LONGEST_DEFINITION:
            yield _Lines(start, each.end)
            done = each.end
    yield from _runs(lines, done, len(lines))


def _with_comments(lines: Sequence[str], start: int, done: int) -> int:
    """First line of the comments and attributes that stand directly above line `start`."""
    first = max(done, start - LONGEST_RUN)
    while start > first and lines[start - 1].lstrip().startswith(_ABOVE):
        start -= 1
    return start


def _runs(lines: Sequence[str], start: int, end: int) -> Iterator[_Lines]:
    """Runs of at most `LONGEST_RUN` lines, cut behind a blank line where there is one."""
    while end - start > LONGEST_RUN:
        latest = start + LONGEST_RUN
        blank = (
            at for at in range(latest, start + LONGEST_RUN // 2, -1) if not lines[at - 1].strip()
        )
        cut = next(blank, latest)
        yield _Lines(start, cut)
        start = cut
    if start < end:
        yield _Lines(start, end)
