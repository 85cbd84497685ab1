"""Means with 95 % intervals, and two measurements of the same cases compared: more than chance?"""

import random
import statistics
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

RESAMPLES = 10_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over cases, and its 95 % interval."""

    mean: float
    low: float
    high: float


def mean_of(values: Sequence[float], groups: Sequence[Hashable], seed: int = 0) -> Estimate:
    """The mean of `values`, by a bootstrap over `groups`: the values of one group belong together.

    Whole groups are drawn, because cases of one file are not independent of each other (cluster
    bootstrap: Davison and Hinkley 1997, "Bootstrap Methods and their Application", section 3.8).
    Of a few groups that says little: the interval of a single one has no width.

    Raises:
        ValueError: there is no value, or not as many groups.
    """
    by_group: dict[Hashable, list[float]] = {}
    for value, group in zip(values, groups, strict=True):
        by_group.setdefault(group, []).append(value)
    if not by_group:
        raise ValueError("there is no case to take the mean of")
    sums = [(sum(each), len(each)) for each in by_group.values()]
    chance = random.Random(seed)
    means = sorted(_mean(chance.choices(sums, k=len(sums))) for _ in range(RESAMPLES))
    cuts = statistics.quantiles(means, n=40, method="inclusive")
    return Estimate(_mean(sums), cuts[0], cuts[-1])


def paired_difference(
    first: Sequence[float], second: Sequence[float], groups: Sequence[Hashable], seed: int = 0
) -> Estimate:
    """The mean of `second - first`, two scores of the same cases; see `mean_of`.

    Raises:
        ValueError: there is no case, or the three are not of one length.
    """
    differences = [after - before for before, after in zip(first, second, strict=True)]
    return mean_of(differences, groups, seed)


def _mean(sums: Sequence[tuple[float, int]]) -> float:
    return sum(total for total, _ in sums) / sum(count for _, count in sums)
