"""A text being read for its signatures: what is the same for languages that document above."""

import re
from dataclasses import dataclass

import tree_sitter

from codegen_lsp.syntax.parsing import Tree
from codegen_lsp.syntax.signatures.comments import Comments, place_above
from codegen_lsp.syntax.signatures.facts import Documentable, Kind
from codegen_lsp.syntax.signatures.walking import syntax_problem


@dataclass(frozen=True, slots=True)
class Frame:
    """A definition's outside, from which its facts are read.

    Attributes:
        whole: all of it, from its first modifier on: an export, not only what is exported.
        name: without its container.
        kind: what it is.
        container: what it stands in; "" at the top level.
        head: the first node behind the decorators.
        body: None where it has none.
    """

    whole: tree_sitter.Node
    name: str
    kind: Kind
    container: str
    head: tree_sitter.Node
    body: tree_sitter.Node | None


class Source:
    """A tree and the comments in it; those that match `marks` at their start document something."""

    def __init__(self, tree: Tree, marks: re.Pattern[str]) -> None:
        self.tree = tree
        self.comments = Comments(tree, marks)

    def text(self, node: tree_sitter.Node | None) -> str:
        """The source of `node` on one line without comments; "" for None."""
        return "" if node is None else self.comments.on_one_line(*self.span(node))

    def span(self, node: tree_sitter.Node) -> tuple[int, int]:
        """Offsets of the first character of `node` and behind its last."""
        return self.tree.offset(node.start_byte), self.tree.offset(node.end_byte)

    def documentable(self, frame: Frame) -> Documentable:
        """The definition with all that can be said of it from its outside."""
        head, end = self.tree.offset(frame.head.start_byte), self.tree.offset(frame.whole.end_byte)
        body = None if frame.body is None else self.span(frame.body)
        start = self.comments.first_attribute(self.tree.offset(frame.whole.start_byte))
        existing = self.comments.doc_above(head) or self.comments.doc_above(start)
        place = place_above(self.tree.text, existing.start if existing else start)
        signature = self.comments.on_one_line(head, end if body is None else body[0])
        return Documentable(
            name=frame.name,
            kind=frame.kind,
            container=frame.container,
            start=start,
            end=end,
            signature=signature.rstrip(" ;"),
            body=body,
            placement="above",
            insert_at=place.insert_at,
            indent=place.indent,
            existing=existing,
            problem=_error(frame.whole) or ("" if existing else place.problem),
        )


def child_of(node: tree_sitter.Node, *types: str) -> tree_sitter.Node | None:
    """The first child of `node` that has one of these types."""
    return next((child for child in node.children if child.type in types), None)


def has_child(node: tree_sitter.Node, *types: str) -> bool:
    """Whether a child of `node` has one of these types."""
    return child_of(node, *types) is not None


def children_of(node: tree_sitter.Node, *types: str) -> list[tree_sitter.Node]:
    """The children of `node` that have one of these types."""
    return [child for child in node.children if child.type in types]


def _error(node: tree_sitter.Node) -> str:
    parent = node.parent
    is_within_error = parent is not None and parent.type == "ERROR"
    return syntax_problem(node) or ("syntax error around it" if is_within_error else "")
