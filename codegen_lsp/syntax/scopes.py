"""Scopes: the definitions that the cursor stands in."""

from collections.abc import Iterator

from codegen_lsp.syntax.definitions import Definition, definitions
from codegen_lsp.syntax.delimiters import Span, closers, spans
from codegen_lsp.syntax.indentation import indent_width, last_line
from codegen_lsp.syntax.parsing import Tree, parse_with

_MARKER = {"indent": "cursor_marker", "braces": "cursor_marker", "keywords": 'cursor_marker ""'}


def enclosing(tree: Tree, offset: int) -> list[Definition]:
    """The definitions whose body holds `offset`, outermost first; variables without one are none.

    Their headers stand before the cursor, so only that part of the text is read, closed as it
    would be if nothing followed: a statement in the making cannot hide what it stands in. Of
    several ways to close it, the one that makes most sense counts. What is found ends where the
    cursor is or later: the text behind it is not looked at.
    """
    best: list[Definition] = []
    for text in _whole_texts(tree, tree.text[:offset]):
        closed = parse_with(tree.grammar, text)
        best = max(best, _around(closed, offset), key=len)
        if not closed.root.has_error:
            return best
    return max(best, _around(tree, offset), key=len)


def _around(tree: Tree, offset: int) -> list[Definition]:
    return [
        found
        for found in definitions(tree, max(offset - 1, 0), offset + 1)
        if found.body is not None and found.body <= offset < found.end
    ]


def _whole_texts(tree: Tree, before: str) -> Iterator[str]:
    """The text before the cursor, which may end in a statement, closed in one way and another."""
    blocks, line = tree.grammar.blocks, last_line(before)
    found = _open_at(tree, before)
    ends = f"\n{tree.grammar.enders[0]}" * _depth(before) if blocks == "keywords" else ""
    marker = _MARKER[blocks] if line.strip() or blocks != "braces" else ""
    yield before + marker + closers(found) + ends
    if blocks == "braces":
        yield before + marker + closers(found).replace("}", ";}") + ends
        return
    # Without what stands on the cursor's line, if that makes no sense.
    start = len(before) - len(line)
    indent = line[: len(line) - len(line.lstrip())]
    masked = before[:start] + indent + "x" * len(line.lstrip())
    opened_above = [span for span in found if span.start < start]
    yield masked + _MARKER[blocks] + closers(opened_above) + ends


def _open_at(tree: Tree, before: str) -> tuple[Span, ...]:
    """What `before` leaves open; the tree knows, but for the string that the cursor may be in."""
    found = spans(tree, len(before))
    if any(not span.is_bracket and span.holds(len(before)) for span in found):
        return spans(parse_with(tree.grammar, before))
    return found


def _depth(before: str) -> int:
    """How many blocks well-indented code is in at its end: indentations that grow less upwards."""
    depth, lines = 0, before.split("\n")
    indent = indent_width(lines[-1] + "|")
    for line in reversed(lines[:-1]):
        if line.strip() and indent_width(line) < indent:
            depth, indent = depth + 1, indent_width(line)
    return depth
