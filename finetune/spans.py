"""What a model is to write: parts of a file, drawn by chance, of every kind that it is asked for.

Half are parts of the tree, for they train better than random ones (Gong et al. 2025, AST-FIM, arXiv
2506.00204); the rest begins where people stop typing, at any character of a line. Every part ends
where the prompt's suffix begins: closers of what the cursor's line has opened belong to it, since
the server takes those that an editor has put there for none.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from codegen_lsp.completion.replacing import auto_closed
from codegen_lsp.context.secrets import PLACEHOLDER
from codegen_lsp.syntax.spans import spans
from finetune.corpus import SourceFile
from finetune.trees import tree_of

Kind = Literal[
    "statement",
    "block",
    "arguments",
    "expression",
    "end_of_line",
    "block_end",
    "random",
    "empty",
]

MIX: Mapping[Kind, float] = {
    "statement": 0.18,
    "block": 0.07,
    "arguments": 0.08,
    "expression": 0.12,
    "end_of_line": 0.30,
    "block_end": 0.15,
    "random": 0.07,
    "empty": 0.03,
}
"""Share of each kind in training."""

LONGEST_LINES = 32
_LONGEST = 1600
"""Characters; more than the tokens that may be trained on at once."""
_LONGEST_RANDOM = 200
_TRIES = 12
_INDENTATION = re.compile(r"[ \t]*")
_Drawn = tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a file: offsets of its first character and behind its last, and its kind."""

    start: int
    end: int
    kind: Kind


class Drawer:
    """Draws from one file, which is parsed once."""

    def __init__(self, file: SourceFile, places: Sequence[tuple[int, int]] = ()) -> None:
        """Draw from `file`; where `places` are given, spans of offsets, from within these only."""
        self._text = file.text
        self._places = places
        tree = tree_of(file.language, file.text)
        parts = None if tree is None else spans(tree)
        self._nodes: dict[Kind, list[tuple[int, int]]] = {
            "statement": self._fitting(parts.statements if parts else []),
            "block": self._fitting(parts.blocks if parts else []),
            "arguments": self._fitting(parts.arguments if parts else []),
            "expression": self._fitting(parts.expressions if parts else []),
        }
        self._blocks = [
            block
            for block in (parts.blocks if parts else [])
            if "\n" in self._text[slice(*block)] and self._is_allowed(*block, is_part=True)
        ]
        self._lines = [
            (start, end)
            for start, end in _lines(self._text)
            if self._is_allowed(start, end, is_part=True)
        ]
        self._marks = [found.span() for found in re.finditer(re.escape(PLACEHOLDER), self._text)]
        self._ways: dict[Kind, Callable[[random.Random], _Drawn]] = {
            "block": self._block,
            "block_end": self._block_end,
            "end_of_line": self._end_of_line,
            "random": self._random,
            "empty": self._empty,
        }

    def draw(self, chance: random.Random, mix: Mapping[Kind, float] = MIX) -> Span | None:
        """A span of a kind drawn from `mix`; of another where the file has none; None after all."""
        kinds, weights = list(mix), list(mix.values())
        for _ in range(_TRIES):
            (kind,) = chance.choices(kinds, weights)
            way = self._ways.get(kind)
            drawn = way(chance) if way else _choice(chance, self._nodes[kind])
            if drawn is not None and (span := self._finished(*drawn, kind)) is not None:
                return span
        return None

    def _finished(self, start: int, end: int, kind: Kind) -> Span | None:
        """The span with the closers that belong to it; None if it is none to learn from."""
        prefix = self._text[max(start - 1000, 0) : start]
        while closed := auto_closed(prefix, self._text[end : end + 1000]):
            end += closed
        middle = self._text[start:end]
        is_blank = not middle.strip()
        if is_blank != (kind == "empty") or (is_blank and middle):
            return None
        if middle.count("\n") >= LONGEST_LINES or not self._is_allowed(start, end):
            return None
        if any(first < max(end, start + 1) and start <= last for first, last in self._marks):
            return None
        return Span(start, end, kind)

    def _is_allowed(self, start: int, end: int, *, is_part: bool = False) -> bool:
        """Whether a span is in one of the places; whether it touches one if `is_part`."""
        if not self._places:
            return True
        if is_part:
            return any(first < end and start < last for first, last in self._places)
        return any(first <= start and end <= last for first, last in self._places)

    def _fitting(self, parts: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        return [
            (start, end)
            for start, end in parts
            if 1 < end - start <= _LONGEST
            and self._text.count("\n", start, end) < LONGEST_LINES
            and self._is_allowed(start, end)
        ]

    def _block(self, chance: random.Random) -> _Drawn:
        """A block from its first statement on, or from the end of the line that opens it."""
        drawn = _choice(chance, self._nodes["block"])
        if drawn is None or chance.random() < 0.5:
            return drawn
        opened = len(self._text[: drawn[0]].rstrip())
        return (opened, drawn[1]) if "\n" in self._text[opened : drawn[0]] else drawn

    def _block_end(self, chance: random.Random) -> _Drawn:
        """From one of the last lines of a block to its end."""
        block = _choice(chance, self._blocks)
        if block is None:
            return None
        start, end = block
        lines = [(start + a, start + b) for a, b in _lines(self._text[start:end])]
        first, last = chance.choice(lines[-LONGEST_LINES:])
        at_start = chance.random() < 0.5
        return (first if at_start else chance.randint(first, last - 1)), end

    def _end_of_line(self, chance: random.Random) -> _Drawn:
        line = _choice(chance, self._lines)
        return None if line is None else (chance.randint(line[0], line[1] - 1), line[1])

    def _random(self, chance: random.Random) -> _Drawn:
        line = _choice(chance, self._lines)
        if line is None:
            return None
        start = chance.randint(line[0], line[1] - 1)
        return start, min(start + chance.randint(1, _LONGEST_RANDOM), len(self._text))

    def _empty(self, chance: random.Random) -> _Drawn:
        """Where nothing is missing: mostly the end of a line, or between two words of one."""
        line = _choice(chance, self._lines)
        if line is None:
            return None
        at = line[1] if chance.random() < 0.7 else chance.randint(*line)
        is_inside_word = self._text[at - 1 : at].isalnum() and self._text[at : at + 1].isalnum()
        return None if is_inside_word else (at, at)


def _choice(chance: random.Random, parts: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    return chance.choice(parts) if parts else None


def _lines(text: str) -> list[tuple[int, int]]:
    """From the first character of code to behind the last, of each line that has any."""
    found, start = [], 0
    for line in text.split("\n"):
        if code := line.strip():
            first = start + len(line) - len(line.lstrip())
            found.append((first, first + len(code)))
        start += len(line) + 1
    return found
