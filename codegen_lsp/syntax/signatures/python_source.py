"""Python's statements in the tree, and pieces of source as one line.

Statements are walked without recursion, so that no nesting, however deep, exhausts the stack.
"""

import re
from collections.abc import Iterator

import tree_sitter

from codegen_lsp.syntax.parsing import text_of

Path = tuple[tree_sitter.Node, ...]
"""A node behind all nodes around it, the outermost first."""

DEFINITIONS = frozenset({"function_definition", "class_definition", "decorated_definition"})

_HOLDERS = frozenset(
    {
        "ERROR",
        "block",
        "case_clause",
        "elif_clause",
        "else_clause",
        "except_clause",
        "finally_clause",
        "for_statement",
        "if_statement",
        "match_statement",
        "try_statement",
        "while_statement",
        "with_statement",
    }
)
_LINE_BREAK = re.compile(r"([(\[{]?)(,?)[ \t]*\\?\r?\n\s*([)\]}]?)")


def statements(root: tree_sitter.Node) -> Iterator[Path]:
    """All statements that `root` holds, in the order of the text, those of other scopes excepted.

    A definition is one of them; what it holds is not. Paths begin below `root`.
    """
    todo: list[Path] = [(child,) for child in reversed(root.named_children)]
    while todo:
        path = todo.pop()
        yield path
        if path[-1].type in _HOLDERS:
            todo.extend((*path, child) for child in reversed(path[-1].named_children))


def yields(root: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    """The `yield` expressions that `root` holds, those of other scopes excepted."""
    todo = [root] if b"yield" in (root.text or b"") else []
    while todo:
        node = todo.pop()
        if node.type == "yield" and node.is_named:
            yield node
        if node.type not in DEFINITIONS and node.type != "lambda":
            todo.extend(node.children)


def flat(node: tree_sitter.Node, end_byte: int | None = None) -> str:
    """The source of `node`, as far as `end_byte`, on one line and without comments."""
    end = node.end_byte if end_byte is None else end_byte
    source = (node.text or b"")[: end - node.start_byte]
    for start, stop in reversed(_comments(node, end) if b"#" in source else []):
        source = source[: start - node.start_byte] + source[stop - node.start_byte :]
    return _LINE_BREAK.sub(_joined, source.decode("utf-8", "replace")).strip()


def without_parentheses(node: tree_sitter.Node) -> tree_sitter.Node:
    """What stands within any parentheses around an expression."""
    while node.type == "parenthesized_expression" and node.named_children:
        node = next((n for n in node.named_children if not n.is_extra), node.named_children[0])
    return node


def identifiers(node: tree_sitter.Node) -> Iterator[str]:
    """The identifiers in an expression, in the order of the text."""
    todo = [node]
    while todo:
        node = todo.pop()
        if node.type == "identifier":
            yield text_of(node)
        todo.extend(reversed(node.named_children))


def _comments(node: tree_sitter.Node, end_byte: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    todo = [node]
    while todo:
        node = todo.pop()
        if node.type == "comment":
            found.append((node.start_byte, node.end_byte))
        todo.extend(child for child in node.named_children if child.start_byte < end_byte)
    return sorted(found)


def _joined(line_break: re.Match[str]) -> str:
    opening, comma, closing = line_break.groups()
    if closing:
        return f"{opening}{closing}"
    return opening or f"{comma} "
