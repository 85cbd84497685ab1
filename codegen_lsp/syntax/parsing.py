"""Text to tree, and queries over trees, with tree-sitter's bytes turned into code points.

A `Tree` is opaque outside this package: others hold it and ask this package's functions about it.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from itertools import accumulate
from typing import Literal

import tree_sitter

from codegen_lsp.syntax.indentation import indent_width, line_at
from codegen_lsp.syntax.languages import Grammar, grammar_of
from codegen_lsp.text import byte_length

QueryName = Literal["blocks", "delimiters", "statements"]

WINDOW = 16_000
"""Characters before the cursor that are read: parsed in a few milliseconds, also per new line."""

_DEFINITION = re.compile(
    r"\s*(?:@|(?:(?:async|export|default|abstract|static|public|private|protected)\s+)*"
    r"(?:def|class|function|interface|enum|namespace|const|let|var)\s)"
)
_CODE_LINE = re.compile(r"(?<=\n)(?=[ \t]*[^\s)\]}])")


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed text; `byte_ends` maps bytes to code points and is None for pure ASCII."""

    grammar: Grammar
    text: str
    root: tree_sitter.Node
    byte_ends: Sequence[int] | None

    def offset(self, byte_offset: int) -> int:
        """Code-point offset of `byte_offset`."""
        if self.byte_ends is None:
            return byte_offset
        return bisect_left(self.byte_ends, byte_offset)

    def captures(self, query: QueryName) -> dict[str, list[tree_sitter.Node]]:
        """Nodes by capture name, each list in the order of the text."""
        found = tree_sitter.QueryCursor(_query(self.grammar, query)).captures(self.root)
        return {name: sorted(nodes, key=_place) for name, nodes in found.items()}


def parse(language: str, text: str) -> Tree | None:
    """The tree of `text`, broken code included; None for a language without a grammar."""
    grammar = grammar_of(language)
    if grammar is None:
        return None
    parser = tree_sitter.Parser(_load(grammar))
    root = parser.parse(text.encode("utf-8", "surrogatepass")).root_node
    ends = None if text.isascii() else list(accumulate(map(byte_length, text), initial=0))
    return Tree(grammar, text, root, ends)


def prefix_window(prefix: str) -> str:
    """The end of `prefix` that is worth parsing, at most `WINDOW` characters long.

    It starts at one of the least indented lines, from which on a text parses like the whole, and
    there at a definition if it can: prose in a long string looks like code, but rarely like that.
    """
    if len(prefix) <= WINDOW:
        return prefix
    window = prefix[-WINDOW:]
    starts = [line.start() for line in _CODE_LINE.finditer(window)]
    return window[min(starts, key=lambda start: _depth(window, start), default=0) :]


def _depth(text: str, start: int) -> tuple[int, bool]:
    line = line_at(text, start)
    return indent_width(line), _DEFINITION.match(line) is None


def _place(node: tree_sitter.Node) -> tuple[int, int]:
    return node.start_byte, node.end_byte


@cache
def _load(grammar: Grammar) -> tree_sitter.Language:
    return tree_sitter.Language(getattr(import_module(grammar.module), grammar.function)())


@cache
def _query(grammar: Grammar, name: QueryName) -> tree_sitter.Query:
    source = files("codegen_lsp.syntax") / "queries" / grammar.queries / f"{name}.scm"
    return tree_sitter.Query(_load(grammar), source.read_text(encoding="utf-8"))
