"""The part of a buffer that a prompt has room for, counted in tokens and cut between lines.

Only about as much text as fits is ever tokenised, however large the buffer.
"""

import re
from dataclasses import dataclass

from codegen_lsp.models.tokenizer import Tokenizer

_CHARACTERS_PER_TOKEN = 8
"""More than code has (about 4), so that a budget is seldom cut short by it."""

_LINES_PER_STEP = 16
"""A prefix window that does not fit starts at a multiple of this many lines. It then stays where it
is while the user types, and the KV cache of what follows stays valid until it moves."""

_NEWLINE = re.compile("\n")


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the buffer next to the cursor, and its token ids."""

    text: str
    ids: list[int]


def prefix_window(tokenizer: Tokenizer, text: str, budget: int) -> Window:
    """The end of `text`, of at most `budget` tokens.

    It starts at a line's start, unless the lines are so long that most of the window would be
    lost; then it starts inside one.
    """
    start = max(len(text) - budget * _CHARACTERS_PER_TOKEN, 0)
    if start:
        start = _next_start(text, start)
    ids, ends = tokenizer.encode_with_offsets(text[start:])
    while len(ids) > budget:
        # at least one character is cut off: a token may end inside the first
        surplus = max(ends[len(ids) - budget - 1], 1)
        start = _next_start(text, start + surplus)
        ids, ends = tokenizer.encode_with_offsets(text[start:])
    return Window(text[start:], ids)


def suffix_window(tokenizer: Tokenizer, text: str, budget: int) -> Window:
    """The beginning of `text`, of at most `budget` tokens; it ends after a line's end likewise."""
    end = min(len(text), budget * _CHARACTERS_PER_TOKEN)
    if end < len(text):
        end = _previous_end(text, end)
    ids, ends = tokenizer.encode_with_offsets(text[:end])
    while len(ids) > budget:
        room = ends[budget - 1] if budget else 0
        end = _previous_end(text, min(room, end - 1))
        ids, ends = tokenizer.encode_with_offsets(text[:end])
    return Window(text[:end], ids)


def _next_start(text: str, offset: int) -> int:
    """The best place to start a window at `offset` or not far behind it; `offset` is positive."""
    half_way = (offset + len(text)) // 2
    starts = [match.end() for match in _NEWLINE.finditer(text, offset - 1, half_way)]
    if not starts:
        return offset
    line = text.count("\n", 0, starts[0])
    lines_to_step = -line % _LINES_PER_STEP
    return starts[lines_to_step] if lines_to_step < len(starts) else starts[0]


def _previous_end(text: str, offset: int) -> int:
    """The place after the last newline before `offset`, if not far before it, else `offset`."""
    newline = text.rfind("\n", offset // 2, offset)
    return offset if newline < 0 else newline + 1
