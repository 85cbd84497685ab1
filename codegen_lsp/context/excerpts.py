"""Excerpts: lines of files as they are: code like that at the cursor, and imports out of sight."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from codegen_lsp.context.bindings import Binding
from codegen_lsp.context.chosen import Source
from codegen_lsp.context.library import Library
from codegen_lsp.context.place import Place
from codegen_lsp.context.records import Chunk
from codegen_lsp.syntax.delimiters import spans
from codegen_lsp.syntax.languages import language_of
from codegen_lsp.syntax.parsing import parse

_TRUST = 0.7  # see `candidates.TRUST`
_TRUST_IN_IMPORT = 0.8
_LEAST_LIKENESS = 0.3
_RECENT, _LEAST_LIKENESS_IN_RECENT = 1.25, 0.2  # of files that were open or edited lately
_MOST_TERMS = 24
_LEAST_TERMS = 3
_MOST_CHUNKS, _MOST_CUT = 12, 4
_MOST_LINES, _LINES_BEFORE = 14, 4
_MOST_SHARED = 0.5
_TELLING_LINE = 8  # characters of a line that two texts do not share by accident
_NAME = re.compile(r"[A-Za-z_]\w{2,}")
_LONGEST_IMPORT = 240
_COMMON = frozenset(
    {"self", "this", "cls", "None", "True", "False", "str", "int", "args", "kwargs"}
)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Lines of a file.

    Attributes:
        file: its name.
        line: the first one's number, from one.
        text: whole lines, with no newline at the end.
        source: what they were found by.
        score: above 0, at most 1.
    """

    file: str
    line: int
    text: str
    source: Source
    score: float


def similar(place: Place, library: Library, recent: Collection[str] = ()) -> Iterator[Excerpt]:
    """Code of other files that uses the names used at the cursor, the most similar first.

    Files that were open or edited lately, which `recent` names, count for more.
    """
    wanted = _terms(place)
    if len(wanted) < _LEAST_TERMS:
        return
    ranked: list[tuple[float, Chunk]] = []
    for chunk in library.search(list(wanted), _MOST_CHUNKS):
        names = set(_NAME.findall(chunk.text))
        likeness = sum(wanted[name] for name in wanted.keys() & names) / sum(wanted.values())
        is_recent = chunk.file in recent
        if likeness >= (_LEAST_LIKENESS_IN_RECENT if is_recent else _LEAST_LIKENESS):
            ranked.append((likeness * (_RECENT if is_recent else 1), chunk))
    ranked.sort(key=lambda each: (-each[0], each[1].file, each[1].start_line))
    for likeness, chunk in ranked[:_MOST_CUT]:
        line, text = _cut(chunk, wanted)
        if not _repeats(text, place):
            source: Source = "recent" if chunk.file in recent else "similar"
            yield Excerpt(chunk.file, line, text, source, _TRUST * likeness)


def hidden_imports(
    place: Place, library: Library, bindings: Sequence[Binding]
) -> Iterator[Excerpt]:
    """Import statements of the file itself that a prompt no longer shows."""
    scores: dict[int, float] = {}
    for binding in bindings:
        score = _TRUST_IN_IMPORT * place.need_of(binding.alias)
        if binding.offset < place.shown[0] and (binding.files or binding.alias in place.near):
            scores[binding.offset] = max(scores.get(binding.offset, 0.0), score)
    for offset, score in scores.items():
        text = _statement(place.text, offset)
        yield Excerpt(library.name, place.line_of(offset), text, "scope", score)


def _terms(place: Place) -> dict[str, float]:
    """The names near the cursor that say what is done there, the nearest first."""
    telling = {
        name: nearness
        for name, nearness in place.near.items()
        if len(name) > 2 and name not in _COMMON
    }
    nearest = sorted(telling.items(), key=lambda item: (-item[1], item[0]))
    return dict(nearest[:_MOST_TERMS])


def _cut(chunk: Chunk, wanted: dict[str, float]) -> tuple[int, str]:
    """The lines of `chunk` that hold most of what is wanted, cut where no bracket is open."""
    lines = chunk.text.rstrip("\n").split("\n")
    if len(lines) <= _MOST_LINES:
        return chunk.start_line, "\n".join(lines)
    worth = [sum(wanted.get(name, 0.0) for name in set(_NAME.findall(line))) for line in lines]
    sums = [0.0, *accumulate(worth)]
    last = len(lines) - _MOST_LINES
    start = max(range(last + 1), key=lambda at: (sums[at + _MOST_LINES] - sums[at], -at))
    starts = [at for at in _statement_lines(chunk) if at < len(lines)]
    first = max((at for at in starts if at <= start), default=0)
    ends = [at for at in starts if first < at <= start + _MOST_LINES]
    end = ends[-1] if ends and len(lines) > start + _MOST_LINES else start + _MOST_LINES
    return chunk.start_line + first, "\n".join(lines[first:end]).rstrip()


def _statement_lines(chunk: Chunk) -> list[int]:
    """Numbers of the lines, from zero, at which no bracket or string is open."""
    text = chunk.text
    tree = parse(language_of(Path(chunk.file)), text)
    open_in: set[int] = set()
    for span in spans(tree) if tree is not None else ():
        first = text.count("\n", 0, span.start)
        if span.opener != "{" and span.end is not None:
            open_in |= set(range(first + 1, first + 1 + text.count("\n", span.start, span.end)))
    return [at for at in range(text.count("\n") + 1) if at not in open_in]


def _repeats(text: str, place: Place) -> bool:
    """Whether much of `text` stands at the cursor already: models then say it once more."""
    start, end = place.shown
    here = {line.strip() for line in place.text[start:end].split("\n")}
    telling = [line.strip() for line in text.split("\n") if len(line.strip()) >= _TELLING_LINE]
    return not telling or sum(line in here for line in telling) > _MOST_SHARED * len(telling)


def _statement(text: str, offset: int) -> str:
    """The import statement at `offset`, on one line."""
    end = _line_end(text, offset)
    for opener, closer in (("(", ")"), ("{", "}")):
        if opener in text[offset:end] and closer not in text[offset:end]:
            end = _line_end(text, max(text.find(closer, end), offset))
    statement = " ".join(text[offset:end].split())
    return statement.replace("( ", "(").replace(", )", ")")[:_LONGEST_IMPORT]


def _line_end(text: str, offset: int) -> int:
    end = text.find("\n", offset)
    return len(text) if end < 0 else end
