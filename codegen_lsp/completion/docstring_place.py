"""A docstring as a suggestion: where one may begin, and what to make of its first line."""

import re

from codegen_lsp.syntax.blocks import block_style, opened_block
from codegen_lsp.syntax.indentation import last_line

_SUMMARY = re.compile(r"\s*(?P<quotes>\"{3}|'{3})(?=.*\w)(?!.*(?P=quotes)).*[^\s\\]")


def may_begin_docstring(language: str, prefix: str) -> bool:
    """Whether what stands at the end of `prefix` is first in a block or a file, and has none."""
    if block_style(language) != "indent" or last_line(prefix).strip():
        return False
    opened = opened_block(language, prefix)
    return not prefix.strip() if opened is None else not opened.documented


def closed_summary(line: str) -> str | None:
    """The first line of a docstring as one of a single line; None if it says nothing."""
    found = _SUMMARY.fullmatch(line)
    return found and line + found["quotes"]
