"""What is better not suggested now: what the user has just taken away, and what is too unlikely.

Whoever asks for suggestions gets them nevertheless, but for what was deleted.
"""

from collections.abc import Callable, Sequence

from codegen_lsp.completion.confidence import shipped, worth
from codegen_lsp.completion.suggestion import Suggestion
from codegen_lsp.server.history import History
from codegen_lsp.server.unwelcome import Unwelcome
from codegen_lsp.statistics.recalibration import Recalibration

Clock = Callable[[], float]


class Restraint:
    """Knows what became of the latest suggestions and what was deleted, by document."""

    def __init__(self, history: History, clock: Clock) -> None:
        """Look suggestions up in `history`; `clock` tells seconds."""
        self._history = history
        self._clock = clock
        self._unwelcome = Unwelcome()
        self._accepted_blocks: dict[str, str] = {}  # the latest of each document

    def edited(self, uri: str, before: str, after: str) -> bool:
        """A document was changed; returns whether what is remembered for it may be unwelcome."""
        return self._unwelcome.changed(uri, before, after, self._clock())

    def accepted(self, id_: str) -> None:
        """A suggestion was accepted as a whole."""
        found = self._history.find(id_)
        if found is not None and "\n" in found[1].text.strip():
            self._accepted_blocks[found[0].uri] = found[1].text

    def rejected(self, id_: str) -> str | None:
        """A suggestion was dismissed; returns the document, if the suggestion is known."""
        found = self._history.find(id_)
        if found is None:
            return None
        answer, suggestion = found
        now = self._clock()
        self._unwelcome.rejected(answer.uri, suggestion.text, answer.position.line, now)
        return answer.uri

    def closed(self, uri: str) -> None:
        """A document is gone."""
        self._accepted_blocks.pop(uri, None)
        self._unwelcome.closed(uri)

    def taken_away(self, uri: str, line: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What was lately deleted near `line`, and what was rejected there."""
        return self._unwelcome.near(uri, line, self._clock())

    def is_behind_block(self, uri: str, prefix: str) -> bool:
        """Whether the text before the cursor ends with the block that was accepted last."""
        block = self._accepted_blocks.get(uri)
        return block is not None and prefix.endswith(block)


def sure_ones(
    suggestions: Sequence[Suggestion], eagerness: str, recalibration: Recalibration
) -> tuple[Suggestion, ...]:
    """Those that are worth being shown to this user unasked."""
    least = shipped().thresholds[eagerness]
    return tuple(
        each
        for each in suggestions
        if each.features is None
        or each.confidence is None
        or worth(recalibration.apply(each.confidence), each.features) >= least
    )
