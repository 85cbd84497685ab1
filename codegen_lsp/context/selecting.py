"""Selecting: the best of what the sources have found, within what a prompt has room for."""

from collections.abc import Iterable, Sequence

from codegen_lsp.context.candidates import Candidate
from codegen_lsp.context.chosen import Piece
from codegen_lsp.context.excerpts import Excerpt
from codegen_lsp.context.place import Place
from codegen_lsp.context.records import Symbol
from codegen_lsp.context.rendering import Pages

_LEAST_SCORE = 0.12
_LEAST_BEST = 0.3  # with nothing above it a choice would be guesses only
_MOST_EXCERPTS = 2

Found = Candidate | Excerpt


def select(
    found: Iterable[Found], place: Place, name: str, budget: int, edits: Sequence[Piece] = ()
) -> tuple[Piece, ...]:
    """The best of `found` that the prompt does not show anyway, in `budget` characters.

    Args:
        found: by any source, in any order.
        place: the cursor's.
        name: of its file.
        budget: paths included.
        edits: what was edited lately, which no guess is shown for the sake of.
    """
    best: dict[object, Found] = {}
    for each in found:
        key = _identity(each)
        if each.score >= _LEAST_SCORE and (key not in best or best[key].score < each.score):
            best[key] = each
    is_guess = max((each.score for each in best.values()), default=0.0) < _LEAST_BEST
    ranked = sorted([*edits, *(() if is_guess else best.values())], key=_rank)
    pages = Pages(budget)
    excerpts = 0
    for each in ranked:
        if isinstance(each, Piece):
            pages.add_edit(each)
        elif isinstance(each, Candidate):
            if each.symbol.file != name or not _is_shown(each.symbol, place):
                pages.add(each)
        elif each.source == "scope" or excerpts < _MOST_EXCERPTS:
            excerpts += pages.add_excerpt(each) and each.source != "scope"
    pages.document()
    return pages.pieces()


def _identity(found: Found) -> object:
    """What two finds have in common that say the same: overloads and copies of a file."""
    if isinstance(found, Excerpt):
        return found.text
    return found.symbol.name, found.symbol.container, found.symbol.signature, found.symbol.kind


def _rank(found: Found | Piece) -> tuple[float, str, int, str]:
    if isinstance(found, Piece):
        return -found.score, found.path, 0, ""
    if isinstance(found, Excerpt):
        return -found.score, found.file, found.line, ""
    return -found.score, found.symbol.file, found.symbol.start_line, found.symbol.name


def _is_shown(symbol: Symbol, place: Place) -> bool:
    """Whether the prompt shows where the cursor's file defines `symbol`."""
    start, end = place.shown
    return place.line_of(start) <= symbol.start_line <= place.line_of(end)
