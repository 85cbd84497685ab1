"""How much to suggest: a line, the paragraph that a comment describes, or the rest of a block."""

import re
from typing import Literal

from codegen_lsp.completion.following import code_lines
from codegen_lsp.completion.options import Multiline
from codegen_lsp.syntax.blocks import OpenedBlock, opened_block
from codegen_lsp.syntax.indentation import indent_width, last_line
from codegen_lsp.syntax.languages import line_comment

Extent = Literal["line", "paragraph", "block"]

_FEWEST_WORDS = 3
_WORD = re.compile(r"[^\W\d_]{2,}")
_NO_DESCRIPTION = re.compile(
    r"copyright|licen[cs]e|\bnoqa\b|\bnolint|pragma|pylint|eslint|prettier|\btype:|@ts-|\bfmt:"
    r"|clang-|coding[:=]|region\b|[=*~-]{4}",
    re.IGNORECASE,
)
"""In comments that are for tools and lawyers, or part a file."""

_ONLY_CLOSERS = re.compile(r"(?:[)\]}`]+[;,]?)?")


def choose_extent(language: str, prefix: str, suffix: str, multiline: Multiline) -> Extent:
    """How much is to be suggested between `prefix` and `suffix`.

    "auto" chooses a block where the text before the cursor opens one that has no statement yet,
    neither before nor behind the cursor; without a grammar that is never known. Below a comment
    that describes code which is not there yet, it chooses a paragraph.
    """
    if multiline != "auto":
        return "block" if multiline == "always" else "line"
    rest, _, below = suffix.partition("\n")
    if _ONLY_CLOSERS.fullmatch(rest.strip()) is None:
        return "line"
    opened = opened_block(language, prefix)
    if opened is None or _is_filled(opened, rest, below) or _is_left(opened, prefix):
        return "paragraph" if _is_described(language, prefix, rest, below) else "line"
    return "block"


def _is_described(language: str, prefix: str, rest: str, below: str) -> bool:
    """Whether the cursor stands on an empty line between a comment in words and another one."""
    above, _, line = prefix.rpartition("\n")
    comment, marker = last_line(above), line_comment(language)
    if line.strip() or rest.strip() or not marker or not comment.lstrip().startswith(marker):
        return False
    following = below.partition("\n")[0]
    if following.strip() and indent_width(following) >= indent_width(comment):
        return False
    is_aligned = indent_width(line) == indent_width(comment)
    is_prose = len(_WORD.findall(comment)) >= _FEWEST_WORDS and not _NO_DESCRIPTION.search(comment)
    return is_aligned and is_prose


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
