"""Whether places in a candidate lie in strings and comments, where text is not code."""

from collections.abc import Iterable

from codegen_lsp.completion.filters.candidate import Candidate
from codegen_lsp.syntax.delimiters import Span, spans
from codegen_lsp.syntax.parsing import parse, prefix_window


def in_code(candidate: Candidate, offsets: Iterable[int]) -> list[int]:
    """Those of `offsets` in the text behind which code stands; none without a grammar.

    With the text below, comments and strings that end there are known best; without it, those
    that the user or the model has just begun.
    """
    window = prefix_window(candidate.prefix)
    literals: list[Span] = []
    for below in ("", candidate.suffix):
        tree = parse(candidate.language, window + candidate.text + below)
        if tree is None:
            return []
        literals += [span for span in spans(tree) if not span.is_bracket]
    return [at for at in offsets if not any(span.holds(len(window) + at) for span in literals)]
