r"""From a snapshot and a cursor to suggestions.

Text inside the pipeline has lines that end in ``\n``; what is returned has the line ends of the
document. Every answer is a text or a reason for having none.
"""

import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from codegen_lsp.completion.attempt import Place
from codegen_lsp.completion.extent import choose_extent
from codegen_lsp.completion.filters.candidate import Site
from codegen_lsp.completion.options import CompletionOptions
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.completion.replacing import auto_closed
from codegen_lsp.completion.sticky import Choose, Clock, StickyContext
from codegen_lsp.completion.stream import SuggestionStream
from codegen_lsp.completion.suggestion import ContextSource, Suggestion
from codegen_lsp.context.chosen import NOTHING, Context
from codegen_lsp.context.unknown_names import UnknownName, unknown_names
from codegen_lsp.engine.base import Request, SamplingParams
from codegen_lsp.prompt.build import Prompt, PromptBudget, build_prompt
from codegen_lsp.prompt.model import Model
from codegen_lsp.prompt.repository import Surroundings
from codegen_lsp.syntax.changes import parse_changed
from codegen_lsp.syntax.parsing import Tree, parse, prefix_window
from codegen_lsp.text import Snapshot, line_ending

_MAX_NEW_TOKENS = {"line": 64, "paragraph": 128, "block": 192}
DEFAULT_BUDGET = PromptBudget(prefix_tokens=1024, suffix_tokens=384)
_LOOKAHEAD_TOKENS = 32  # of typing, while which the next window is read: two lines or so
_SAMPLED = SamplingParams(temperature=0.6, top_p=0.95)
_DEFAULTS = CompletionOptions()
_RULES_SUFFIX_CHARS = 4000  # as much of the following text as the rules look at


Inspect = Callable[[Snapshot, int, str], Sequence[UnknownName]]
"""Which names of a text that is put at an offset do not exist; line ends are plain newlines."""


def _nothing(_snapshot: Snapshot, _offset: int) -> Context:
    return NOTHING


