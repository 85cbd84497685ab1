"""The learning rate over a run: a short rise, then half a cosine down to zero.

A run ends by steps or by time, whichever comes first, so the schedule hangs on how far it is.
"""

import math

_WARMUP_SHARE = 0.05
_WARMUP_STEPS = 10


def progress(step: int, max_steps: int, elapsed_s: float, time_limit_s: float | None) -> float:
    """How far a run is after `step` steps: 0 at its start, 1 where it ends, by steps or by time."""
    by_time = 0.0 if time_limit_s is None else elapsed_s / time_limit_s
    return min(max(step / max_steps, by_time), 1.0)


def learning_rate_factor(step: int, done: float) -> float:
    """What the highest learning rate is multiplied by.

    Args:
        step: number of the step about to be made, from 0.
        done: the run's `progress` before that step.
    """
    planned = step / done if done > 0 else 0.0
    warmup_steps = max(_WARMUP_STEPS, _WARMUP_SHARE * planned)
    return min((step + 1) / warmup_steps, 1.0) * (1 + math.cos(math.pi * done)) / 2
