"""How much to suggest: one line, or everything up to the end of a block."""

import re
from typing import Literal

from codegen_lsp.completion.following import code_lines
from codegen_lsp.completion.options import Multiline
from codegen_lsp.syntax.blocks import OpenedBlock, opened_block
from codegen_lsp.syntax.indentation import last_line

Extent = Literal["line", "block"]

_ONLY_CLOSERS = re.compile(r"(?:[)\]}`]+[;,]?)?")


def choose_extent(language: str, prefix: str, suffix: str, multiline: Multiline) -> Extent:
    """Whether a line or a block is to be suggested between `prefix` and `suffix`.

    "auto" chooses a block where the text before the cursor opens one that has no statement yet,
    neither before nor behind the cursor. Without a grammar that is never known.
    """
    if multiline != "auto":
        return "block" if multiline == "always" else "line"
    rest, _, below = suffix.partition("\n")
    if _ONLY_CLOSERS.fullmatch(rest.strip()) is None:
        return "line"
    opened = opened_block(language, prefix)
    if opened is None or _is_filled(opened, rest, below) or _is_left(opened, prefix):
        return "line"
    return "block"


def _is_filled(opened: OpenedBlock, rest: str, below: str) -> bool:
    """Whether the block has statements behind the cursor: they are deeper than its header."""
    if opened.kind == "brace" and rest.lstrip().startswith("}"):
        return False
    following = next(code_lines(below), None)
    return following is not None and following.indent > opened.indent


def _is_left(opened: OpenedBlock, prefix: str) -> bool:
    """Whether a block that could end with its docstring has been left by the indentation."""
    line = last_line(prefix)
    if opened.kind != "indent" or not opened.documented or line.strip():
        return False
    return len(line.expandtabs(8)) <= opened.indent
