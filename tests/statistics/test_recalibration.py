"""What outcomes do to confidence: little at first, never too much, nothing if it was right."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from codegen_lsp.statistics import database
from codegen_lsp.statistics.recalibration import (
    MOST_SHIFT,
    UNCHANGED,
    Recalibration,
    fit,
    recalibration,
)
from codegen_lsp.statistics.records import Outcome, SuggestionRecord

TODAY = date(2026, 11, 22)
REJECTED = SuggestionRecord(
    TODAY, "python", "automatic", "line", "model", Outcome.REJECTED, True, 20, 0, None, 80.0, 9, 8,
    0.5,
)  # fmt: skip
ACCEPTED = replace(REJECTED, outcome=Outcome.ACCEPTED, accepted_characters=20)
PARTLY = replace(ACCEPTED, outcome=Outcome.PARTIALLY_ACCEPTED)


def outcomes(count: int, likely: Callable[[float], float]) -> list[tuple[float, bool]]:
    """Suggestions that the default threshold shows; `likely` says how many of them are kept."""
    generator = random.Random(1)
    found = [generator.uniform(0.3, 1.0) for _ in range(count)]
    return [(each, generator.random() < likely(each)) for each in found]


def of(file: Path) -> Recalibration:
    with database.opened(file, create=False) as connection:
        return recalibration(connection, TODAY)


def stored(tmp_path: Path, *records: SuggestionRecord) -> Recalibration:
    file = tmp_path / "statistics.db"
    with database.opened(file, create=True) as connection:
        database.write(connection, records)
    return of(file)


@pytest.mark.parametrize("confidence", [0.0, 0.001, 0.123456789, 0.5, 0.987654321, 1.0])
def test_without_outcomes_nothing_changes(confidence: float) -> None:
    assert fit([]) == UNCHANGED
    assert UNCHANGED.apply(confidence) == confidence


@pytest.mark.parametrize("confidence", [0.05, 0.3, 0.5, 0.7, 0.95])
def test_who_keeps_as_much_as_was_said_changes_nothing(confidence: float) -> None:
    found = fit(outcomes(2000, lambda likely: likely))
    assert found.apply(confidence) == pytest.approx(confidence, abs=0.03)


def test_few_outcomes_hardly_matter_and_hundreds_do() -> None:
    said = {count: fit(outcomes(count, lambda _: 0.0)).apply(0.5) for count in (10, 40, 400)}
    assert 0.48 < said[10] < 0.5
    assert 0.42 < said[40] < said[10]
    assert said[400] < 0.3


def test_who_keeps_less_than_was_said_is_believed() -> None:
    found = fit(outcomes(2000, lambda likely: likely / (likely + 2 * (1 - likely))))
    assert found.apply(0.5) == pytest.approx(1 / 3, abs=0.05)
    assert found.apply(0.8) == pytest.approx(2 / 3, abs=0.05)


@pytest.mark.parametrize(("is_kept", "half"), [(True, 0.731), (False, 0.269)])
@pytest.mark.parametrize("confidences", [None, 0.0, 1e-9, 0.5, 1.0])
def test_no_user_moves_it_further_than_the_limit(
    is_kept: bool, half: float, confidences: float | None
) -> None:
    found = fit([(confidences or each, is_kept) for each, _ in outcomes(2000, lambda _: 1)])
    moved = [found.apply(each / 100) for each in range(101)]
    assert all(0 <= each <= 1 for each in moved)
    if confidences in (None, 0.5):
        assert moved == sorted(moved)
        assert found.apply(0.5) == pytest.approx(half, abs=0.001)
    assert MOST_SHIFT == 1.0  # e times the odds


def test_the_slope_follows_who_heeds_confidence_less() -> None:
    found = fit(outcomes(2000, lambda likely: (0.5 + likely) / 2))
    assert found.apply(0.9) < 0.86
    assert found.slope < 0.9


def test_kept_is_what_was_mostly_taken_and_mostly_left(tmp_path: Path) -> None:
    most, less = replace(PARTLY, accepted_characters=11), replace(PARTLY, accepted_characters=10)
    for number, (record, effect) in enumerate(
        [
            (ACCEPTED, 1),
            (replace(ACCEPTED, accepted_characters=3), 1),  # what was not typed along
            (replace(ACCEPTED, kept_characters=10), 1),
            (replace(ACCEPTED, kept_characters=9), -1),
            (most, 1),
            (replace(most, kept_characters=2), -1),
            (less, 0),
            (REJECTED, -1),
            (replace(REJECTED, outcome=Outcome.IGNORED), -1),
            (replace(REJECTED, outcome=Outcome.SHOWN), 0),
            (replace(REJECTED, outcome=Outcome.SENT), 0),
            (replace(REJECTED, trigger_kind="invoked"), 0),
            (replace(REJECTED, confidence=None), 0),
            (replace(REJECTED, day=TODAY - timedelta(90)), -1),
            (replace(REJECTED, day=TODAY - timedelta(91)), 0),
        ]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        found = stored(folder, record)
        assert found.outcomes == abs(effect), record
        assert (found.intercept > 0) - (found.intercept < 0) == effect, record


def test_only_the_latest_count(tmp_path: Path) -> None:
    found = stored(
        tmp_path, *[ACCEPTED] * 2000, *[replace(REJECTED, day=TODAY - timedelta(1))] * 2000
    )
    assert found.outcomes == 2000
    assert found.apply(0.5) > 0.7


def test_what_is_no_probability_is_left_out(tmp_path: Path) -> None:
    wrong = [-1.0, 1.5, float("inf"), "rubbish", b"rubbish"]
    records = [replace(REJECTED, confidence=each) for each in wrong]  # type: ignore[arg-type]
    assert stored(tmp_path, *records) == UNCHANGED
