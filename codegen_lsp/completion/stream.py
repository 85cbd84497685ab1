"""One suggestion: generate at a place, stop, tidy, and where it does not fit, try once more.

A first try that only repeats what follows, or does not fit between the lines around it, is not
shown. The second may not begin with the same word, or must begin with one that opens a block.
"""

import io
import math
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from codegen_lsp.completion.extent import Extent
from codegen_lsp.completion.fit import may_misfit, misfit
from codegen_lsp.completion.model import Model
from codegen_lsp.completion.opening import unwanted_openings
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.completion.replacing import replaced_part
from codegen_lsp.completion.stopping import stop_rule
from codegen_lsp.completion.suffix import drop_repeated_suffix, held_back
from codegen_lsp.completion.suggestion import ContextSource, Suggestion
from codegen_lsp.engine.base import FinishReason, Request, SamplingParams, Statistics, Token
from codegen_lsp.models.tokenizer import StreamDecoder
from codegen_lsp.prompt.build import Prompt
from codegen_lsp.prompt.opening import Opening, OpeningConstraint
from codegen_lsp.syntax.languages import grammar_of

_WORTH_A_SECOND_TRY = (
    Reason.REPEATS_SUFFIX,
    Reason.STRAY_INDENT,
    Reason.OPEN_STRING,
    Reason.CUTS_OFF,
)


@dataclass(frozen=True, slots=True)
class Place:
    """What the candidates for one cursor have in common; all text has plain newlines.

    Attributes:
        language: LSP identifier.
        offset: of the cursor in the snapshot.
        line_ending: of the document.
        prompt: for the model.
        suffix: as much of the following text as the rules look at.
        extent: how much to suggest.
        max_new_tokens: at most so many in each try.
        sources: what the prompt was made of.
        context_ms: time that looking around took.
        deadline: on the performance counter; a block that is not done then ends with a statement.
    """

    language: str
    offset: int
    line_ending: str
    prompt: Prompt
    suffix: str
    extent: Extent
    max_new_tokens: int
    sources: tuple[ContextSource, ...]
    context_ms: float
    deadline: float = math.inf


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
        unwanted = unwanted_openings(
            self._place.extent, self._place.language, self._place.prompt.prefix
        )
        tries = [self._try(Opening(unwanted))]
        yield from tries[0].pieces()
        # Inside a word there is no other first word to choose.
        is_free = self._place.extent == "line" and not self._place.prompt.forced.strip()
        if tries[0].reason in _WORTH_A_SECOND_TRY and is_free:
            tries.append(self._try(self._second_opening(unwanted, tries[0])))
            yield from tries[1].pieces()
        # Of two silences the first says more: the second was not free to choose.
        best = tries[-1] if tries[-1].reason is None else tries[0]
        logprobs = [token.logprob for token in best.tokens]
        self.suggestion = Suggestion(
            text=best.text.replace("\n", self._place.line_ending),
            offset=self._place.offset,
            replaces=replaced_part(self._place.prompt.prefix, best.text, self._place.suffix),
            reason=best.reason,
            mean_logprob=statistics.fmean(logprobs) if logprobs else None,
            statistics=_total([each.statistics for each in tries]),
            format_name=self._place.prompt.format_name,
            sources=self._place.sources,
            context_ms=self._place.context_ms,
        )

    def _try(self, opening: Opening) -> "_Try":
        return _Try(self._model, self._place, self._sampling, self._cancel, opening)

    def _second_opening(self, unwanted: Sequence[str], first: "_Try") -> Opening:
        """What is to be different: a line that opens a block, or just another first word."""
        grammar = grammar_of(self._place.language)
        if first.reason is Reason.STRAY_INDENT and grammar is not None:
            return Opening(unwanted, required=grammar.headers)
        return Opening(unwanted, refused=first.first_word())


class _Try:
    """One generation and what the rules left of it; see `SuggestionStream`."""

    text: str
    reason: Reason | None

    def __init__(
        self,
        model: Model,
        place: Place,
        sampling: SamplingParams,
        cancel: threading.Event,
        opening: Opening,
    ) -> None:
        self._place = place
        self._tokenizer = model.tokenizer
        self._raw = ""
        self.tokens: list[Token] = []
        self._generation = model.engine.generate(
            Request(
                prompt_ids=place.prompt.ids,
                stop_ids=place.prompt.stop_ids,
                max_new_tokens=place.max_new_tokens,
                sampling=sampling,
                constraint=OpeningConstraint(model.tokenizer, place.prompt.forced, opening),
                cancel=cancel,
            )
        )

    @property
    def statistics(self) -> Statistics:
        """Of the engine."""
        return self._generation.statistics

    def pieces(self) -> Iterator[str]:
        """Yield text that will not be taken back; then `text` and `reason` are there."""
        place = self._place
        prefix, suffix = place.prompt.prefix, place.suffix
        rule = stop_rule(place.extent, place.language, prefix, suffix)
        sent = 0
        end: int | None = None
        for raw, finish in self._texts():
            self._raw = raw
            end = rule.cut(raw, finish)
            if end is None and place.extent != "line" and time.perf_counter() > place.deadline:
                end = rule.settled() or None
            if end is not None:
                break
            safe = raw[: rule.settled()]
            certain = len(safe) - held_back(prefix, safe, suffix)
            if certain > sent and not self._may_misfit(raw):
                yield raw[sent:certain].replace("\n", place.line_ending)
                sent = certain
        self._judge(self._raw[:end])
        yield self.text[sent:].replace("\n", place.line_ending)

    def first_word(self) -> str:
        """The first token that wrote more than white space, without the white space."""
        written = (self._tokenizer.token_bytes(token.id).strip() for token in self.tokens)
        return next(filter(None, written), b"").decode("utf-8", "replace")

    def _texts(self) -> Iterator[tuple[str, FinishReason]]:
        """The text generated so far, after each token and once more at the end."""
        text = ""
        decoder = StreamDecoder(self._tokenizer, len(self._place.prompt.forced))
        newlines = io.IncrementalNewlineDecoder(None, translate=True)
        for token in self._generation:
            self.tokens.append(token)
            text += newlines.decode(decoder.feed(token.id))
            yield text, "running"
        text += newlines.decode(decoder.finish(), final=True)
        yield text, self.statistics.finish_reason

    def _judge(self, kept: str) -> None:
        """Set `text` and `reason` from what the stop rule has kept."""
        place = self._place
        prefix, suffix = place.prompt.prefix, place.suffix
        text = drop_repeated_suffix(prefix, kept, suffix)
        if text != kept and replaced_part(prefix, text, suffix):
            text = kept  # what follows is said inside: the end of the text is its own
        if not text.strip():
            self.reason = self._reason(kept)
        else:
            is_line = place.extent == "line"
            self.reason = misfit(place.language, prefix, text, suffix) if is_line else None
        self.text = "" if self.reason else text

    def _may_misfit(self, text: str) -> bool:
        place = self._place
        return place.extent == "line" and may_misfit(
            place.language, place.prompt.prefix, text, place.suffix
        )

    def _reason(self, kept: str) -> Reason:
        """Why nothing was left of what was generated, of which the stop rule had `kept`."""
        finish = self.statistics.finish_reason
        if finish == "cancelled":
            return Reason.CANCELLED
        if kept.strip():
            return Reason.REPEATS_SUFFIX
        if self._raw and not self._raw.strip():
            return Reason.WHITESPACE_ONLY
        if finish == "length":
            return Reason.INCOMPLETE_STATEMENT
        return Reason.LEAVES_BLOCK if self._raw else Reason.EMPTY


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
