"""What is recorded. Numbers, codes and language identifiers: nothing that was written or named."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

TriggerKind = Literal["automatic", "invoked"]
Extent = Literal["line", "block"]
Origin = Literal["model", "cache", "prefetch"]


class Outcome(StrEnum):
    """How far a suggestion has come in its life; what comes later here prevails."""

    SENT = "sent"
    SHOWN = "shown"
    IGNORED = "ignored"
    REJECTED = "rejected"
    PARTIALLY_ACCEPTED = "partially_accepted"
    ACCEPTED = "accepted"

    @property
    def rank(self) -> int:
        """Place in the order of the members."""
        return list(Outcome).index(self)

    @property
    def is_acceptance(self) -> bool:
        """Whether the user took any of it."""
        return self in (Outcome.ACCEPTED, Outcome.PARTIALLY_ACCEPTED)


@dataclass(frozen=True, slots=True)
class SuggestionRecord:
    """One suggestion, from being sent to its end.

    Attributes:
        day: when it was sent, in local time.
        language: LSP language identifier.
        trigger_kind: whether the user asked for it.
        extent: whether it has one line or several.
        source: the model; or the suggestion cache, where it came because of an earlier request or
            was made ahead of any.
        outcome: the furthest that it came.
        is_shown: the client said that it was shown, or the user dealt with it.
        characters: its length in code points.
        accepted_characters: how many of them the user took.
        kept_characters: how many of those still stood there 30 s later; None: not known.
        latency_ms: from the request to the answer.
        prompt_tokens: of the prompt; 0 where the model was not asked.
        cached_tokens: how many of them were not read again.
        confidence: of the model as shipped; None: it was not judged, or the editor tells what it
            shows and has not shown this one.
    """

    day: date
    language: str
    trigger_kind: TriggerKind
    extent: Extent
    source: Origin
    outcome: Outcome
    is_shown: bool
    characters: int
    accepted_characters: int
    kept_characters: int | None
    latency_ms: float
    prompt_tokens: int
    cached_tokens: int
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """A request that was answered without a suggestion; `reason` is a code."""

    day: date
    language: str
    trigger_kind: TriggerKind
    reason: str


@dataclass(frozen=True, slots=True)
class Insertion:
    """So many characters came into a document: typed, pasted or accepted."""

    day: date
    language: str
    characters: int


Record = SuggestionRecord | Silence | Insertion
