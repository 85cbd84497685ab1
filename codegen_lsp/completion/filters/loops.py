"""Text that says the same again and again, as small models do once they have begun."""

import re
from collections.abc import Sequence

from codegen_lsp.completion.filters.candidate import Candidate
from codegen_lsp.completion.filters.lines import Surrounded, surrounded, weight, words
from codegen_lsp.completion.following import CodeLine
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.syntax.indentation import last_line

_LEAST_WEIGHT = 8  # of a repeated line, in letters
_LEAST_BLOCK_WEIGHT = 20
_NEVER = 1_000_000
_LEAST_UNIT, _LEAST_COPIES, _LEAST_TAIL = 3, 5, 60  # of what is repeated within a line
_MOST_TAIL = 600
_WORD = re.compile(r"[^\W\d_]{3}")

_Key = tuple[int, str]


def without_loops(candidate: Candidate) -> str | Reason:
    """The text up to where it begins to repeat itself; no text that repeats the lines above.

    Lines repeat themselves with the third copy of one line, or the second of two lines or more, if
    that goes on to the end of the text. What the lines above the cursor already do is taken for a
    pattern and may go on.
    """
    around, text = surrounded(candidate), candidate.text
    end = _end_before_loop(around, text)
    kept = text if end is None else text[: max(end, 0)].rstrip()
    lines = [line for line in around.own if line.start < len(kept)]
    if (text and not kept) or _repeats_above(around.above, lines):
        return Reason.LOOPS
    return kept


def _end_before_loop(around: Surrounded, text: str) -> int | None:
    """Offset of the first line of `text` that repeats what came before it."""
    if not _is_pattern(around.above):
        copy = _second_copy(around.own)
        if copy is not None:
            return copy.start
    line = last_line(text)
    return len(text) - len(line) if _repeats_itself(line) else None


def _key(line: CodeLine) -> _Key:
    return line.indent, words(line)


def _second_copy(lines: Sequence[CodeLine]) -> CodeLine | None:
    """The line from which on the lines only say again, to their end, what stands before it."""
    lines = list(lines)
    while lines and not weight(lines[-1]):  # the closers of what surrounds the loop
        lines.pop()
    keys = [_key(line) for line in lines]
    for period in range(1, len(keys) // 2 + 1):
        first = len(keys)
        while first > period and keys[first - 1] == keys[first - 1 - period]:
            first -= 1
        if len(keys) - first >= _wanted(lines[first - period : first]):
            return lines[first]
    return None


def _wanted(block: Sequence[CodeLine]) -> int:
    """How many lines must follow `block` and repeat it, for it to be a loop."""
    if len(block) > 1 and weight(*block) >= _LEAST_BLOCK_WEIGHT:
        return len(block)
    return 2 * len(block) if weight(*block) >= _LEAST_WEIGHT else _NEVER


def _is_pattern(above: Sequence[CodeLine]) -> bool:
    """Whether the last lines above the cursor repeat each other."""
    keys = [_key(line) for line in above]
    return any(keys[-n:] == keys[-2 * n : -n] for n in range(1, len(keys) // 2 + 1))


def _repeats_above(above: Sequence[CodeLine], own: Sequence[CodeLine]) -> bool:
    """Whether `own`, two lines or more, are the last lines above once more."""
    count = len(own)
    if count < 2 or weight(*own) < _LEAST_BLOCK_WEIGHT or _is_pattern(above):
        return False
    return list(map(_key, own)) == list(map(_key, above[-count:]))


def _repeats_itself(line: str) -> bool:
    """Whether the end of `line` is one short text many times over."""
    line = line[-_MOST_TAIL:]
    for size in range(_LEAST_UNIT, len(line) // _LEAST_COPIES + 1):
        least = max(_LEAST_COPIES * size, _LEAST_TAIL)
        tail = line[-least:]
        if len(tail) == least and tail[size:] == tail[:-size]:
            return _WORD.search(tail) is not None
    return False
