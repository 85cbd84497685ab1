"""Docstrings: where the documentation of a definition stands, and its first line."""

import re
from dataclasses import dataclass

import tree_sitter

from codegen_lsp.syntax.parsing import Tree, text_of

_MARKS = re.compile(
    r"(?:[rRuUbBfF]{0,2}(?:\"\"\"|'''|\"|')|/\*[*!]*|\*(?!/)|//[/!]*|--+(?:\[\[)?|#+!?)?\s*"
)
_END_MARKS = re.compile(r"\s*(?:\*+/|\]\]|\"\"\"|'''|\"|')$")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


@dataclass(frozen=True, slots=True)
class _Above:
    """A comment, or an attribute, on lines of its own."""

    node: tree_sitter.Node
    is_comment: bool


class Documentation:
    """The documentation of the definitions in one text.

    Attributes:
        comments: offsets of all comments: first character and just behind the last.
    """

    def __init__(self, tree: Tree) -> None:
        captures = tree.captures("docstrings")
        self._tree = tree
        self.comments = [
            (tree.offset(node.start_byte), tree.offset(node.end_byte))
            for node in sorted(captures.get("above", []) + captures.get("comment", []), key=_start)
        ]
        self._inside = {node.start_byte: node for node in captures.get("inside", [])}
        self._above: dict[int, _Above] = {}
        for name in ("above", "between"):
            for node in captures.get(name, []):
                if _starts_line(tree, node):
                    self._above[_last_row(node)] = _Above(node, is_comment=name == "above")

    def first_line(self, node: tree_sitter.Node, body: tree_sitter.Node | None) -> str:
        """First line of what documents the definition `node`; "" without any."""
        if body is not None and body.start_byte in self._inside:
            return _first_line(text_of(self._inside[body.start_byte]))
        if not _starts_line(self._tree, node):
            return ""
        texts: list[str] = []
        row = node.start_point.row - 1
        while row in self._above:
            above = self._above[row]
            if above.is_comment:
                texts.insert(0, text_of(above.node))
            row = above.node.start_point.row - 1
        return _first_line("\n".join(texts))


def _start(node: tree_sitter.Node) -> int:
    return node.start_byte


def _starts_line(tree: Tree, node: tree_sitter.Node) -> bool:
    start = tree.offset(node.start_byte)
    return not tree.text[tree.text.rfind("\n", 0, start) + 1 : start].strip()


def _last_row(node: tree_sitter.Node) -> int:
    """Row on which `node` ends; some grammars count the line end as part of a comment."""
    return node.end_point.row - (node.end_point.column == 0)


def _first_line(text: str) -> str:
    """The first line of `text` that says something, without marks of comments and strings."""
    for line in text.splitlines():
        said = _END_MARKS.sub("", _MARKS.sub("", line.strip(), count=1))
        said = _TAG.sub("", said).strip()
        if any(map(str.isalnum, said)):
            return said
    return ""
