"""A line that stands next to the cursor already."""

import re
from collections.abc import Sequence

from codegen_lsp.completion.filters.candidate import Candidate
from codegen_lsp.completion.filters.lines import Surrounded, is_same, surrounded, weight
from codegen_lsp.completion.following import CodeLine
from codegen_lsp.completion.reasons import Reason

_LEAST_WEIGHT = 8  # in letters: closers, `else:` and `pass` have less
_REPEATABLE = re.compile(r"[\"'`\d\[({<+-].*|.*,|(?:await )?[\w.:]+!?\(.*\);?")  # data, calls


def repeats_next_line(candidate: Candidate) -> str | Reason:
    """No text that makes the cursor's line what the next line is, or the one above it.

    What is repeated as a whole, in lines of its own, has been dropped before; here are lines whose
    start the user has typed. Data and calls may be repeated below themselves, and so may what the
    lines on one side repeat already.
    """
    around = surrounded(candidate)
    if _is_pattern(around.above[-2:]) or _is_pattern(around.below[:2]):
        return candidate.text
    if _says_below(around) or _says_above(around):
        return Reason.REPEATS_NEXT_LINE
    return candidate.text


def _is_pattern(lines: Sequence[CodeLine]) -> bool:
    return len(lines) == 2 and is_same(*lines)


def _says_below(around: Surrounded) -> bool:
    own = around.own
    if weight(*own) < _LEAST_WEIGHT or len(own) > len(around.below):
        return False
    return all(map(is_same, own, around.below))


def _says_above(around: Surrounded) -> bool:
    if len(around.own) != 1 or not around.above:
        return False
    line = around.own[0]
    if weight(line) < _LEAST_WEIGHT or _REPEATABLE.fullmatch(line.content):
        return False
    return is_same(line, around.above[-1])
