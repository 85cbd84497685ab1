"""What a filter sees of a suggestion that is not shown yet."""

from collections.abc import Callable
from dataclasses import dataclass

from codegen_lsp.completion.extent import Extent
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.syntax.parsing import Tree, parse, prefix_window


@dataclass(frozen=True, slots=True)
class Site:
    """The buffer as it is without the suggestion.

    Attributes:
        tree: of a text with plain newlines, the whole document if it can be had.
        offset: of the cursor in that text.
        replaces: so many characters behind the cursor give way to the suggestion.
    """

    tree: Tree
    offset: int
    replaces: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that may become a suggestion, and what it is judged by.

    Attributes:
        language: LSP language identifier.
        prefix: the text of the buffer before the cursor, as much of it as the rules look at.
        text: the suggestion.
        suffix: the text behind it, without the part that the suggestion replaces.
        extent: what was asked of the model.
        is_invoked: the user asked for it.
        deleted: texts that the user has lately deleted or undone at this place.
        rejected: suggestions that the user has lately rejected at this place.
        site: the document, parsed once for all candidates at a place; without it filters that
            look at a tree parse `prefix` and `suffix`.
    """

    language: str
    prefix: str
    text: str
    suffix: str
    extent: Extent
    is_invoked: bool = False
    deleted: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    site: Site | None = None


Filter = Callable[[Candidate], str | Reason]
"""Gives the text, possibly shortened, which is then judged on by the next; or why to be silent."""


def site_of(candidate: Candidate) -> Site | None:
    """Where `candidate` goes, parsed if it has not been; None for a language without a grammar."""
    if candidate.site is not None:
        return candidate.site
    window = prefix_window(candidate.prefix)
    tree = parse(candidate.language, window + candidate.suffix)
    return None if tree is None else Site(tree, len(window))
