"""What the index holds of a file: its symbols and its chunks."""

from dataclasses import dataclass

from codegen_lsp.syntax.definitions import Kind


@dataclass(frozen=True, slots=True)
class Symbol:
    """Something that a file of the workspace defines.

    Attributes:
        file: name of the file: its path from the workspace's root, with slashes.
        name: as it is used elsewhere, without its container.
        kind: what it is.
        container: name of what it is a member of; "" at the top level.
        signature: its text up to its body, on one line.
        docstring: first line of its documentation; "" without any.
        start_line: its first line, from one.
        end_line: its last line.
    """

    file: str
    name: str
    kind: Kind
    container: str
    signature: str
    docstring: str
    start_line: int
    end_line: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a file: a definition, or lines between definitions.

    Attributes:
        file: name of the file, as in `Symbol`.
        start_line: its first line, from one.
        end_line: its last line.
        text: whole lines.
        score: how well it answers the search that found it (BM25, above zero, more is better).
    """

    file: str
    start_line: int
    end_line: int
    text: str
    score: float
