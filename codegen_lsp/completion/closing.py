"""The brace or word that ends a block: is it there already, and what else ends with it."""

import re
from collections.abc import Sequence

from codegen_lsp.completion.following import code_lines
from codegen_lsp.syntax.delimiters import Span

BRACE = ("}",)
_WORD = re.compile(r"\w+")


def is_closed(suffix: str, indent: int, enders: tuple[str, ...] = BRACE) -> bool:
    """Whether `suffix` closes the block whose statement is indented by `indent` columns.

    Either the rest of the cursor's line does, or the first line below that is not deeper than
    the statement. A shallower end belongs to another block.
    """
    rest, _, below = suffix.partition("\n")
    if "}" in enders and "}" in rest:
        return True
    following = next((line for line in code_lines(below) if line.indent <= indent), None)
    at_indent = following is not None and following.indent == indent
    return following is not None and at_indent and begins_with(following.content, enders)


def begins_with(line: str, enders: tuple[str, ...]) -> bool:
    """Whether `line` begins with one of `enders`, each a word or a sign."""
    word = _WORD.match(line)
    first = line if word is None else word.group()
    return first in enders or line.startswith(tuple(end for end in enders if not end.isalpha()))


def closers_along(window: str, opened: Sequence[Span], brace: Span) -> str:
    """What must follow the closer of `brace` to close the brackets opened before it on its line.

    Args:
        window: the text before the cursor.
        opened: the spans it leaves open, outermost first; `brace` is one of them.
        brace: the brace that ends the block.
    """
    line_start = window.rfind("\n", 0, brace.start) + 1
    on_line = [span for span in opened if line_start <= span.start < brace.start]
    return "".join(span.closer for span in reversed(on_line))


def closing_length(tail: str, wanted: str) -> int:
    """Length of the part of `tail` that closes a statement: some of `wanted`, a `;` or a `,`."""
    length = 0
    while length < len(wanted) and tail[length : length + 1] == wanted[length]:
        length += 1
    return length + (tail[length : length + 1] in (";", ","))
