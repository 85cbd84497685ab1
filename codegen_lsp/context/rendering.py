"""Rendering: from candidates to the pieces of a prompt, within a budget of characters.

What has the best score comes first to the budget; a member brings the header of its class. What is
shown of one file is one piece, in the file's order.
"""

from dataclasses import dataclass, field

from codegen_lsp.context.candidates import Candidate
from codegen_lsp.context.chosen import Piece, Source
from codegen_lsp.context.excerpts import Excerpt
from codegen_lsp.context.library import CLASS_LIKE
from codegen_lsp.context.outlines import opening, with_members
from codegen_lsp.context.records import Symbol

_PATH_COST = 12  # characters that a sentinel and a line end cost, beside the path
_DOCUMENTED = 0.45  # the score from which on a definition's docstring is shown as well
_INDENT = 4


@dataclass(slots=True)
class _Page:
    """What is shown of one file: definitions, members by class, and whether with docstrings."""

    source: Source
    score: float
    top: dict[Symbol, bool] = field(default_factory=dict)
    members: dict[Symbol, dict[Symbol, bool]] = field(default_factory=dict)
    excerpts: list[Excerpt] = field(default_factory=list)


class Pages:
    """A choice in the making."""

    def __init__(self, budget: int) -> None:
        """Choose texts of at most `budget` characters, paths included."""
        self._left = budget
        self._pages: dict[str, _Page] = {}
        self._shown: list[tuple[_Page, Candidate]] = []
        self._edits: list[Piece] = []

    def add(self, candidate: Candidate) -> None:
        """Show the signature of `candidate` if there is room for it."""
        symbol, owner = candidate.symbol, candidate.owner
        page = self._pages.get(symbol.file) or _Page(candidate.source, candidate.score)
        if any(_overlap(each, symbol) for each in page.excerpts):
            return
        if symbol in page.top:  # as the class of something better, and without its docstring
            self._shown.append((page, candidate))
            return
        new = [each for each in (owner, symbol) if each and each not in page.top]
        if not self._pay(symbol.file, sum(_cost(each) for each in new)):
            return
        self._pages[symbol.file] = page
        page.top.setdefault(owner or symbol, False)
        if owner is not None:
            page.members.setdefault(owner, {})[symbol] = False
        self._shown.append((page, candidate))

    def document(self) -> None:
        """Add the first lines of docstrings where there is room left, the best scores first."""
        for page, candidate in self._shown:
            symbol, owner = candidate.symbol, candidate.owner
            cost = _cost(symbol, documented=True) - _cost(symbol)
            if candidate.score >= _DOCUMENTED and cost and self._pay(symbol.file, cost):
                shown = page.top if owner is None else page.members[owner]
                shown[symbol] = True

    def add_excerpt(self, excerpt: Excerpt) -> bool:
        """Show `excerpt` if there is room for it and it says something new; whether it is shown."""
        page = self._pages.get(excerpt.file)
        if page is not None and any(_overlap(excerpt, symbol) for symbol in page.top):
            return False
        if not self._pay(excerpt.file, len(excerpt.text) + 1):
            return False
        new = _Page(excerpt.source, excerpt.score)
        self._pages.setdefault(excerpt.file, new).excerpts.append(excerpt)
        return True

    def add_edit(self, edit: Piece) -> None:
        """Show what was edited in a file, apart from what it defines, if there is room for it."""
        cost = len(edit.path) + _PATH_COST + len(edit.text) + 1
        if cost <= self._left:
            self._left -= cost
            self._edits.append(edit)

    def pieces(self) -> tuple[Piece, ...]:
        """A piece for each file, and one for what was edited in it, the best last."""
        found = [
            Piece(file, _text(page), page.source, round(page.score, 3))
            for file, page in self._pages.items()
        ]
        return tuple(sorted([*found, *self._edits], key=lambda piece: (piece.score, piece.path)))

    def _pay(self, file: str, cost: int) -> bool:
        cost += 0 if file in self._pages else len(file) + _PATH_COST
        if cost > self._left:
            return False
        self._left -= cost
        return True


def _overlap(excerpt: Excerpt, symbol: Symbol) -> bool:
    """Whether both are of the same lines."""
    last = excerpt.line + excerpt.text.count("\n")
    return excerpt.line <= symbol.end_line and symbol.start_line <= last


def _cost(symbol: Symbol, *, documented: bool = False) -> int:
    """Characters that `symbol` takes, indented if it is a member, and closed if it has some."""
    lines = opening(symbol, documented=documented)
    indent = _INDENT if symbol.container else 0
    closer = len("    ...\n") if symbol.kind in CLASS_LIKE else 0
    return sum(indent + len(line) + 1 for line in lines) + closer


def _text(page: _Page) -> str:
    parts = [(each.line, each.text) for each in page.excerpts]
    for symbol, documented in page.top.items():
        lines = opening(symbol, documented=documented)
        parts.append((symbol.start_line, _outline(symbol, lines, page.members.get(symbol, {}))))
    return "\n".join(text for _, text in sorted(parts))


def _outline(symbol: Symbol, lines: list[str], members: dict[Symbol, bool]) -> str:
    if symbol.kind not in CLASS_LIKE or symbol.kind == "type":
        return "\n".join(lines)
    ordered = sorted(members, key=lambda member: member.start_line)
    inside = [opening(member, documented=members[member]) for member in ordered]
    return with_members(symbol, lines, inside)
