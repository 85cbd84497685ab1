"""Which suggestions are sure enough to be shown unasked."""

import math
from dataclasses import replace

import pytest

from codegen_lsp.completion import confidence
from codegen_lsp.completion.confidence import MEANINGS, ConfidenceModel
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.completion.suggestion import Suggestion, silence
from codegen_lsp.server import restraint
from codegen_lsp.server.restraint import sure_ones
from codegen_lsp.statistics.recalibration import UNCHANGED, Recalibration

THRESHOLDS = {"quiet": 0.8, "balanced": 0.5, "eager": 0.2}


def suggestion(mean_logprob: float) -> Suggestion:
    found = dict.fromkeys(MEANINGS, 0.0) | {"mean_logprob": mean_logprob}
    return replace(silence(0, Reason.EMPTY), text="x", reason=None, features=found)


@pytest.fixture(autouse=True)
def _made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Confidence is the logistic of the mean log-probability."""
    weights = dict.fromkeys(MEANINGS, 0.0) | {"mean_logprob": 1.0}
    model = ConfidenceModel(0.0, weights, THRESHOLDS)
    for module in (restraint, confidence):
        monkeypatch.setattr(module, "shipped", lambda: model)
    monkeypatch.setattr("codegen_lsp.completion.suggestion.shipped", lambda: model)


@pytest.mark.parametrize(("eagerness", "shown"), [("quiet", 1), ("balanced", 2), ("eager", 3)])
def test_the_eager_are_shown_more(eagerness: str, shown: int) -> None:
    found = [suggestion(each) for each in (2.0, 0.5, -1.0, -3.0)]
    assert sure_ones(found, eagerness, UNCHANGED) == tuple(found[:shown])


def test_what_is_typed_along_becomes_surer(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = dict.fromkeys(MEANINGS, 0.0) | {"total_logprob": 1.0}
    model = ConfidenceModel(1.0, weights, THRESHOLDS | {"balanced": 0.9})
    monkeypatch.setattr(restraint, "shipped", lambda: model)
    monkeypatch.setattr("codegen_lsp.completion.suggestion.shipped", lambda: model)
    whole = "compute(values, total)"
    found = dict.fromkeys(MEANINGS, 0.0)
    found |= {"total_logprob": -4.4, "log_characters": math.log1p(len(whole))}
    texts = [whole[start:] for start in range(len(whole))]
    along = [replace(suggestion(0.0), text=text, features=found) for text in texts]
    confidences = [each.confidence or 0.0 for each in along]
    assert confidences == sorted(confidences)
    assert confidences[0] < 0.1
    shown = [len(sure_ones([each], "balanced", UNCHANGED)) for each in along]
    assert shown == sorted(shown)  # once it is shown it stays
    assert (shown[0], shown[-1]) == (0, 1)


@pytest.mark.parametrize(("intercept", "shown"), [(-0.6, 1), (0.0, 2), (0.6, 2), (1.0, 3)])
def test_what_the_user_keeps_is_shown_more(intercept: float, shown: int) -> None:
    found = [suggestion(each) for each in (2.0, 0.5, -0.9, -3.0)]
    recalibration = Recalibration(intercept=intercept)
    assert sure_ones(found, "balanced", recalibration) == tuple(found[:shown])


def test_what_was_not_judged_and_silences_stay() -> None:
    found = [replace(suggestion(0.0), features=None), silence(0, Reason.EMPTY)]
    assert sure_ones(found, "quiet", Recalibration(intercept=-1.0)) == tuple(found)
