r"""The comments around a definition: which one documents it, and where a new one would stand.

Places are found in the text, not among siblings of the tree: grammars hang a comment now on what
stands before it, now on what stands behind. Marks are a pattern for how a documenting comment
begins, so that `/** */` is told from `/* */`, and `/////` from `///`.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass

import tree_sitter

from codegen_lsp.syntax.parsing import Tree
from codegen_lsp.syntax.signatures.facts import Existing

BLOCK_MARKS = re.compile(r"/\*\*(?![*/])")
"""`/** ... */`; rows of stars are decoration."""

_LINE_END = re.compile(r"\r\n|\n|\r")
_SPACE = re.compile(r"\s+")
_TAGS = re.compile(r"[@\\](?:params?|returns?|throws|exception|public|private|api)\b")


@dataclass(frozen=True, slots=True)
class Place:
    """Where documentation goes that stands above a definition.

    Attributes:
        insert_at: offset of the first character of the line that the definition begins on.
        indent: white space before the definition.
        problem: why it cannot go there, in a few words; "" if it can.
    """

    insert_at: int
    indent: str
    problem: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """A comment, or an attribute that stands by itself between one and the definition."""

    start: int
    end: int
    text: str
    is_comment: bool

    @property
    def is_line(self) -> bool:
        return self.text.startswith("//")


class Comments:
    """The comments of one text; those that match `marks` at their start document something."""

    def __init__(self, tree: Tree, marks: re.Pattern[str]) -> None:
        captures = tree.captures("docstrings")
        pieces = [_piece(tree, node, is_comment=True) for node in captures.get("above", [])]
        pieces += [_piece(tree, node, is_comment=False) for node in captures.get("between", [])]
        self._tree = tree
        self._marks = marks
        self._pieces = sorted(pieces, key=lambda piece: (piece.end, -piece.start))
        self._ends = [piece.end for piece in self._pieces]
        self._remarks = sorted((piece.start, piece.end) for piece in pieces if piece.is_comment)

    def first_attribute(self, start: int) -> int:
        """Offset at which the attributes begin that stand before `start`; `start` without any."""
        first, at = start, start
        while (piece := self._before(at)) is not None and self._belongs(piece, at):
            at = piece.start
            first = first if piece.is_comment else at
        return first

    def doc_above(self, start: int) -> Existing | None:
        """What documents the definition that begins at offset `start`, attributes included or not.

        Ordinary comments may stand between (`// eslint-disable-next-line`), a blank line only
        below a comment with tags such as `@param` or `@public`, as express writes them: else it
        is a licence or a heading.
        """
        at = start
        while (piece := self._before(at)) is not None:
            if piece.is_comment and self._marks.match(piece.text):
                return self._whole(piece) if self._documents(piece, at) else None
            if not self._belongs(piece, at):
                return None
            at = piece.start
        return None

    def on_one_line(self, start: int, end: int) -> str:
        """The source between two offsets without comments and with single spaces."""
        kept, at = [], start
        for first, last in self._remarks[bisect_right(self._remarks, (start, 0)) :]:
            if first >= end:
                break
            kept.append(self._tree.text[at:first])
            at = max(at, last)
        kept.append(self._tree.text[at:end])
        return _SPACE.sub(" ", " ".join(kept)).strip()

    def _before(self, start: int) -> _Piece | None:
        """The piece that ends before `start` with nothing but white space between."""
        index = bisect_right(self._ends, start) - 1
        if index < 0 or self._tree.text[self._ends[index] : start].strip():
            return None
        return self._pieces[index]

    def _belongs(self, piece: _Piece, start: int) -> bool:
        """Whether `piece` is part of what begins at `start`, not of what stands before it."""
        line_ends = self._line_ends(piece.end, start)
        if line_ends == 0 or not piece.is_comment:
            return True
        return line_ends == 1 and self._begins_line(piece)

    def _begins_line(self, piece: _Piece) -> bool:
        """Whether only white space and attributes stand before `piece` on its line."""
        before = self._before(piece.start)
        is_behind_attribute = before is not None and not before.is_comment
        return is_behind_attribute or begins_line(self._tree.text, piece.start)

    def _documents(self, piece: _Piece, start: int) -> bool:
        if self._belongs(piece, start):
            return True
        is_block = not piece.is_line and self._begins_line(piece)
        is_parted = is_block and self._line_ends(piece.end, start) == 2
        return is_parted and _TAGS.search(piece.text) is not None

    def _whole(self, last: _Piece) -> Existing:
        """The comment that ends with `last`: of line comments all that follow one another."""
        first = last
        while first.is_line and (piece := self._before(first.start)) is not None:
            is_same = piece.is_comment and self._mark(piece) == self._mark(last)
            if not (is_same and self._belongs(piece, first.start)):
                break
            first = piece
        return Existing(first.start, last.end, self._tree.text[first.start : last.end])

    def _mark(self, piece: _Piece) -> str:
        """How `piece` begins if it documents something; "" if it does not."""
        match = self._marks.match(piece.text)
        return match.group() if match else ""

    def _line_ends(self, start: int, end: int) -> int:
        return len(_LINE_END.findall(self._tree.text[start:end]))


def place_above(text: str, start: int) -> Place:
    """Where documentation goes for what begins at offset `start` of `text`."""
    line = line_start(text, start)
    before = text[line:start]
    problem = "" if not before.strip() else "something stands before it on its line"
    return Place(line, before[: len(before) - len(before.lstrip())], problem)


def begins_line(text: str, start: int) -> bool:
    """Whether nothing but white space stands before offset `start` on its line."""
    return not text[line_start(text, start) : start].strip()


def line_start(text: str, offset: int) -> int:
    """Offset of the first character of the line that holds `offset`."""
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def _piece(tree: Tree, node: tree_sitter.Node, *, is_comment: bool) -> _Piece:
    """The piece at `node`, without the line end that some grammars count as part of a comment."""
    start, end = tree.offset(node.start_byte), tree.offset(node.end_byte)
    text = tree.text[start:end].rstrip("\r\n")
    return _Piece(start, start + len(text), text, is_comment)
