r"""From a snapshot and a cursor to suggestions: prompt, generate, stop, tidy, give a reason.

Text inside the pipeline has lines that end in ``\n``; what is returned has the line ends of the
document. Every answer is a text or a reason for having none.
"""

import io
import statistics
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from codegen_lsp.completion.comments import unwanted_comment
from codegen_lsp.completion.extent import Extent, Multiline, choose_extent
from codegen_lsp.completion.model import Model
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.completion.stopping import StopRule, stop_rule
from codegen_lsp.completion.suffix import drop_repeated_suffix, held_back
from codegen_lsp.engine.base import FinishReason, Request, SamplingParams, Statistics, Token
from codegen_lsp.models.tokenizer import StreamDecoder
from codegen_lsp.prompt.build import Prompt, PromptBudget, build_prompt, constraint
from codegen_lsp.text import Snapshot, line_ending

_MAX_NEW_TOKENS: dict[Extent, int] = {"line": 64, "block": 192}
_BUDGET = PromptBudget(prefix_tokens=1024, suffix_tokens=384)
_SAMPLED = SamplingParams(temperature=0.6, top_p=0.95)
_RULES_SUFFIX_CHARS = 4000  # as much of the following text as the rules look at


@dataclass(frozen=True, slots=True)
class CompletionOptions:
    """What the caller asks for.

    Attributes:
        multiline: "auto" lets the syntax tree decide, "never" and "always" force it.
        max_new_tokens: None takes the default of the extent.
        candidates: how many different suggestions to try for; the first is greedy.
    """

    multiline: Multiline = "auto"
    max_new_tokens: int | None = None
    candidates: int = 1


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text to insert at `offset`, or an empty one and the reason.

    Attributes:
        text: what to insert, with the document's line ends.
        offset: code-point offset of the cursor in the snapshot.
        reason: None exactly if there is a text.
        mean_logprob: mean log-probability of the generated tokens; None if there were none.
        statistics: of the engine.
        format_name: fill-in-the-middle format used; None: the model read the prefix alone.
        context_ms: time that building the prompt took.
    """

    text: str
    offset: int
    reason: Reason | None
    mean_logprob: float | None
    statistics: Statistics
    format_name: str | None
    context_ms: float


@dataclass(frozen=True, slots=True)
class _Place:
    """What one cursor's candidates have in common; all text has plain newlines."""

    snapshot: Snapshot
    offset: int
    prompt: Prompt
    suffix: str
    extent: Extent
    context_ms: float

    def stop_rule(self) -> StopRule:
        return stop_rule(self.extent, self.snapshot.language, self.prompt.prefix, self.suffix)

    def unwanted_comment(self) -> str:
        if self.extent == "block":
            return ""
        return unwanted_comment(self.snapshot.language, self.prompt.prefix)


