"""What an engine is: a generator over token ids.

An engine knows no text, editor or file. It is given the ids of a prompt and yields the ids that
follow, one at a time, each with its log-probability. This module needs no torch, so that callers
can speak of requests without paying for the decoder.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

FinishReason = Literal["running", "stop", "length", "cancelled"]
"""Why a generation ended: a stop id, the token limit (or full context), or the cancel flag."""


@dataclass(frozen=True, slots=True)
class SamplingParams:
    """How the next token is chosen; the default is greedy.

    Attributes:
        temperature: 0 takes the most likely token; above 0 draws from the softened distribution.
        top_p: draw only from the smallest set of tokens whose probability reaches this.
        seed: the draw depends on nothing else, so that a request can be repeated.
    """

    temperature: float = 0.0
    top_p: float = 1.0
    seed: int = 0


class Constraint(Protocol):
    """Limits which tokens may come next, while it has a say in how the text begins."""

    def allowed(self) -> Sequence[int] | None:
        """The only ids that may come next, never empty; None if `barred` names the exceptions."""

    def barred(self) -> Sequence[int]:
        """Ids that may not come next; asked where `allowed` is None."""

    def advance(self, token_id: int) -> None:
        """Take note that `token_id` was generated."""


@dataclass(frozen=True, slots=True)
class Request:
    """One generation to carry out.

    Attributes:
        prompt_ids: at least one id.
        stop_ids: generation ends before the first of these; it is not yielded.
        max_new_tokens: at most this many tokens are yielded.
        sampling: how tokens are chosen.
        constraint: forced first characters, or None. It is consumed: one per request.
        cancel: set it from any thread; the engine stops within one forward pass.
        drafts: ids that the caller expects the output to begin with. They make it come sooner where
            they are right, and never change it.
    """

    prompt_ids: Sequence[int]
    stop_ids: frozenset[int]
    max_new_tokens: int
    sampling: SamplingParams = SamplingParams()
    constraint: Constraint | None = None
    cancel: threading.Event = field(default_factory=threading.Event)
    drafts: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Token:
    """A generated token and the natural logarithm of its probability under the model."""

    id: int
    logprob: float


@dataclass(slots=True)
class Statistics:
    """What a generation has cost so far; times are milliseconds.

    Attributes:
        prompt_tokens: length of the prompt.
        cached_tokens: how many of them were not read again.
        completion_tokens: how many were yielded.
        passes: forward passes, those over the prompt included.
        drafted_tokens: guesses that passes have verified beside the tokens they had to read.
        accepted_draft_tokens: those that were right; over `drafted_tokens`, the draft acceptance
            rate.
        prefill_ms: until the prompt was read.
        decode_ms: choosing and reading tokens after that.
        finish_reason: why it ended.
        cache_bytes: memory that the keys and values of all sequences kept took at the end.
    """

    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    prefill_ms: float = 0.0
    decode_ms: float = 0.0
    finish_reason: FinishReason = "running"
    passes: int = 0
    drafted_tokens: int = 0
    accepted_draft_tokens: int = 0
    cache_bytes: int = 0


class Generation(Protocol):
    """A stream of tokens; `statistics` is live and final once the stream has ended."""

    statistics: Statistics

    def __iter__(self) -> Iterator[Token]:
        """Yield tokens as they are generated; the stream can be read once."""


class Engine(Protocol):
    """Carries out one request at a time; callers serialise."""

    context_window: int
    """Most tokens, prompt and completion together, that the model reads."""

    def holds_two(self, num_tokens: int) -> bool:
        """Whether two prompts of so many tokens stay in the KV cache beside each other."""

    def generate(self, request: Request) -> Generation:
        """Start `request`; work happens as the stream is read.

        The KV cache keeps what the stream has read so far, also when the caller stops reading
        or cancels, and a later request reuses the longest prefix that it has in common with any
        sequence still kept.

        Raises:
            ValueError: the prompt is empty or leaves no room in the context window.
        """
