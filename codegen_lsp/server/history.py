"""What was answered lately and what became of it: the memory behind `codegen/explain`."""

import itertools
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from codegen_lsp.completion.reasons import Reason
from codegen_lsp.completion.suggestion import Suggestion
from codegen_lsp.statistics.records import Outcome
from codegen_lsp.text import Position

Source = Literal["model", "cache"]

_ANSWERS_PER_DOCUMENT = 16
_DOCUMENTS = 512  # those that are not open are asked for, too, and never closed
_OUTCOMES = 512


@dataclass(frozen=True, slots=True)
class Answer:
    """What one request was answered with, and why.

    Attributes:
        uri: of the document.
        version: of the document that the answer is for.
        position: of the cursor, in the client's units.
        is_invoked: the user asked for it, rather than typing on.
        arrived: when the request came, on the performance counter.
        suggestions: with text; none where `reason` says why.
        ids: one for each suggestion; its commands name it.
        reason: None exactly if there is a suggestion.
        source: where it comes from; None where nothing was asked.
        origin: the model's own answer that the figures come from; None without one.
        is_ahead: it was made before anyone asked for it.
        waited_ms: spent waiting for the next keystroke.
        total_ms: from the request's arrival to its answer.
    """

    uri: str
    version: int
    position: Position
    is_invoked: bool
    arrived: float
    suggestions: tuple[Suggestion, ...] = ()
    ids: tuple[str, ...] = ()
    reason: Reason | None = None
    source: Source | None = None
    origin: Suggestion | None = None
    is_ahead: bool = False
    waited_ms: float = 0.0
    total_ms: float = 0.0


class History:
    """The latest answers of each document, and the outcome of the latest suggestions.

    Attributes:
        on_answer: told of every answer.
        on_outcome: told whatever `note` is told of a suggestion that is known.
    """

    on_answer: Callable[[Answer], None] | None = None
    on_outcome: Callable[[str, Outcome, int], None] | None = None

    def __init__(self) -> None:
        self._answers: OrderedDict[str, deque[Answer]] = OrderedDict()
        self._outcomes: OrderedDict[str, tuple[Outcome, int]] = OrderedDict()
        self._numbers = itertools.count(1)

    def new_ids(self, suggestions: Sequence[Suggestion]) -> tuple[str, ...]:
        """An id for each suggestion that is about to be sent."""
        ids = tuple(f"suggestion-{next(self._numbers)}" for _ in suggestions)
        for id_ in ids:
            self._outcomes[id_] = (Outcome.SENT, 0)
        while len(self._outcomes) > _OUTCOMES:
            self._outcomes.popitem(last=False)
        return ids

    def add(self, answer: Answer) -> None:
        """Remember what a request was answered with."""
        answers = self._answers.setdefault(answer.uri, deque(maxlen=_ANSWERS_PER_DOCUMENT))
        answers.append(answer)
        self._answers.move_to_end(answer.uri)
        if len(self._answers) > _DOCUMENTS:
            self._answers.popitem(last=False)
        if self.on_answer is not None:
            self.on_answer(answer)

    def forget(self, uri: str) -> None:
        """Forget everything about a document that was closed."""
        self._answers.pop(uri, None)

    def latest(self, uri: str, position: Position | None) -> Answer | None:
        """The answer to the latest request in a document, or to the latest at `position` in it."""
        answers = [each for each in self._answers.get(uri, ()) if position in (None, each.position)]
        return max(answers, key=lambda answer: answer.arrived, default=None)

    def note(self, id_: str, outcome: Outcome, accepted_length: int = 0) -> None:
        """Take note of what became of a suggestion; ids that are not known are ignored.

        Args:
            id_: of the suggestion.
            outcome: what has happened.
            accepted_length: UTF-16 units accepted so far, from the suggestion's start.
        """
        if id_ not in self._outcomes:
            return
        self._outcomes[id_] = (outcome, accepted_length)
        if self.on_outcome is not None:
            self.on_outcome(id_, outcome, accepted_length)

    def find(self, id_: str) -> tuple[Answer, Suggestion] | None:
        """The suggestion of that id and the answer that it was part of; None if forgotten."""
        for answers in self._answers.values():
            for answer in answers:
                if id_ in answer.ids:
                    return answer, answer.suggestions[answer.ids.index(id_)]
        return None

    def outcome(self, id_: str) -> tuple[Outcome, int] | None:
        """What became of a suggestion, and how much of it was accepted; None if forgotten."""
        return self._outcomes.get(id_)
