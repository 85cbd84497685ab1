"""What is left of a tree without the documentation at some places, to compare it with another."""

import re
from collections.abc import Iterator, Sequence

import tree_sitter

from codegen_lsp.syntax.parsing import Tree, encoded, goto_following

Place = tuple[int, int]
"""Offsets of the first character and behind the last."""

_DOCUMENTATION = re.compile(r"\((?:expression_statement \(string\b|string\b|\w*comment\b)")
_NO_CODE = re.compile(rb"(?:\s+|(?:#|//)[^\r\n]*|/\*.*?\*/)*", re.DOTALL)
_COMMENT_DEPTH = -1


class _Range:
    """Byte offsets of a place, and of the first code behind it.

    What begins there is taken apart like what holds the place: a body may begin at its docstring,
    and without one at its first statement.
    """

    def __init__(self, tree: Tree, source: bytes, start: int, end: int) -> None:
        self.first, self.last = tree.byte_offset(start), tree.byte_offset(end)
        skipped = _NO_CODE.match(source, self.last)
        self.following = skipped.end() if skipped else self.last


def remainder(tree: Tree, places: Sequence[Place]) -> list[tuple[int, str, bytes]]:
    """Depth, structure and source of all that is no comment or string within one of `places`.

    Equal for two texts if and only if they differ in documentation at those places, and in white
    space between words, alone.

    Args:
        tree: of the text.
        places: disjoint, in the order of the text.
    """
    source = encoded(tree.text)
    ranges = [_Range(tree, source, start, end) for start, end in places]
    parts = list(_left(tree.root, source, ranges, 0))
    # A comment hangs now inside a body, now before it, if it stands between header and docstring.
    return sorted(parts, key=lambda part: part[0] == _COMMENT_DEPTH)


def identifiers(tree: Tree) -> frozenset[str]:
    """The names in the text of `tree`, each once; what comments and strings say is none."""
    cursor = tree.parsed.walk()
    source, found = encoded(tree.text), set[bytes]()
    while True:
        node = cursor.node
        if node is None:
            break
        if node.child_count == 0 and "identifier" in node.type:
            found.add(source[node.start_byte : node.end_byte])
        if not cursor.goto_first_child() and not goto_following(cursor):
            break
    return frozenset(name.decode("utf-8", "replace") for name in found)


def _left(
    node: tree_sitter.Node, source: bytes, ranges: list[_Range], depth: int
) -> Iterator[tuple[int, str, bytes]]:
    start, end = node.start_byte, node.end_byte
    touched = [place for place in ranges if start <= place.following and place.first < end]
    said = source[start:end].rstrip()  # some grammars count the line end as part of a comment
    is_within = any(place.first <= start and start + len(said) <= place.last for place in touched)
    if node.type == "line_continuation" or (is_within and _DOCUMENTATION.match(str(node))):
        return
    if "comment" in node.type:
        yield _COMMENT_DEPTH, node.type, said
        return
    if not touched or node.child_count == 0:
        yield depth, str(node), said
        return
    yield depth, node.type, b""
    for child in node.children:
        yield from _left(child, source, touched, depth + 1)
