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

from codegen_lsp.syntax.grammars import Grammar
from codegen_lsp.syntax.indentation import indent_width, line_at
from codegen_lsp.syntax.languages import grammar_of
from codegen_lsp.text import byte_length

QueryName = Literal[
    "blocks",
    "definitions",
    "delimiters",
    "docstrings",
    "imports",
    "names",
    "references",
    "statements",
]

WINDOW = 16_000
"""Characters before the cursor that are read: parsed in a few milliseconds, also per new line."""

_MODIFIERS = (
    "async|export|default|abstract|static|public|private|protected|internal|override|final|sealed|"
    r"data|partial|readonly|inline|unsafe|extern|virtual|suspend|open|pub(?:\([^)]*\))?"
)
_KEYWORDS = (
    "def|class|function|func|fun|fn|interface|enum|struct|trait|impl|namespace|typedef|const|let|"
    "var|val"
)
_WORDS = "extension|mod|module|object|package|protocol|record|type|union"  # of prose, too
_DEFINITION = re.compile(
    rf"\s*(?:@|#\[|template\s*<|local\s+function\s|[\w-]+\s*\(\)\s*\{{|"
    rf"(?:(?:{_MODIFIERS})\s+)*(?:(?:{_KEYWORDS})[\s<]|"
    rf"(?:{_WORDS})\s+[\w.:]+(?:\[.*\])?\s*(?:[{{(<=:;]|struct\b|interface\b|$)))"
)
_MOST_CHILDREN = 10_000
_INHERITS = re.compile(r"; inherits: (\w+)\n")
_CODE_LINE = re.compile(r"(?<=\n)(?=[ \t]*[^\s)\]}])")


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed text.

    Attributes:
        grammar: of its language.
        text: the source.
        parsed: what tree-sitter made of it, to parse a changed text from.
        byte_ends: maps bytes to code points; None for pure ASCII.
        is_hopeless: so broken that queries would take for ever, and therefore find nothing.
    """

    grammar: Grammar
    text: str
    parsed: tree_sitter.Tree
    byte_ends: Sequence[int] | None
    is_hopeless: bool

    @property
    def root(self) -> tree_sitter.Node:
        """The root node."""
        return self.parsed.root_node

    def offset(self, byte_offset: int) -> int:
        """Code-point offset of `byte_offset`."""
        if self.byte_ends is None:
            return byte_offset
        return bisect_left(self.byte_ends, byte_offset)

    def byte_offset(self, offset: int) -> int:
        """Byte offset of the code point at `offset`."""
        return offset if self.byte_ends is None else self.byte_ends[min(offset, len(self.text))]

    def captures(
        self, query: QueryName, start: int = 0, end: int | None = None
    ) -> dict[str, list[tree_sitter.Node]]:
        """Nodes by capture name, each list in the order of the text.

        With `start` and `end`, code-point offsets, only what touches the text between them.
        """
        if self.is_hopeless:
            return {}
        cursor = self._cursor(query, start, end)
        return {
            name: sorted(nodes, key=_place) for name, nodes in cursor.captures(self.root).items()
        }

    def matches(
        self, query: QueryName, start: int = 0, end: int | None = None
    ) -> list[dict[str, tree_sitter.Node]]:
        """For each match of a pattern its nodes by capture name, the first where it has several.

        With `start` and `end`, code-point offsets, only what touches the text between them.
        """
        if self.is_hopeless:
            return []
        cursor = self._cursor(query, start, end)
        found = cursor.matches(self.root)
        return [{name: nodes[0] for name, nodes in nodes_of.items()} for _, nodes_of in found]

    def _cursor(self, query: QueryName, start: int, end: int | None) -> tree_sitter.QueryCursor:
        cursor = tree_sitter.QueryCursor(_query(self.grammar, query))
        if end is not None:
            cursor.set_byte_range(self.byte_offset(start), self.byte_offset(end))
        return cursor


def parse(language: str, text: str) -> Tree | None:
    """The tree of `text`, broken code included; None for a language without a grammar."""
    grammar = grammar_of(language)
    return None if grammar is None else parse_with(grammar, text)


def parse_with(grammar: Grammar, text: str) -> Tree:
    """The tree of `text`, broken code included."""
    return tree_of(grammar, text, parser_for(grammar).parse(encoded(text)))


def tree_of(grammar: Grammar, text: str, parsed: tree_sitter.Tree) -> Tree:
    """What tree-sitter has made of `text`, ready to be asked."""
    ends = None if text.isascii() else list(accumulate(map(byte_length, text), initial=0))
    return Tree(grammar, text, parsed, ends, is_hopeless=_is_hopeless(parsed.root_node))


def encoded(text: str) -> bytes:
    """`text` as tree-sitter reads it; lone surrogates are kept."""
    return text.encode("utf-8", "surrogatepass")


def parser_for(grammar: Grammar) -> tree_sitter.Parser:
    """A parser for `grammar`."""
    return tree_sitter.Parser(_load(grammar))


def goto_following(cursor: tree_sitter.TreeCursor) -> bool:
    """Go to the next node that is no descendant; False behind the last."""
    while not cursor.goto_next_sibling():
        if not cursor.goto_parent():
            return False
    return True


def text_of(node: tree_sitter.Node) -> str:
    """The source text of `node`."""
    return (node.text or b"").decode("utf-8", "replace")


def prefix_window(prefix: str, longest: int = WINDOW) -> str:
    """The end of `prefix` that is worth parsing, at most `longest` characters long.

    It starts at one of the least indented lines, from which on a text parses like the whole, and
    there at a definition if it can: prose in a long string looks like code, but rarely like that.
    """
    if len(prefix) <= longest:
        return prefix
    window = prefix[-longest:]
    starts = [line.start() for line in _CODE_LINE.finditer(window)]
    return window[min(starts, key=lambda start: _depth(window, start), default=0) :]


def _depth(text: str, start: int) -> tuple[int, bool]:
    line = line_at(text, start)
    return indent_width(line), _DEFINITION.match(line) is None


def _is_hopeless(root: tree_sitter.Node) -> bool:
    """Whether an error has more children than a query, quadratic in them, can go through."""
    if not root.has_error:
        return False
    return any(
        node.type == "ERROR" and node.child_count > _MOST_CHILDREN
        for node in (root, *root.children)
    )


def _place(node: tree_sitter.Node) -> tuple[int, int]:
    return node.start_byte, node.end_byte


@cache
def _load(grammar: Grammar) -> tree_sitter.Language:
    return tree_sitter.Language(getattr(import_module(grammar.module), grammar.function)())


@cache
def _query(grammar: Grammar, name: QueryName) -> tree_sitter.Query:
    return tree_sitter.Query(_load(grammar), _source(grammar.queries, name))


def _source(folder: str, name: QueryName) -> str:
    """The patterns of a query file, those of the one that it inherits from first.

    Its first line then says so: `; inherits: FOLDER`, as in nvim-treesitter.
    """
    path = files("codegen_lsp.syntax") / "queries" / folder / f"{name}.scm"
    text = path.read_text(encoding="utf-8")
    inherited = _INHERITS.match(text)
    return text if inherited is None else _source(inherited[1], name) + text
