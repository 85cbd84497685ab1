"""What a user's own outcomes say of the confidence model: two numbers, never sent anywhere.

Platt scaling (Platt 1999, "Probabilistic outputs for support vector machines"): the logit of the
confidence is stretched and shifted so that it fits what became of suggestions. A ridge penalty
holds both numbers near "unchanged" until hundreds of outcomes say otherwise. It is fitted with the
curvature's upper bound in place of Newton's curvature (Böhning and Lindsay 1988), which cannot
overshoot, whatever the outcomes are.
"""

import math
import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from codegen_lsp.statistics.database import DETAILED_DAYS

MOST_SHIFT = 1.0
"""Most that a logit is moved by. Who keeps little would else soon be shown nothing, and what is not
shown has no outcome to move it back."""

_MOST_OUTCOMES = 2000
# An intercept of 1 costs as much as 400 outcomes of confidence 0.5 gain by it. The slope is held
# more firmly: what is below the threshold is not shown, so there are few outcomes to tell of it.
_INTERCEPT_PENALTY = 100.0
_SLOPE_PENALTY = 400.0
_MOST_STEPS = 200
_SMALL_STEP = 1e-6
_LEAST = 0.01  # confidences are taken in hundredths, from this to 1 less this

# Who took at least half of a suggestion and left at least half of that for 30 s has kept it. Who
# took less has neither kept nor refused it.
_OUTCOMES = """
SELECT confidence, outcome IN ('accepted', 'partially_accepted')
    AND 2 * coalesce(kept_characters, accepted_characters) >= accepted_characters
FROM suggestions
WHERE day >= :since AND trigger_kind = 'automatic' AND confidence BETWEEN 0 AND 1
    AND (outcome IN ('accepted', 'ignored', 'rejected')
        OR outcome = 'partially_accepted' AND 2 * accepted_characters > characters)
ORDER BY day DESC, rowid DESC LIMIT :most
"""


@dataclass(frozen=True, slots=True)
class Recalibration:
    """How the confidence model is corrected on this machine.

    Attributes:
        slope: the logit of the confidence is multiplied by it.
        intercept: what is then added.
        outcomes: that say so.
    """

    slope: float = 1.0
    intercept: float = 0.0
    outcomes: int = 0

    def apply(self, confidence: float) -> float:
        """The corrected `confidence`; both from 0 to 1."""
        shift = (self.slope - 1) * _logit(confidence) + self.intercept
        shift = min(max(shift, -MOST_SHIFT), MOST_SHIFT)
        return confidence / (confidence + (1 - confidence) * math.exp(-shift))


UNCHANGED = Recalibration()


def fit(outcomes: Iterable[tuple[float, bool]]) -> Recalibration:
    """What `outcomes` say: of each suggestion its confidence, and whether it was kept."""
    counts = Counter((round(confidence, 2), bool(is_kept)) for confidence, is_kept in outcomes)
    points = [(_logit(each), is_kept, count) for (each, is_kept), count in counts.items()]
    slope, intercept = 1.0, 0.0
    slopes = _SLOPE_PENALTY + sum(count * logit**2 for logit, _, count in points) / 4
    both = sum(count * logit for logit, _, count in points) / 4
    intercepts = _INTERCEPT_PENALTY + counts.total() / 4
    determinant = slopes * intercepts - both**2
    for _ in range(_MOST_STEPS):
        to_slope = _SLOPE_PENALTY * (1 - slope)
        to_intercept = -_INTERCEPT_PENALTY * intercept
        for logit, is_kept, count in points:
            error = count * (is_kept - 1 / (1 + math.exp(-slope * logit - intercept)))
            to_slope, to_intercept = to_slope + error * logit, to_intercept + error
        steeper = (intercepts * to_slope - both * to_intercept) / determinant
        higher = (slopes * to_intercept - both * to_slope) / determinant
        slope, intercept = slope + steeper, intercept + higher
        if max(abs(steeper), abs(higher)) < _SMALL_STEP:
            break
    return Recalibration(slope, intercept, counts.total())


def recalibration(connection: sqlite3.Connection, today: date) -> Recalibration:
    """What the latest automatic suggestions of the database say.

    Raises:
        sqlite3.Error: the database is damaged.
    """
    since = (today - timedelta(DETAILED_DAYS)).isoformat()
    return fit(connection.execute(_OUTCOMES, {"since": since, "most": _MOST_OUTCOMES}))


def _logit(confidence: float) -> float:
    inner = min(max(confidence, _LEAST), 1 - _LEAST)
    return math.log(inner / (1 - inner))
