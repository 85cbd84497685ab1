"""One suggestion on its way: where it is in the document, what was taken of it, what is left."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from codegen_lsp.server.documents import Document
from codegen_lsp.server.edits import Edit, Span, around, what_remains
from codegen_lsp.server.history import Answer
from codegen_lsp.statistics.records import Extent, Outcome, SuggestionRecord, TriggerKind


@dataclass(slots=True)
class Sent:
    """A text that was sent.

    Attributes:
        text: to be inserted.
        place: where that is.
        taken: as much of the text as was accepted.
        spans: where in the document that still stands; None until it has been found.
    """

    text: str
    place: Span
    taken: str = ""
    spans: list[Span] | None = None


@dataclass(slots=True, eq=False)
class Fate:
    """One suggestion, or the choice of several, under all the ids that it was sent with.

    Attributes:
        answer: the first one.
        language: of the document, as it is recorded.
        day: when it was answered.
        texts: as they were at first, before any of them was typed along.
        place: where they would be inserted, and what has been inserted there.
        sent: by id.
        is_left: something in front of the place has been deleted, and with it the place.
        outcome: the furthest that it came.
        is_shown: the user has seen it.
        timer: set once nothing more is asked of it.
    """

    answer: Answer
    language: str
    day: date
    texts: tuple[str, ...]
    place: Span
    sent: dict[str, Sent] = field(default_factory=dict)
    is_left: bool = False
    outcome: Outcome = Outcome.SENT
    is_shown: bool = False
    timer: asyncio.TimerHandle | None = None


def is_along(fate: Fate, document: Document, offset: int) -> bool:
    """Whether what the user has typed since is what `fate` says, or all of that and more."""
    if fate.is_left or offset < fate.place.start:
        return False
    typed = document.snapshot().text[fate.place.start : offset]
    return any(text.startswith(typed) or typed.startswith(text) for text in fate.texts)


def follow(sent: Sent, edits: Iterable[Edit], document: Document) -> None:
    """Keep up with `edits`; what was accepted may come with them, or have come before."""
    for edit in edits:
        sent.place = around(sent.place, edit)
        if sent.spans is not None:
            sent.spans = what_remains(sent.spans, edit)
    if sent.taken and sent.spans is None:
        end = sent.place.end + len(sent.taken)
        start = document.snapshot().text.find(sent.taken, sent.place.start, end)
        sent.spans = [Span(start, start + len(sent.taken))] if start >= 0 else None


def record_of(fate: Fate, *, is_watched: bool, is_seen: bool) -> SuggestionRecord:
    """What is recorded of `fate`.

    Args:
        fate: nothing more becomes of it.
        is_watched: its document could be followed to the end.
        is_seen: for all that is known, the user has seen it.
    """
    answer = fate.answer
    taken = [each for each in fate.sent.values() if each.taken]
    text = next((each for each in fate.texts if taken and each.endswith(taken[0].text)), None)
    text = text or fate.texts[0]
    spans = [span for each in taken for span in each.spans or ()]
    is_known = is_watched and bool(taken) and all(each.spans is not None for each in taken)
    asked = answer.origin.statistics if answer.source == "model" and answer.origin else None
    return SuggestionRecord(
        day=fate.day,
        language=fate.language,
        trigger_kind=trigger_kind(answer),
        extent=_extent(text),
        source="prefetch" if answer.is_ahead else answer.source or "model",
        outcome=fate.outcome,
        is_shown=fate.is_shown,
        characters=len(text),
        accepted_characters=sum(len(each.taken) for each in taken),
        kept_characters=sum(span.end - span.start for span in spans) if is_known else None,
        latency_ms=round(answer.total_ms, 2),
        prompt_tokens=asked.prompt_tokens if asked else 0,
        cached_tokens=asked.cached_tokens if asked else 0,
        confidence=answer.suggestions[0].confidence if is_seen else None,
    )


def trigger_kind(answer: Answer) -> TriggerKind:
    """Whether the user asked for `answer`."""
    return "invoked" if answer.is_invoked else "automatic"


def _extent(text: str) -> Extent:
    return "block" if "\n" in text.strip() else "line"
