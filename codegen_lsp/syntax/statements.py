"""Whether a piece of code ends where a statement ends."""

import tree_sitter

from codegen_lsp.syntax.delimiters import Span
from codegen_lsp.syntax.parsing import Tree


def is_complete(tree: Tree, found: tuple[Span, ...], start: int, end: int) -> bool:
    """Whether what stands between the offsets `start` and `end` leaves nothing unfinished.

    Unfinished is a bracket or quote opened there and not closed by `end`, a header without a
    body, a syntax error that begins there. What is wrong before `start` does not count.
    """
    if any(span.start >= start and (span.end is None or span.end >= end) for span in found):
        return False
    captures = tree.captures("statements")
    unfinished = captures.get("unfinished", [])
    unfinished += [node for node in captures.get("body", []) if node.child_count == 0]
    unfinished += [node for node in captures.get("paired", []) if _parts(node) == 1]
    return not any(start <= tree.offset(node.start_byte) <= end for node in unfinished)


def _parts(node: tree_sitter.Node) -> int:
    return sum(child.type != "comment" for child in node.named_children)
