"""Suggesting less eagerly to who does not want it: longer waits after rejections.

A score rises with what is rejected or ignored and falls with what is accepted, and both are
forgotten by halves. Where one of five suggestions is accepted and the others are ignored, it stays
about where it is.
"""

from codegen_lsp.statistics.records import Outcome

_HALF_LIFE_S = 120.0
_LEAST, _MOST = -1.0, 2.0  # of the score: half as long, and four times as long
_WEIGHTS = {
    Outcome.ACCEPTED: -1.0,
    Outcome.PARTIALLY_ACCEPTED: -0.5,
    Outcome.IGNORED: 0.25,
    Outcome.REJECTED: 0.5,
}


class Backoff:
    """What became of the latest automatic suggestions (times are seconds, monotonic)."""

    def __init__(self) -> None:
        self._score = 0.0
        self._at = 0.0

    def note(self, outcome: Outcome, now: float) -> None:
        """Something became of a suggestion; being sent or shown alone says nothing."""
        score = self._score_at(now) + _WEIGHTS.get(outcome, 0.0)
        self._score, self._at = min(max(score, _LEAST), _MOST), now

    def factor(self, now: float) -> float:
        """How many times as long as usual to wait: from a half to four, in the end one again."""
        return float(2.0 ** self._score_at(now))

    def _score_at(self, now: float) -> float:
        return float(self._score * 0.5 ** ((now - self._at) / _HALF_LIFE_S))