class Completer:
    """Completes snapshots with one model, one request at a time."""

    def __init__(  # noqa: PLR0913 - all that completing hangs on
        self,
        model: Model,
        windows: PromptBudget = DEFAULT_BUDGET,
        choose: Choose | None = None,
        clock: Clock = time.monotonic,
        *,
        inspect: Inspect = unknown_names,
        filters: bool = True,
    ) -> None:
        """Complete with `model`.

        Args:
            model: loaded.
            windows: as much of the buffer as it is given at most, and of other files.
            choose: tells what of other files helps at a place; None: nothing does.
            clock: tells seconds, for how long the user has paused.
            inspect: tells which names of a suggestion do not exist; by default, as far as the
                document itself tells.
            filters: hold back what is not worth showing; False, to see what they are worth.
        """
        self.model = model
        self._windows = windows
        self._contexts = StickyContext(choose or _nothing, clock)
        self._inspect = inspect
        self._filters = filters
        self._latest: tuple[str, str, Tree | None] = ("", "", None)  # URI, language, tree

    def complete(
        self,
        snapshot: Snapshot,
        offset: int,
        options: CompletionOptions = _DEFAULTS,
        cancel: threading.Event | None = None,
    ) -> list[Suggestion]:
        """Suggestions at `offset`, the likeliest first: no text twice, and none only if alone."""
        started = time.perf_counter()
        place = self._look_around(snapshot, offset, options)
        cancel = cancel or threading.Event()
        suggestions = [self._run(place, SamplingParams(), cancel)]
        for seed in range(1, options.candidates):
            elapsed_s = time.perf_counter() - started
            if options.patience_s is not None and elapsed_s > options.patience_s:
                break
            drawn = self._run(place, replace(_SAMPLED, seed=seed), cancel)
            known = {" ".join(each.text.split()) for each in suggestions}
            if drawn.text and " ".join(drawn.text.split()) not in known:
                suggestions.append(drawn)
        self._contexts.rest()
        with_text = [each for each in suggestions if each.text]
        return sorted(with_text, key=lambda each: -(each.confidence or 0.0)) or suggestions

    def stream(
        self,
        snapshot: Snapshot,
        offset: int,
        options: CompletionOptions = _DEFAULTS,
        cancel: threading.Event | None = None,
    ) -> SuggestionStream:
        """The greedy suggestion, piece by piece; unfiltered, as filters judge a text by its end."""
        place = replace(self._look_around(snapshot, offset, options), filters=False)
        return SuggestionStream(self.model, place, SamplingParams(), cancel or threading.Event())

    def prepare(self, snapshot: Snapshot, offset: int, cancel: threading.Event) -> None:
        """Have the model read before it is needed what the next requests may bring.

        First, if typing on will soon move the prefix's window, the next one, unless the engine can
        keep but one prompt and would lose the present one. Then, once the user pauses, what a
        changed choice of other files' parts puts before the buffer. Reading either takes about as
        long as a first request at a new place.
        """
        budget = self._budget()
        now = self._prompt(snapshot, offset, budget)
        sooner = replace(budget, prefix_tokens=max(budget.prefix_tokens - _LOOKAHEAD_TOKENS, 1))
        following = self._prompt(snapshot, offset, sooner)
        if following.prefix != now.prefix and self.model.engine.holds_two(len(now.ids)):
            self._read(following, cancel)
        # Without folders to choose from, waiting would only keep other jobs waiting.
        may_change = self._contexts.now(snapshot.uri) is not NOTHING
        is_pause = may_change and not cancel.wait(max(self._contexts.seconds_to_pause(), 0))
        if is_pause and self._contexts.choose_at_rest(snapshot, offset):
            self._read(self._prompt(snapshot, offset, budget), cancel)

    def prompt_at(self, snapshot: Snapshot, offset: int) -> Prompt:
        """The prompt that completing at `offset` takes, with the latest choice of other files."""
        return self._prompt(snapshot, offset, self._budget())

    def forget_context(self) -> None:
        """Choose anew from here on: the files to choose from are others."""
        self._contexts.forget()

    def _read(self, prompt: Prompt, cancel: threading.Event) -> None:
        # One token is generated from what is read anyway, without a pass of its own.
        request = Request(prompt.ids, frozenset(), max_new_tokens=1, cancel=cancel)
        for _ in self.model.engine.generate(request):
            pass

    def _look_around(self, snapshot: Snapshot, offset: int, options: CompletionOptions) -> Place:
        started = time.perf_counter()
        context = self._contexts.at(snapshot, offset)
        prompt = self.prompt_at(snapshot, offset)
        # A line end takes two characters at most.
        behind = snapshot.text[offset : offset + 2 * _RULES_SUFFIX_CHARS]
        near = _plain_newlines(behind)[:_RULES_SUFFIX_CHARS]
        plain = _plain(snapshot)
        plain_offset = len(_plain_newlines(snapshot.text[:offset]))
        prefix = prefix_window(plain.text[:plain_offset])
        extent = choose_extent(snapshot.language, prefix, near, options.multiline)
        return Place(
            language=snapshot.language,
            offset=offset,
            line_ending=line_ending(snapshot.text),
            prompt=prompt,
            prefix=prefix,
            suffix=near,
            extent=extent,
            max_new_tokens=options.max_new_tokens or _MAX_NEW_TOKENS[extent],
            sources=_sources(prompt, context),
            context_ms=(time.perf_counter() - started) * 1000,
            options=options,
            inspect=partial(self._inspect, plain, plain_offset),
            site=self._site(plain, plain_offset) if self._filters else None,
            filters=self._filters,
            deadline=math.inf if options.time_limit_s is None else started + options.time_limit_s,
        )

    def _prompt(self, snapshot: Snapshot, offset: int, budget: PromptBudget) -> Prompt:
        """The prompt for a cursor at `offset`, with the context that the document has at present.

        Closers that the editor has put behind the cursor are not in it: the suffix stays what it
        was before the opener was typed, and with it all that the KV cache holds. Suggestions are as
        good without them (120 places: 84 lines right, 83 with them).
        """
        prefix = _plain_newlines(snapshot.text[:offset])
        suffix = _plain_newlines(snapshot.text[offset:])
        below = suffix[auto_closed(prefix, suffix) :]
        model, context = self.model, self._contexts.now(snapshot.uri)
        around = Surroundings(context.repository, context.path, snapshot.language, context.pieces)
        return build_prompt(model.tokenizer, model.fim_format, prefix, below, budget, around=around)

    def _site(self, plain: Snapshot, offset: int) -> Site | None:
        """The document as the filters see it; parsed anew only where it has changed."""
        uri, language, before = self._latest
        if before is not None and (uri, language) == (plain.uri, plain.language):
            tree: Tree | None = parse_changed(before, plain.text)
        else:
            tree = parse(plain.language, plain.text)
        self._latest = plain.uri, plain.language, tree
        return None if tree is None else Site(tree, offset)

    def _budget(self) -> PromptBudget:
        return budget_within(self.model.engine.context_window, self._windows)

    def _run(self, place: Place, sampling: SamplingParams, cancel: threading.Event) -> Suggestion:
        stream = SuggestionStream(self.model, place, sampling, cancel)
        for _ in stream:
            pass
        if stream.suggestion.statistics.finish_reason == "cancelled":  # half a text is none
            return replace(stream.suggestion, text="", replaces=0, reason=Reason.CANCELLED)
        return stream.suggestion


def budget_within(context_window: int, windows: PromptBudget = DEFAULT_BUDGET) -> PromptBudget:
    """The usual windows, or as much of them as a small model's context window holds."""
    return replace(
        windows,
        prefix_tokens=min(windows.prefix_tokens, context_window // 2),
        suffix_tokens=min(windows.suffix_tokens, context_window // 4),
        context_tokens=min(windows.context_tokens, context_window // 8),
    )


def _plain(snapshot: Snapshot) -> Snapshot:
    return replace(snapshot, text=_plain_newlines(snapshot.text))


def _plain_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _sources(prompt: Prompt, context: Context) -> tuple[ContextSource, ...]:
    tokens = dict(prompt.excerpts)
    return (
        *(
            ContextSource(piece.source, tokens[piece], piece.path, piece.score)
            for piece in context.pieces
            if piece in tokens
        ),
        ContextSource("prefix", prompt.prefix_tokens),
        ContextSource("suffix", prompt.suffix_tokens),
    )
