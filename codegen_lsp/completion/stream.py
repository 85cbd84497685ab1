"""One suggestion: generate at a place, stop, tidy, and where it does not fit, try once more.

A first try that only repeats what follows, or does not fit between the lines around it, is not
shown. The second may not begin with the same word, or must begin with one that opens a block. A
line that alone would be a syntax error (`if ready {`) is written on to the end of its statement,
and so is a docstring where one may begin.
"""

import statistics
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace

from codegen_lsp.completion.attempt import Attempt, Place
from codegen_lsp.completion.docstring_place import may_begin_docstring
from codegen_lsp.completion.opening import unwanted_openings
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.completion.replacing import replaced_part
from codegen_lsp.completion.suggestion import Suggestion
from codegen_lsp.engine.base import SamplingParams, Statistics
from codegen_lsp.prompt.model import Model
from codegen_lsp.prompt.opening import Opening
from codegen_lsp.syntax.languages import grammar_of

_WORTH_ANOTHER_WORD = (
    Reason.REPEATS_SUFFIX,
    Reason.STRAY_INDENT,
    Reason.OPEN_STRING,
    Reason.CUTS_OFF,
)


_MOST_OF_STATEMENT = 64  # tokens


class SuggestionStream:
    """Iterate over it for the pieces of a suggestion as they become certain.

    The pieces joined are the suggestion's text. `suggestion` is there once they have been read.
    """

    suggestion: Suggestion

    def __init__(
        self, model: Model, place: Place, sampling: SamplingParams, cancel: threading.Event
    ) -> None:
        self._model = model
        self._place = place
        self._sampling = sampling
        self._cancel = cancel

    def __iter__(self) -> Iterator[str]:
        """Yield text that will not be taken back, with the document's line ends."""
        unwanted = unwanted_openings(self._place.extent, self._place.language, self._place.prefix)
        tries = [self._try(Opening(unwanted))]
        yield from tries[0].pieces()
        for attempt in self._further(tries[0], unwanted):
            tries.append(attempt)
            yield from attempt.pieces()
            if attempt.reason is None:
                break
        # Of several silences the first says most: the others were not free to choose.
        best = tries[-1] if tries[-1].reason is None else tries[0]
        logprobs = [token.logprob for token in best.tokens]
        self.suggestion = Suggestion(
            text=best.text.replace("\n", self._place.line_ending),
            offset=self._place.offset,
            replaces=replaced_part(self._place.prefix, best.text, self._place.suffix),
            reason=best.reason,
            mean_logprob=statistics.fmean(logprobs) if logprobs else None,
            statistics=_total([each.statistics for each in tries]),
            format_name=self._place.prompt.format_name,
            sources=self._place.sources,
            context_ms=self._place.context_ms,
            features=best.features(is_second_try=len(tries) > 1) if best.text else None,
            unknown_names=tuple(each.name for each in best.unknown_names),
            filtered_by=best.filtered_by,
        )

    def _try(self, opening: Opening, place: Place | None = None) -> Attempt:
        return Attempt(self._model, place or self._place, self._sampling, self._cancel, opening)

    def _further(self, first: Attempt, unwanted: Sequence[str]) -> Iterator[Attempt]:
        """What else to try after a first try that was not to be shown."""
        place = self._place
        is_begun = first.reason is Reason.SYNTAX_ERROR or (
            first.reason is Reason.OPEN_STRING and may_begin_docstring(place.language, place.prefix)
        )
        if is_begun and place.extent == "line" and place.options.multiline != "never":
            yield self._try(Opening(unwanted), _whole_statement(place))
        # Inside a word there is no other first word to choose.
        is_free = place.extent == "line" and not place.prompt.forced.strip()
        if first.reason in _WORTH_ANOTHER_WORD and is_free:
            yield self._try(self._second_opening(unwanted, first))

    def _second_opening(self, unwanted: Sequence[str], first: Attempt) -> Opening:
        """What is to be different: a line that opens a block, or just another first word."""
        grammar = grammar_of(self._place.language)
        if first.reason is Reason.STRAY_INDENT and grammar is not None:
            return Opening(unwanted, required=grammar.headers)
        return Opening(unwanted, refused=first.first_word())


def _whole_statement(place: Place) -> Place:
    """The same place, for as many lines as it takes until nothing is left open that should not."""
    most = place.options.max_new_tokens or _MOST_OF_STATEMENT
    return replace(place, extent="block", max_new_tokens=most, is_statement=True)


def _total(tries: list[Statistics]) -> Statistics:
    """What all tries have cost; the prompt is counted once, as the first found it."""
    return Statistics(
        prompt_tokens=tries[0].prompt_tokens,
        cached_tokens=tries[0].cached_tokens,
        completion_tokens=sum(each.completion_tokens for each in tries),
        prefill_ms=sum(each.prefill_ms for each in tries),
        decode_ms=sum(each.decode_ms for each in tries),
        finish_reason=tries[-1].finish_reason,
        passes=sum(each.passes for each in tries),
        drafted_tokens=sum(each.drafted_tokens for each in tries),
        accepted_draft_tokens=sum(each.accepted_draft_tokens for each in tries),
        cache_bytes=tries[-1].cache_bytes,
    )
