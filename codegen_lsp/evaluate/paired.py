"""Two measurements of the same cases, compared: is the difference more than chance?"""

import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

RESAMPLES = 10_000


@dataclass(frozen=True, slots=True)
class Difference:
    """Mean of `second - first` over all cases, and its 95 % interval."""

    mean: float
    low: float
    high: float


def paired_difference(
    first: Sequence[float], second: Sequence[float], groups: Sequence[str], seed: int = 0
) -> Difference:
    """The difference between two scores of the same cases, by a paired bootstrap over `groups`.

    Whole groups are drawn, because cases of one file are not independent of each other (cluster
    bootstrap: Davison and Hinkley 1997, "Bootstrap Methods and their Application", section 3.8).

    Raises:
        ValueError: there is no case, or the three are not of one length.
    """
    by_group: dict[str, list[float]] = {}
    for before, after, group in zip(first, second, groups, strict=True):
        by_group.setdefault(group, []).append(after - before)
    if not by_group:
        raise ValueError("there is no case to compare")
    sums = [(sum(each), len(each)) for each in by_group.values()]
    chance = random.Random(seed)
    means = sorted(_mean(chance.choices(sums, k=len(sums))) for _ in range(RESAMPLES))
    cuts = statistics.quantiles(means, n=40, method="inclusive")
    return Difference(_mean(sums), cuts[0], cuts[-1])


def _mean(sums: Sequence[tuple[float, int]]) -> float:
    return sum(total for total, _ in sums) / sum(count for _, count in sums)
