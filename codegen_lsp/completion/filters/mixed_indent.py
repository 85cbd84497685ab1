"""Lines that are indented with tabs in a file of spaces, or the other way round."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from codegen_lsp.completion.filters.candidate import Candidate
from codegen_lsp.completion.filters.literals import in_code
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.syntax.blocks import block_style
from codegen_lsp.syntax.indentation import last_line
from codegen_lsp.syntax.languages import line_comment

# Not the lines of a block comment, which begin with a blank and a star.
_LINE = re.compile(r"(?m)^([ \t]*)(?!\*(?:[ */]|$))(\S.*)$")
_STARRED = re.compile(r"(?<=\n)\t+(?= \*)")
_BRACKETS = ("{", "(", "[")
_CLOSERS = ("}", ")", "]")
_CASE = re.compile(r"(?:case|default)\b")
_UNITS = (2, 3, 4, 8)
_MOST_CHARACTERS = 8_000
_LEAST_LINES = 3


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with text: offset of its first character, its indentation, and the rest of it."""

    start: int
    indent: str
    content: str


def with_one_indent(candidate: Candidate) -> str | Reason:
    """The text with its lines indented as the file's are, if it is clear how; else silence.

    Tabs followed by blanks are left alone, and so are strings, comments and files that mix both. So
    is what is unclear where a tab may stand for eight blanks, as in GNU's C.
    """
    own = list(_own_lines(candidate))
    unit = _unit(_around(candidate)) if any(line.indent for line in own) else ""
    foreign = [line for line in own if _is_foreign(line.indent, unit)]
    starts = [line.start for line in foreign]
    if not foreign or in_code(candidate, starts) != starts:
        return candidate.text
    levels = _levels(candidate, own, unit)
    text = candidate.text
    if levels is None:
        is_error = unit == "\t" or block_style(candidate.language) == "indent"
        return Reason.MIXED_INDENT if is_error else text
    for line, level in reversed(list(zip(own, levels, strict=True))):
        if line in foreign:
            text = text[: line.start] + unit * level + text[line.start + len(line.indent) :]
    return text if unit == "\t" else _STARRED.sub(lambda tabs: unit * len(tabs[0]), text)


def _lines(text: str) -> Iterator[_Line]:
    return (_Line(found.start(), *found.groups()) for found in _LINE.finditer(text))


def _own_lines(candidate: Candidate) -> Iterator[_Line]:
    """The lines of the text whose indentation is its own: not that of the cursor's line."""
    first = 0 if not last_line(candidate.prefix) else candidate.text.find("\n") + 1 or None
    if first is None:
        return iter(())
    return (line for line in _lines(candidate.text) if line.start >= first)


def _around(candidate: Candidate) -> list[_Line]:
    """The indented lines on both sides, whole ones only."""
    above = candidate.prefix[-_MOST_CHARACTERS:].rpartition("\n")[0].partition("\n")[2]
    below = candidate.suffix[:_MOST_CHARACTERS].partition("\n")[2]
    return [line for text in (above, below) for line in _lines(text)]


def _unit(around: Sequence[_Line]) -> str:
    """What the lines of a file are indented with, each level once; "" where they do not agree."""
    indents = [line.indent for line in around if line.indent]
    if len(indents) < _LEAST_LINES:
        return ""
    if all(indent.startswith("\t") for indent in indents):
        return "\t"
    if any("\t" in indent for indent in indents):
        return ""
    steps = Counter(len(right.indent) - len(left.indent) for left, right in pairwise(around))
    deeper = [step for step, _ in steps.most_common() if step > 0]
    return " " * deeper[0] if deeper and deeper[0] in _UNITS else ""


def _is_foreign(indent: str, unit: str) -> bool:
    if not unit:
        return False
    return indent.startswith("  ") if unit == "\t" else "\t" in indent


def _line_before(candidate: Candidate) -> _Line:
    """The last line with text before the lines that have an indentation of their own."""
    first = candidate.text.partition("\n")[0] if last_line(candidate.prefix) else ""
    return max(
        _lines((candidate.prefix + first)[-_MOST_CHARACTERS:]),
        key=lambda line: line.start,
        default=_Line(0, "", ""),
    )


def _levels(candidate: Candidate, own: Sequence[_Line], unit: str) -> tuple[int, ...] | None:
    """How deep each line is in a file that is indented with `unit`; None if that is not clear.

    Where the file has tabs, the lines tell how many blanks stand for one.
    """
    lines = (_line_before(candidate), *own)
    opens = [_opens(candidate.language, line.content.rstrip()) for line in lines]
    least = len(lines[0].indent) // len(unit) if last_line(candidate.prefix) else 0
    widths = _UNITS if unit == "\t" else (len(unit),)
    read = (_read(lines, opens, width, least) for width in widths)
    found = {levels for levels in read if levels is not None}
    return found.pop() if len(found) == 1 else None


def _opens(language: str, line: str) -> Literal["no", "yes", "maybe"]:
    """Whether the line below `line` is deeper."""
    marker = line_comment(language)
    if marker and line.startswith(marker):
        return "no"
    if line.endswith(_BRACKETS):
        return "yes"
    if not line.endswith(":"):
        return "no"
    if block_style(language) == "indent":
        return "yes"
    return "maybe" if _CASE.match(line) else "no"


def _read(
    lines: Sequence[_Line], opens: Sequence[str], width: int, least: int
) -> tuple[int, ...] | None:
    """How deep the lines behind the first are if `width` blanks or a tab make a level.

    Args:
        lines: the one before those that are to be read, and those.
        opens: see `_opens`, for each line.
        width: of a level, in blanks.
        least: level of the block that the text begins in, and does not leave.

    Returns:
        None if that makes no sense: it does if a line is deeper exactly where the line before opens
        something, and by one level.
    """
    depth = _level(lines[0].indent, width)
    levels: list[int] = []
    for line, opened in zip(lines[1:], opens, strict=False):
        level = _level(line.indent, width)
        if level is None or depth is None or level > depth + (opened != "no"):
            return None
        is_outside = line.content.startswith(_CLOSERS) or _CASE.match(line.content)
        if level < (depth + 1 if opened == "yes" else least) and not is_outside:
            return None
        levels.append(level)
        depth = level
    return tuple(levels)


def _level(indent: str, width: int) -> int | None:
    """Number of levels of an indentation that is all tabs or all blanks."""
    if set(indent) == {"\t"}:
        return len(indent)
    return None if "\t" in indent or len(indent) % width else len(indent) // width
