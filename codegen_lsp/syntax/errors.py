"""Syntax errors of a text that is changed in one place, from the tree of the unchanged one."""

from dataclasses import dataclass

import tree_sitter

from codegen_lsp.syntax.changes import reparsed
from codegen_lsp.syntax.parsing import Tree, encoded, goto_following

MOST = 1_000
"""Errors are counted up to here: beyond, one more or less says nothing."""

_MOST_STEPS = 20_000


@dataclass(frozen=True, slots=True)
class Errors:
    """The errors and missing nodes of a text.

    Attributes:
        count: how many, at most `MOST`.
        first: for a changed text, the offset in the new part at which the first error that begins
            in it does; None where none does.
    """

    count: int
    first: int | None = None


def errors(tree: Tree) -> Errors:
    """The errors in the text of `tree`."""
    return Errors(len(_starts(tree.parsed)))


def errors_with(tree: Tree, start: int, end: int, text: str) -> Errors:
    """The errors after `text` has taken the place of what stands between two offsets."""
    source, new = encoded(tree.text), encoded(text)
    first, last = tree.byte_offset(start), tree.byte_offset(end)
    changed = source[:first] + new + source[last:]
    end_of_new = first + len(new)
    return errors_between(
        reparsed(tree, (first, last), changed, end_of_new), first, end_of_new, new
    )


def errors_between(parsed: tree_sitter.Tree, first: int, last: int, new: bytes) -> Errors:
    """The errors of a tree in which `new` stands between two byte offsets."""
    starts = _starts(parsed)
    inside = [at - first for at in starts if first <= at < last]
    return Errors(
        len(starts), len(new[: min(inside)].decode("utf-8", "ignore")) if inside else None
    )


def _starts(parsed: tree_sitter.Tree) -> list[int]:
    """Byte offsets of the errors; only what holds some is walked through."""
    if not parsed.root_node.has_error:
        return []
    cursor = parsed.walk()
    found: list[int] = []
    for _ in range(_MOST_STEPS):
        node = cursor.node
        if node is None or len(found) == MOST:
            break
        if node.is_error or node.is_missing:
            found.append(node.start_byte)
        if not (node.has_error and cursor.goto_first_child()) and not goto_following(cursor):
            break
    return found
