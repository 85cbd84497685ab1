"""The part of a buffer that a prompt has room for, and when that part moves.

The policy. A prefix window is all text before the cursor as long as that fits. Then it starts at a
step start: of every `LINES_PER_STEP` lines of the document one, the least indented line of code,
behind a blank line if there is such a one, which mostly is where a definition starts. The window
takes as much as fits from such a start on. So it stays where it is while a user types, the KV cache
of all that it holds stays valid, and once in that many lines it moves on by a whole step. A suffix
window starts at the cursor and ends where a line ends; it changes when the text behind the cursor
does.

Nothing but the text decides, so a place seen before gets the window that it had before.

Only about as much text as fits is ever tokenised, however large the buffer.
"""

import re
from dataclasses import dataclass
from functools import lru_cache, partial
from zlib import crc32

from codegen_lsp.models.tokenizer import Tokenizer, utf8
from codegen_lsp.syntax.indentation import indent_width, line_at

_CHARACTERS_PER_TOKEN = 8
"""More than code has (about 4), so that a budget is seldom cut short by it."""

LINES_PER_STEP = 16
"""A smaller step means more of the buffer in the prompt, and reading it anew more often."""

_CHARACTERS_PER_STEP = 1024
"""Where lines are too long for steps of lines."""

_NEWLINE = re.compile("\n")
_NO_START = re.compile(r"[ \t]*(?:[)\]}]|\n|$)")


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the buffer next to the cursor.

    Attributes:
        text: all of it.
        ids: its tokens; shared with other windows, so not to be modified.
        tokens_above: how many of them stand above the last line, if that is tokenised by itself.
    """

    text: str
    ids: list[int]
    tokens_above: int = 0


def prefix_window(
    tokenizer: Tokenizer,
    text: str,
    budget: int,
    *,
    lines_per_step: int = LINES_PER_STEP,
    splits_line: bool = False,
) -> Window:
    """The end of `text`, of at most `budget` tokens.

    Where lines are so long that most of the window would be lost, it starts at some other line, or
    inside one, and moves by `_CHARACTERS_PER_STEP`.

    Args:
        tokenizer: of the model.
        text: all that stands before the cursor.
        budget: most tokens.
        lines_per_step: see above; one line per step places the window freshly each time.
        splits_line: the last line is tokenised by itself, even if that gives other tokens.
    """
    encode = partial(_encode_lines, tokenizer, splits_line or tokenizer.splits_at_lines)
    start = max(len(text) - budget * _CHARACTERS_PER_TOKEN, 0)
    if start:
        start = _next_start(text, start, lines_per_step)
    above, ids, ends = encode(text[start:])
    while len(ids) > budget:
        # at least one character is cut off: a token may end inside the first
        surplus = max(ends[len(ids) - budget - 1], 1)
        start = _next_start(text, start + surplus, lines_per_step)
        above, ids, ends = encode(text[start:])
    return Window(text[start:], ids, above)


def suffix_window(tokenizer: Tokenizer, text: str, budget: int) -> Window:
    """The beginning of `text`, of at most `budget` tokens; it ends after a line's end likewise."""
    end = min(len(text), budget * _CHARACTERS_PER_TOKEN)
    if end < len(text):
        end = _previous_end(text, end)
    ids, ends = _encode(tokenizer, text[:end])
    while len(ids) > budget:
        room = ends[budget - 1] if budget else 0
        end = _previous_end(text, min(room, end - 1))
        ids, ends = _encode(tokenizer, text[:end])
    return Window(text[:end], ids)


@lru_cache(maxsize=16)
def _encode(tokenizer: Tokenizer, text: str) -> tuple[list[int], list[int]]:
    """`encode_with_offsets`, remembered: between two keys nearly all of the text is the same."""
    return tokenizer.encode_with_offsets(text)


def _encode_lines(
    tokenizer: Tokenizer, splits: bool, text: str
) -> tuple[int, list[int], list[int]]:
    """The same for a text whose last line is being typed; first, the number of ids above that."""
    start = text.rfind("\n") + 1 if splits else 0
    ids, ends = _encode(tokenizer, text[:start])
    line_ids, line_ends = tokenizer.encode_with_offsets(text[start:])
    return len(ids), ids + line_ids, ends + [start + end for end in line_ends]


def _next_start(text: str, offset: int, lines_per_step: int) -> int:
    """The best place to start a window at `offset` or not far behind it; `offset` is positive."""
    half_way = (offset + len(text)) // 2
    starts = [match.end() for match in _NEWLINE.finditer(text, offset - 1, half_way)]
    if not starts:
        return _next_stop(offset, half_way)
    first = text.count("\n", 0, starts[0]) % lines_per_step  # its number within its step
    lines = _starts_of_lines_before(text, starts[0], first) + starts
    whole = len(lines) - lines_per_step
    for number in range(0, whole + 1, lines_per_step):
        best = min(lines[number : number + lines_per_step], key=partial(_rank, text))
        if best >= offset:
            return best
    stop = _next_stop(offset, half_way)
    return next((start for start in starts if start >= stop), starts[0])


def _next_stop(offset: int, half_way: int) -> int:
    """Where a window stops moving in text of long lines, if that is no farther than `half_way`."""
    stop = -(-offset // _CHARACTERS_PER_STEP) * _CHARACTERS_PER_STEP
    return stop if stop <= half_way else offset


def _starts_of_lines_before(text: str, start: int, count: int) -> list[int]:
    """Where the `count` lines begin that stand before the line which begins at `start`."""
    starts: list[int] = []
    for _ in range(count):
        start = text.rfind("\n", 0, start - 1) + 1
        starts.append(start)
    return starts[::-1]


def _rank(text: str, start: int) -> tuple[bool, int, bool, int]:
    """How well a window starts with the line at `start`: the least is best.

    Among equals what the lines say decides, not where they stand: mostly that makes the same choice
    after a line was added far above.
    """
    line = line_at(text, start)
    is_behind_blank_line = text.endswith("\n\n", 0, start)
    return (
        _NO_START.match(text, start) is not None,
        indent_width(line),
        not is_behind_blank_line,
        crc32(utf8(line)),
    )


def _previous_end(text: str, offset: int) -> int:
    """The place after the last newline before `offset`, if not far before it, else `offset`."""
    newline = text.rfind("\n", offset // 2, offset)
    return offset if newline < 0 else newline + 1
