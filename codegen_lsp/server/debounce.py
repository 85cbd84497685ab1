"""How long an automatic request waits for the next keystroke to make it superfluous."""

import statistics
from collections import deque

_KEYS = 6  # of the rhythm that is remembered
_PAUSE_S = 1.0  # a longer gap is no part of a rhythm
_FAST_S = 0.075
_SLOW_S = 0.200


class TypingRhythm:
    """The rhythm in which one person types, from the times of changes (seconds, monotonic)."""

    def __init__(self) -> None:
        self._last: float | None = None
        self._gaps: deque[float] = deque(maxlen=_KEYS)

    def note(self, now: float) -> None:
        """A change has arrived."""
        if self._last is not None:
            gap = now - self._last
            if gap > _PAUSE_S:
                self._gaps.clear()
            else:
                self._gaps.append(gap)
        self._last = now

    def delay(self, now: float, longest: float) -> float:
        """Seconds from `now` on to wait before a request is worth its work, at most `longest`.

        The faster the keys come, the likelier the next one is about to supersede the request:
        `longest` at 75 ms between keys, nothing at 200 ms or without a rhythm, and linear between.
        What the editor itself has waited since the last change is taken off.
        """
        if self._last is None or len(self._gaps) < 2:
            return 0.0
        gap = statistics.median(self._gaps)
        share = min(max((_SLOW_S - gap) / (_SLOW_S - _FAST_S), 0.0), 1.0)
        return max(longest * share - (now - self._last), 0.0)
