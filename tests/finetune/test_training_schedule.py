from itertools import pairwise

import pytest

from finetune.training.schedule import learning_rate_factor, progress


def factors(steps: int) -> list[float]:
    return [learning_rate_factor(step, progress(step, steps, 0.0, None)) for step in range(steps)]


def test_a_run_begins_low_rises_for_ten_steps_and_falls_to_nearly_nothing() -> None:
    rates = factors(100)
    assert rates[0] == pytest.approx(0.1)
    assert all(before < after for before, after in pairwise(rates[:10]))
    assert all(before > after for before, after in pairwise(rates[10:]))
    assert rates[-1] < 0.001


def test_a_long_run_rises_for_a_twentieth_of_it() -> None:
    rates = factors(2000)
    assert rates.index(max(rates)) == pytest.approx(100, abs=5)


def test_time_ends_a_run_as_steps_do() -> None:
    assert progress(10, 1000, 1800.0, 3600.0) == 0.5
    assert progress(10, 20, 0.0, 3600.0) == 0.5
    assert progress(10, 1000, 4000.0, 3600.0) == 1.0
    assert learning_rate_factor(50, 1.0) == pytest.approx(0.0)
