"""All filters in their order, each given what the one before has left."""

from dataclasses import dataclass, replace

from codegen_lsp.completion.filters.candidate import Candidate, Filter, site_of
from codegen_lsp.completion.filters.leaves_block import leaves_block
from codegen_lsp.completion.filters.loops import without_loops
from codegen_lsp.completion.filters.markers import without_markers
from codegen_lsp.completion.filters.mixed_indent import with_one_indent
from codegen_lsp.completion.filters.next_line import repeats_next_line
from codegen_lsp.completion.filters.remembered import just_deleted, just_rejected
from codegen_lsp.completion.filters.secret import secret
from codegen_lsp.completion.filters.syntax_error import new_syntax_error
from codegen_lsp.completion.filters.trivial import trivial
from codegen_lsp.completion.filters.unbalanced import unbalanced
from codegen_lsp.completion.reasons import Reason

FILTERS: tuple[tuple[str, Filter], ...] = (
    ("markers", without_markers),
    ("loops", without_loops),
    ("leaves_block", leaves_block),
    ("repeats_next_line", repeats_next_line),
    ("mixed_indent", with_one_indent),
    ("unbalanced", unbalanced),
    ("syntax_error", new_syntax_error),
    # What the others have cut may be too little, or what was deleted or rejected.
    ("trivial", trivial),
    ("just_deleted", just_deleted),
    ("just_rejected", just_rejected),
    ("secret", secret),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is left of a candidate.

    Attributes:
        text: to show; "" if nothing is.
        reason: None exactly if there is a text.
        by: names of the filters that changed the text, or refused it.
    """

    text: str
    reason: Reason | None
    by: tuple[str, ...] = ()


def apply(candidate: Candidate) -> Verdict:
    """Run `candidate` through all filters until one refuses it."""
    candidate = replace(candidate, site=site_of(candidate))
    by: list[str] = []
    for name, judge in FILTERS:
        found = judge(candidate)
        if isinstance(found, Reason):
            return Verdict("", found, (*by, name))
        if found != candidate.text:
            by.append(name)
            candidate = replace(candidate, text=found)
    if not candidate.text.strip():
        return Verdict("", Reason.EMPTY, tuple(by))
    return Verdict(candidate.text, None, tuple(by))