class Completer:
    """Completes snapshots with one model, one request at a time."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def complete(
        self,
        snapshot: Snapshot,
        offset: int,
        options: CompletionOptions = CompletionOptions(),
        cancel: threading.Event | None = None,
    ) -> list[Suggestion]:
        """Suggestions at `offset`, the greedy one first: one at least, and no text twice."""
        place = self._look_around(snapshot, offset, options)
        suggestions = [self._run(place, options, SamplingParams(), cancel)]
        for seed in range(1, options.candidates):
            drawn = self._run(place, options, replace(_SAMPLED, seed=seed), cancel)
            known = {" ".join(each.text.split()) for each in suggestions}
            if drawn.text and " ".join(drawn.text.split()) not in known:
                suggestions.append(drawn)
        return suggestions

    def stream(
        self,
        snapshot: Snapshot,
        offset: int,
        options: CompletionOptions = CompletionOptions(),
        cancel: threading.Event | None = None,
    ) -> "SuggestionStream":
        """The greedy suggestion, piece by piece."""
        place = self._look_around(snapshot, offset, options)
        return SuggestionStream(self.model, place, options, SamplingParams(), cancel)

    def _look_around(self, snapshot: Snapshot, offset: int, options: CompletionOptions) -> _Place:
        started = time.perf_counter()
        prefix = _plain_newlines(snapshot.text[:offset])
        suffix = _plain_newlines(snapshot.text[offset:])
        prompt = build_prompt(
            self.model.tokenizer, self.model.fim_format, prefix, suffix, self._budget()
        )
        near = suffix[:_RULES_SUFFIX_CHARS]
        extent = choose_extent(snapshot.language, prompt.prefix, near, options.multiline)
        context_ms = (time.perf_counter() - started) * 1000
        return _Place(snapshot, offset, prompt, near, extent, context_ms)

    def _budget(self) -> PromptBudget:
        """The usual windows, or as much of them as a small model's context window holds."""
        window = self.model.engine.context_window
        prefix_tokens = min(_BUDGET.prefix_tokens, window // 2)
        return PromptBudget(prefix_tokens, min(_BUDGET.suffix_tokens, window // 4))

    def _run(
        self,
        place: _Place,
        options: CompletionOptions,
        sampling: SamplingParams,
        cancel: threading.Event | None,
    ) -> Suggestion:
        stream = SuggestionStream(self.model, place, options, sampling, cancel)
        for _ in stream:
            pass
        return stream.suggestion


class SuggestionStream:
    """Iterate over it for the pieces of a suggestion as they become certain.

    The pieces joined are the suggestion's text. `suggestion` is there once they have been read.
    """

    suggestion: Suggestion

    def __init__(
        self,
        model: Model,
        place: _Place,
        options: CompletionOptions,
        sampling: SamplingParams,
        cancel: threading.Event | None,
    ) -> None:
        self._place = place
        self._tokenizer = model.tokenizer
        self._line_ending = line_ending(place.snapshot.text)
        self._tokens: list[Token] = []
        self._generation = model.engine.generate(
            Request(
                prompt_ids=place.prompt.ids,
                stop_ids=place.prompt.stop_ids,
                max_new_tokens=options.max_new_tokens or _MAX_NEW_TOKENS[place.extent],
                sampling=sampling,
                constraint=constraint(model.tokenizer, place.prompt, place.unwanted_comment()),
                cancel=cancel or threading.Event(),
            )
        )

    def __iter__(self) -> Iterator[str]:
        """Yield text that will not be taken back, with the document's line ends."""
        prefix, suffix = self._place.prompt.prefix, self._place.suffix
        rule = self._place.stop_rule()
        sent = 0
        raw = ""
        end: int | None = None
        for raw, finish in self._texts():
            end = rule.cut(raw, finish)
            if end is not None:
                break
            safe = raw[: rule.settled()]
            certain = len(safe) - held_back(prefix, safe, suffix)
            if certain > sent:
                yield self._with_line_ends(raw[sent:certain])
                sent = certain
        kept = raw[:end]
        text = drop_repeated_suffix(prefix, kept, suffix)
        if text.strip() == "":
            text = ""
        yield self._with_line_ends(text[sent:])
        self.suggestion = self._finish(raw, kept, text)

    def _texts(self) -> Iterator[tuple[str, FinishReason]]:
        """The text generated so far, after each token and once more at the end."""
        text = ""
        decoder = StreamDecoder(self._tokenizer, len(self._place.prompt.forced))
        newlines = io.IncrementalNewlineDecoder(None, translate=True)
        for token in self._generation:
            self._tokens.append(token)
            text += newlines.decode(decoder.feed(token.id))
            yield text, "running"
        text += newlines.decode(decoder.finish(), final=True)
        yield text, self._generation.statistics.finish_reason

    def _finish(self, raw: str, kept: str, text: str) -> Suggestion:
        logprobs = [token.logprob for token in self._tokens]
        return Suggestion(
            text=self._with_line_ends(text),
            offset=self._place.offset,
            reason=None if text else self._reason(raw, kept),
            mean_logprob=statistics.fmean(logprobs) if logprobs else None,
            statistics=self._generation.statistics,
            format_name=self._place.prompt.format_name,
            context_ms=self._place.context_ms,
        )

    def _reason(self, raw: str, kept: str) -> Reason:
        """Why nothing was left of `raw`, of which the stop rule kept `kept`."""
        finish = self._generation.statistics.finish_reason
        if finish == "cancelled":
            return Reason.CANCELLED
        if kept.strip():
            return Reason.REPEATS_SUFFIX
        if raw and not raw.strip():
            return Reason.WHITESPACE_ONLY
        if finish == "length":
            return Reason.INCOMPLETE_STATEMENT
        return Reason.LEAVES_BLOCK if raw else Reason.EMPTY

    def _with_line_ends(self, text: str) -> str:
        return text if self._line_ending == "\n" else text.replace("\n", self._line_ending)


def _plain_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
