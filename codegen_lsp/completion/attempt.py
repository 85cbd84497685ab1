"""One try at a suggestion: a generation at a place, and what the rules leave of it."""

import io
import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from codegen_lsp.completion.confidence import Evidence, features, shipped
from codegen_lsp.completion.docstring_place import closed_summary, may_begin_docstring
from codegen_lsp.completion.extent import Extent
from codegen_lsp.completion.filters.candidate import Candidate, Site
from codegen_lsp.completion.filters.chain import Verdict, apply
from codegen_lsp.completion.fit import may_misfit, misfit
from codegen_lsp.completion.options import CompletionOptions
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.completion.replacing import replaced_part
from codegen_lsp.completion.stopping import stop_rule
from codegen_lsp.completion.suffix import drop_repeated_suffix, held_back
from codegen_lsp.completion.suggestion import ContextSource
from codegen_lsp.context.unknown_names import UnknownName
from codegen_lsp.engine.base import FinishReason, Request, SamplingParams, Statistics, Token
from codegen_lsp.models.tokenizer import StreamDecoder
from codegen_lsp.prompt.build import Prompt
from codegen_lsp.prompt.model import Model
from codegen_lsp.prompt.opening import Opening, OpeningConstraint
from codegen_lsp.syntax.indentation import last_line

_IN_DOUBT = 0.1, 0.9
"""Confidences between which it is worth while to look whether all names exist."""


@dataclass(frozen=True, slots=True)
class Place:
    """What the candidates for one cursor have in common; all text has plain newlines.

    Attributes:
        language: LSP identifier.
        offset: of the cursor in the snapshot.
        line_ending: of the document.
        prompt: for the model.
        prefix: as much of the text before the cursor as the rules look at; it begins where one can
            begin to parse, which that of the prompt need not.
        suffix: as much of the following text as the rules look at.
        extent: how much to suggest.
        max_new_tokens: at most so many in each try.
        sources: what the prompt was made of.
        context_ms: time that looking around took.
        site: the document without a suggestion, for the filters; None where there is no grammar.
        options: of the request.
        inspect: tells which names of a text do not exist here.
        filters: whether what is generated passes through them.
        deadline: on the performance counter; a block that is not done then ends with a statement.
        is_statement: of a block, no more than is needed for the filters to let it pass.
    """

    language: str
    offset: int
    line_ending: str
    prompt: Prompt
    prefix: str
    suffix: str
    extent: Extent
    max_new_tokens: int
    sources: tuple[ContextSource, ...]
    context_ms: float
    options: CompletionOptions
    inspect: Callable[[str], Sequence[UnknownName]]
    site: Site | None = None
    filters: bool = True
    deadline: float = math.inf
    is_statement: bool = False


class Attempt:
    """One generation and what the rules left of it; see `SuggestionStream`."""

    text: str
    reason: Reason | None
    filtered_by: tuple[str, ...] = ()
    unknown_names: Sequence[UnknownName] = ()

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
        self._starts: list[int] = []  # of each token's text
        self._tried = 0  # where it was last tried to end a statement
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
        prefix, suffix = place.prefix, place.suffix
        rule = stop_rule(place.extent, place.language, prefix, suffix)
        sent = 0
        end: int | None = None
        for raw, finish in self._texts():
            self._raw = raw
            end = rule.cut(raw, finish)
            if end is None and place.extent != "line":
                end = self._early_end(raw, rule.settled())
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

    def features(self, *, is_second_try: bool) -> dict[str, float]:
        """What the confidence of the text is judged by; sets `unknown_names`."""
        kept = [
            token.logprob
            for token, start in zip(self.tokens, self._starts, strict=True)
            if start < len(self.text)
        ]
        evidence = Evidence(
            text=self.text,
            prefix=self._place.prefix,
            suffix=self._place.suffix,
            logprobs=kept or [token.logprob for token in self.tokens],
            is_second_try=is_second_try,
            is_shortened=bool(self.filtered_by),
        )
        low, high = _IN_DOUBT
        if not low <= shipped().confidence(features(evidence)) <= high:
            return features(evidence)  # names would change nothing, and take time
        self.unknown_names = self._place.inspect(self.text)
        unknown = sum(each.certainty == "certain" for each in self.unknown_names)
        doubtful = len(self.unknown_names) - unknown
        return features(replace(evidence, unknown_names=unknown, doubtful_names=doubtful))

    def _texts(self) -> Iterator[tuple[str, FinishReason]]:
        """The text generated so far, after each token and once more at the end."""
        text = ""
        decoder = StreamDecoder(self._tokenizer, len(self._place.prompt.forced))
        newlines = io.IncrementalNewlineDecoder(None, translate=True)
        for token in self._generation:
            self.tokens.append(token)
            self._starts.append(len(text))
            text += newlines.decode(decoder.feed(token.id))
            yield text, "running"
        text += newlines.decode(decoder.finish(), final=True)
        yield text, self.statistics.finish_reason

    def _early_end(self, raw: str, settled: int) -> int | None:
        """Where a block ends that is not to be waited for; `settled` is a statement's end, or 0."""
        if time.perf_counter() > self._place.deadline:
            return settled or None
        if not self._place.is_statement or settled <= self._tried:
            return None
        self._tried = settled
        return settled if self._verdict(raw[:settled]).text == raw[:settled] else None

    def _judge(self, kept: str) -> None:
        """Set `text` and `reason` from what the stop rule has kept."""
        place = self._place
        prefix, suffix = place.prefix, place.suffix
        text = drop_repeated_suffix(prefix, kept, suffix)
        if text != kept and replaced_part(prefix, text, suffix):
            text = kept  # what follows is said inside: the end of the text is its own
        if not text.strip():
            self.reason = self._reason(kept)
        else:
            is_line = place.extent == "line"
            self.reason = misfit(place.language, prefix, text, suffix) if is_line else None
            if self.reason is Reason.OPEN_STRING and (summary := self._summary(text)):
                text, self.reason = summary, None
            if self.reason is None and place.filters:
                verdict = self._verdict(text)
                text, self.reason, self.filtered_by = verdict.text, verdict.reason, verdict.by
        behind = suffix[replaced_part(prefix, text, suffix) :].partition("\n")[0]
        is_above_line = not last_line(prefix) and behind.strip()
        # At the start of a line that holds something a whole line goes above it.
        end = "\n" if is_above_line and not text.endswith("\n") else ""
        self.text = "" if self.reason else text + end

    def _summary(self, text: str) -> str | None:
        """A docstring of one line, where `text` begins one of several lines."""
        place = self._place
        may_begin = may_begin_docstring(place.language, place.prefix)
        return closed_summary(text) if may_begin else None

    def _verdict(self, text: str) -> Verdict:
        """What the filters leave of `text`."""
        place = self._place
        replaces = replaced_part(place.prefix, text, place.suffix)
        return apply(
            Candidate(
                language=place.language,
                prefix=place.prefix,
                text=text,
                suffix=place.suffix[replaces:],
                extent=place.extent,
                is_invoked=place.options.is_invoked,
                deleted=place.options.deleted,
                rejected=place.options.rejected,
                site=place.site and replace(place.site, replaces=replaces),
            )
        )

    def _may_misfit(self, text: str) -> bool:
        place = self._place
        return place.extent == "line" and may_misfit(
            place.language, place.prefix, text, place.suffix
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
