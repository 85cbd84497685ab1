"""Which brackets and quotes a text leaves open: the part of syntax that survives broken code.

Around the cursor a text is nearly always unfinished, and a tree over it is guesswork. Its tokens
are not: brackets in strings, comments and regular expressions are told apart from real ones even
inside errors. With what is open known, the text can be closed and then be parsed properly.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import tree_sitter

from codegen_lsp.syntax.parsing import Tree, text_of

_INTERPOLATIONS = {"${": "}", "#{": "}", "$(": ")", "\\(": ")"}
_BRACKETS = {"(": ")", "[": "]", "{": "}", **_INTERPOLATIONS}
_COMMENTS = {"/*": "*/", "--[[": "]]"}
_CLOSERS = {**_BRACKETS, **_COMMENTS, "[[": "]]"}
_LONG_QUOTES = ('"""', "'''", "`", "[[", *_COMMENTS)


@dataclass(frozen=True, slots=True)
class Span:
    """A bracket pair, a string or a comment.

    Attributes:
        opener: the bracket or quote it begins with, without string prefixes such as `f`; "" for
            a string or comment that is complete.
        start: offset of the opener.
        end: offset of the closer, or just behind a complete string or comment; None while open.
    """

    opener: str
    start: int
    end: int | None = None

    @property
    def closer(self) -> str:
        """What closes it."""
        return _CLOSERS.get(self.opener, self.opener)

    @property
    def is_bracket(self) -> bool:
        """Whether code stands in it, not text."""
        return self.opener in _BRACKETS

    def holds(self, offset: int) -> bool:
        """Whether `offset` lies inside."""
        return self.start < offset and (self.end is None or offset <= self.end)


def spans(tree: Tree, end: int | None = None) -> tuple[Span, ...]:
    """Every span of the text up to `end`, in the order in which they begin."""
    end = len(tree.text) if end is None else end
    captures = tree.captures("delimiters", 0, end)
    broken = [node for node in captures.get("literal", []) if _lacks_its_end(node)]
    whole = [node for node in captures.get("literal", []) if node not in broken]
    captures["unclosed"] = captures.get("unclosed", []) + [node.children[0] for node in broken]
    literals = [Span("", *place) for place in _places(tree, whole)]
    events = {*_events(tree, captures), *_open_comment(tree, literals, end)}
    reader = _Reader(tree.text)
    for offset, kind, text in sorted(events):
        if offset < end:
            reader.read(offset, kind, text)
    reader.leave_line(end)
    found = [*reader.closed, *reader.stack, *literals]
    return tuple(sorted(found, key=lambda span: span.start))


def unclosed(found: Sequence[Span]) -> tuple[Span, ...]:
    """The spans still open at the end of the text, outermost first."""
    return tuple(span for span in found if span.end is None)


def closers(found: Sequence[Span]) -> str:
    """The text that closes what is open."""
    return "".join(span.closer for span in reversed(unclosed(found)))


def comments(tree: Tree) -> list[tuple[int, int]]:
    """Offsets of the comments: first character and just behind the last."""
    return _places(tree, tree.captures("delimiters").get("comment", []))


def is_in_text(tree: Tree, offset: int) -> bool:
    """Whether `offset` lies in a string or a comment, or just behind one that ends with its line.

    Code within a string, between the braces of a template, counts as text too.
    """
    captures = tree.captures("delimiters", max(offset - 1, 0), offset + 1)
    if any(start < offset < end for start, end in _places(tree, captures.get("literal", []))):
        return True
    return any(
        end == offset and not tree.text.endswith(tuple(_COMMENTS.values()), start, end)
        for start, end in _places(tree, captures.get("comment", []))
    )


def _lacks_its_end(node: tree_sitter.Node) -> bool:
    """Whether tree-sitter has made up the closing quote of a literal."""
    return node.has_error and node.child_count > 1 and node.children[-1].is_missing


def _places(tree: Tree, nodes: list[tree_sitter.Node]) -> list[tuple[int, int]]:
    return [(tree.offset(node.start_byte), tree.offset(node.end_byte)) for node in nodes]


def _events(tree: Tree, captures: dict[str, list[tree_sitter.Node]]) -> list[tuple[int, str, str]]:
    return [
        (tree.offset(node.start_byte), kind, text_of(node).strip())
        for kind in ("open", "close", "unclosed")
        for node in captures.get(kind, [])
        if not node.is_missing
    ]


def _open_comment(tree: Tree, literals: list[Span], end: int) -> list[tuple[int, str, str]]:
    """The long comment that the text up to `end` leaves open: no grammar has a word for it."""
    opener = tree.grammar.long_comment
    if not opener:
        return []
    closed = tree.text.rfind(_CLOSERS[opener], 0, end)
    at = tree.text.find(opener, 0 if closed < 0 else closed + 2, end)
    while at >= 0 and any(span.start <= at < (span.end or 0) for span in literals):
        at = tree.text.find(opener, at + 1, end)
    return [(at, "unclosed", opener)] if at >= 0 else []


class _Reader:
    """Pairs delimiters as they come; what an open quote swallows is not read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.stack: list[Span] = []
        self.closed: list[Span] = []

    def read(self, offset: int, kind: str, text: str) -> None:
        self.leave_line(offset)
        if kind == "unclosed":
            self._read_quote(offset, text.lstrip("rRbBuUfFtT"))
        elif kind == "open" and (text in _INTERPOLATIONS or not self._in_quote()):
            self.stack.append(Span(text, offset))
        elif kind == "close" and not self._in_quote():
            self._close(offset, text)

    def leave_line(self, offset: int) -> None:
        """Give up an open one-line quote that lies on an earlier line than `offset`."""
        if not self._in_quote() or self.stack[-1].opener in _LONG_QUOTES:
            return
        if "\n" in self.text[self.stack[-1].start : offset]:
            self.stack.pop()

    def _read_quote(self, offset: int, quote: str) -> None:
        if not self._in_quote():
            self.stack.append(Span(quote, offset))
        elif self.stack[-1].opener == quote:
            self.closed.append(replace(self.stack.pop(), end=offset))

    def _close(self, offset: int, text: str) -> None:
        if not any(span.closer == text for span in self.stack):
            return
        while self.stack[-1].closer != text:
            self.stack.pop()
        self.closed.append(replace(self.stack.pop(), end=offset))

    def _in_quote(self) -> bool:
        return bool(self.stack) and not self.stack[-1].is_bracket
