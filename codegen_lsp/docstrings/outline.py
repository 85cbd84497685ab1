"""A long definition cut down to what says most about it."""

import re
from collections.abc import Callable

_TELLING = re.compile(r"\s*(?:return|yield|raise|throw|def|class|async|fn|func|function|if|for)\b")
_GAP = "..."
_FIRST_LINES = 12
_LAST_LINES = 6


def shortened(source: str, limit: int, count: Callable[[str], int]) -> str:
    """`source` if `count` finds no more than `limit` in it, else its outline, as far as it fits.

    An outline has the first and the last lines, and of those between the statements at the body's
    own depth and where something is returned or raised; what is left out is a line of dots.
    """
    if count(source) <= limit:
        return source
    lines = source.split("\n")
    head, tail = lines[:_FIRST_LINES], lines[-_LAST_LINES:]
    middle = lines[_FIRST_LINES : max(len(lines) - _LAST_LINES, _FIRST_LINES)]
    for kept in (_outline(middle), _at_depth(middle), []):
        outline = "\n".join([*head, *_with_gaps(middle, kept), *tail])
        if count(outline) <= limit:
            return outline
    return _cut("\n".join([*head, _GAP]), limit, count)


def _outline(lines: list[str]) -> list[int]:
    """Numbers of the lines at the least depth, and of those that return or raise something."""
    shallow = set(_at_depth(lines))
    return [
        number for number, line in enumerate(lines) if number in shallow or _TELLING.match(line)
    ]


def _at_depth(lines: list[str]) -> list[int]:
    depths = {number: _depth(line) for number, line in enumerate(lines) if line.strip()}
    least = min(depths.values(), default=0)
    return [number for number, depth in depths.items() if depth == least]


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _with_gaps(lines: list[str], kept: list[int]) -> list[str]:
    outline: list[str] = []
    following = 0
    for number in kept:
        if number > following:
            outline.append(_GAP)
        outline.append(lines[number])
        following = number + 1
    return [*outline, _GAP] if following < len(lines) else outline


def _cut(text: str, limit: int, count: Callable[[str], int]) -> str:
    """The beginning of `text` that fits; lines may be longer than any limit."""
    while count(text) > limit:
        text = text[: len(text) * 3 // 4]
    return text
