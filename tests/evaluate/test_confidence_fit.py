"""Fitting confidence: what is found in made-up suggestions whose chances are known."""

import json
import math
import random

import pytest

from codegen_lsp.completion.confidence import MEANINGS, ConfidenceModel
from codegen_lsp.evaluate.confidence_fit import (
    KEPT,
    Judged,
    as_json,
    at_threshold,
    calibration_error,
    fit,
)


def judged(count: int, seed: int) -> list[Judged]:
    """Suggestions whose chance to be right is the logistic of twice their mean log-probability."""
    chance = random.Random(seed)
    rows = []
    for _ in range(count):
        found = dict.fromkeys(MEANINGS, 0.0) | {"mean_logprob": chance.uniform(-3, 1)}
        likely = 1 / (1 + math.exp(-2 * found["mean_logprob"] - 1))
        right, length = chance.random() < likely, chance.randint(1, 40)
        rows.append(Judged("a", "go", found, right, length, False, False, right, length))
    return rows


def test_the_chances_are_found_and_calibrated() -> None:
    model = fit(judged(4000, seed=1))
    assert model.weights["mean_logprob"] == pytest.approx(2, abs=0.25)
    assert model.bias == pytest.approx(1, abs=0.25)
    assert calibration_error(model, judged(4000, seed=2)) < 0.05
    overconfident = ConfidenceModel(model.bias + 2, model.weights, {})
    assert calibration_error(overconfident, judged(4000, seed=2)) > 0.1


def test_thresholds_keep_what_they_are_to_keep() -> None:
    rows = judged(1000, seed=3)
    model = fit(rows)
    assert model.thresholds["quiet"] > model.thresholds["balanced"] > model.thresholds["eager"]
    for name, share in KEPT.items():
        figures = at_threshold(model, rows, model.thresholds[name])
        assert figures.saved == pytest.approx(share, abs=0.02)
        assert figures.saved >= share
        assert figures.lift > 1
    everything = at_threshold(model, rows, 0.0)
    assert (everything.shown, everything.lift, everything.saved) == (1000, 1, 1)
    assert at_threshold(model, rows, 1.01).saved == 0


def test_where_nothing_is_right_there_is_no_lift() -> None:
    rows = [Judged("a", "go", dict.fromkeys(MEANINGS, 0.0), False, 5, unfiltered_characters=5)] * 3
    figures = at_threshold(fit(judged(200, seed=4)), rows, 0.0)
    assert (figures.shown, figures.precision, figures.lift, figures.saved) == (3, 0, 0, 0)


def test_what_is_shown_is_compared_with_all_that_the_model_writes() -> None:
    found = dict.fromkeys(MEANINGS, 0.0)
    rows = [
        Judged("a", "go", found, True, 6, unfiltered_is_right=False, unfiltered_characters=9),
        Judged("a", "go", found, True, 4, unfiltered_is_right=True, unfiltered_characters=4),
        Judged("a", "go", None, False, 0, unfiltered_is_right=True, unfiltered_characters=6),
        Judged("a", "go", found, False, 5, adds_error=True, unfiltered_characters=5),
        Judged("a", "go", found, False, 5, repeats=True),
    ]
    figures = at_threshold(fit(judged(200, seed=4)), rows, 0.0)
    assert (figures.shown, figures.precision) == (4, 0.5)
    assert figures.lift == 1.0  # of the four that were written unfiltered two were right, too
    assert figures.saved == 1.0
    assert (figures.adding_errors, figures.repeating) == (1, 1)


def test_what_is_written_is_read_again() -> None:
    model = fit(judged(200, seed=4))
    written = json.loads(json.dumps(as_json(model, {"places": 200})))
    again = ConfidenceModel.from_json(written)
    found = judged(1, seed=5)[0].features
    assert found is not None
    assert again.confidence(found) == pytest.approx(model.confidence(found), abs=1e-3)
    assert set(again.thresholds) == {"quiet", "balanced", "eager"}
    assert all(each["meaning"] for each in written["features"].values())


def test_one_kind_of_suggestion_teaches_nothing() -> None:
    rows = [Judged("a", "go", dict.fromkeys(MEANINGS, 0.0), True, 5)] * 3
    with pytest.raises(ValueError, match="all right or all wrong"):
        fit(rows)
