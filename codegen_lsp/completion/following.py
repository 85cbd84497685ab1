"""The lines that follow the cursor."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from codegen_lsp.syntax.indentation import indent_width

_LINE = re.compile(r"[^\n]*\S[^\n]*")


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A line that is not blank: where it starts, how far it is indented, its words.

    Attributes:
        start: offset of its first character.
        indent: width of its indentation.
        content: its text without white space at both ends.
    """

    start: int
    indent: int
    content: str


def code_lines(text: str) -> Iterator[CodeLine]:
    """The lines of `text` that are not blank, read as they are asked for."""
    for match in _LINE.finditer(text):
        line = match.group()
        yield CodeLine(match.start(), indent_width(line), line.strip())
