"""Comparing two measurements of the same cases."""

import pytest

from codegen_lsp.evaluate.bootstrap import mean_of, paired_difference


def test_a_mean_lies_within_its_interval_which_narrows_with_more_cases() -> None:
    few = mean_of([1.0, 0.0] * 10, [str(n) for n in range(20)])
    many = mean_of([1.0, 0.0] * 200, [str(n) for n in range(400)])
    assert few.mean == many.mean == 0.5
    assert few.low < many.low < 0.5 < many.high < few.high
    # The binomial's: 0.5 -+ 1.96 * sqrt(0.25 / 400)
    assert many.low == pytest.approx(0.451, abs=0.01)


def test_a_clear_gain_excludes_zero() -> None:
    found = paired_difference([0.0] * 40, [1.0, 0.0] * 20, [f"file {n}" for n in range(40)])
    assert found.mean == 0.5
    assert 0 < found.low < 0.5 < found.high < 1


def test_no_difference_has_an_interval_around_zero() -> None:
    first = [1.0, 0.0] * 20
    second = [0.0, 1.0] * 20
    found = paired_difference(first, second, [f"file {n}" for n in range(40)])
    assert found.low < found.mean == 0 < found.high


def test_cases_of_one_file_do_not_count_as_many() -> None:
    first, second = [0.0] * 40, [1.0] * 20 + [0.0] * 20
    apart = paired_difference(first, second, [f"file {n}" for n in range(40)])
    together = paired_difference(first, second, [f"file {n // 20}" for n in range(40)])
    assert together.high - together.low > apart.high - apart.low


def test_the_same_seed_gives_the_same_interval() -> None:
    arguments = [0.0, 1.0, 0.0, 0.0], [1.0, 1.0, 0.0, 1.0], ["a", "b", "c", "d"]
    assert paired_difference(*arguments) == paired_difference(*arguments)


def test_there_must_be_cases_and_as_many_of_each() -> None:
    with pytest.raises(ValueError, match="no case"):
        paired_difference([], [], [])
    with pytest.raises(ValueError, match="argument 2"):
        paired_difference([1.0], [1.0, 0.0], ["a"])
