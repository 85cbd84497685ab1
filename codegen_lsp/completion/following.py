"""The lines that follow the cursor."""

from collections.abc import Iterator
from dataclasses import dataclass

from codegen_lsp.syntax.indentation import indent_width, line_at


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
    start = 0
    while start < len(text):
        line = line_at(text, start)
        if line.strip():
            yield CodeLine(start, indent_width(line), line.strip())
        start += len(line) + 1
