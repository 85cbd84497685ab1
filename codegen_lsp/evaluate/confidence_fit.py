"""Fitting the confidence model to what suggestions at real places turned out to be, and judging it.

Logistic regression by Newton's method with a small ridge penalty on standardised features (Hastie,
Tibshirani and Friedman 2009, "The Elements of Statistical Learning", section 4.4.1). Calibration is
the expected calibration error over ten bins of equal width (Guo et al. 2017).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from codegen_lsp.completion.confidence import MEANINGS, ConfidenceModel, worth

KEPT: Mapping[str, float] = {"quiet": 0.65, "balanced": 0.8, "eager": 0.95}
"""Share of the characters that would be saved which each eagerness is to keep."""

_BINS = 10
_PENALTY = 0.3
_MOST_STEPS = 50

_Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """What was suggested at one place, and what would have been without filters.

    Attributes:
        folder: name of the project's folder.
        language: LSP identifier.
        features: as `confidence.features` gives them; None where nothing was suggested.
        is_right: it is what came next.
        characters: its length; saved if it is right.
        adds_error: accepting it brings a syntax error that was not there.
        repeats: it repeats what follows.
        unfiltered_is_right: what the model wrote is what came next.
        unfiltered_characters: the length of that; 0 where it wrote nothing.
    """

    folder: str
    language: str
    features: Mapping[str, float] | None
    is_right: bool
    characters: int
    adds_error: bool = False
    repeats: bool = False
    unfiltered_is_right: bool = False
    unfiltered_characters: int = 0


@dataclass(frozen=True, slots=True)
class ThresholdFigures:
    """What is shown of one set with a threshold, against all that the model writes, unfiltered.

    Attributes:
        threshold: least worth of what is shown.
        shown: how many suggestions.
        precision: share of the shown that are right.
        lift: that, over the share of the unfiltered that are right; 0 where none is.
        saved: characters of the shown that are right, over those of the unfiltered.
        adding_errors: how many of the shown bring a syntax error.
        repeating: how many of the shown repeat what follows.
    """

    threshold: float
    shown: int
    precision: float
    lift: float
    saved: float
    adding_errors: int
    repeating: int


def fit(rows: Sequence[Judged]) -> ConfidenceModel:
    """The model for the suggestions in `rows`, with the thresholds that keep what `KEPT` says.

    Raises:
        ValueError: all of them are right, or none is.
    """
    rows = suggested(rows)
    right = np.array([row.is_right for row in rows], dtype=np.float64)
    if right.min() == right.max():
        raise ValueError("the suggestions are all right or all wrong: take more places")
    table = _table(rows)
    mean, scale = table.mean(axis=0), table.std(axis=0)
    scale[scale == 0] = 1.0
    weights = _newton(np.column_stack([(table - mean) / scale, np.ones(len(rows))]), right)
    plain = weights[:-1] / scale
    bias = float(weights[-1] - plain @ mean)
    named = dict(zip(MEANINGS, map(float, plain), strict=True))
    model = ConfidenceModel(bias, named, {})
    return ConfidenceModel(bias, named, {name: _keeping(model, rows, KEPT[name]) for name in KEPT})


def calibration_error(model: ConfidenceModel, rows: Sequence[Judged]) -> float:
    """Mean distance of confidence from the share that is right, over bins of confidence."""
    rows = suggested(rows)
    confidences = np.array([model.confidence(row.features) for row in rows if row.features])
    right = np.array([row.is_right for row in rows], dtype=np.float64)
    bins = np.minimum((confidences * _BINS).astype(int), _BINS - 1)
    gaps = [
        abs(confidences[bins == n].mean() - right[bins == n].mean()) * (bins == n).mean()
        for n in range(_BINS)
        if (bins == n).any()
    ]
    return float(sum(gaps))


def at_threshold(
    model: ConfidenceModel, rows: Sequence[Judged], threshold: float
) -> ThresholdFigures:
    """What showing only suggestions of at least this worth makes of `rows`."""
    shown = [row for row in suggested(rows) if _worth(model, row) >= threshold]
    unfiltered = unfiltered_precision(rows)
    precision = sum(row.is_right for row in shown) / len(shown) if shown else 0.0
    most = sum(row.unfiltered_characters for row in rows if row.unfiltered_is_right)
    return ThresholdFigures(
        threshold=threshold,
        shown=len(shown),
        precision=precision,
        lift=precision / unfiltered if unfiltered else 0.0,
        saved=sum(row.characters for row in shown if row.is_right) / most if most else 0.0,
        adding_errors=sum(row.adds_error for row in shown),
        repeating=sum(row.repeats for row in shown),
    )


def suggested(rows: Sequence[Judged]) -> list[Judged]:
    """Those where something was suggested."""
    return [row for row in rows if row.features is not None]


def unfiltered_precision(rows: Sequence[Judged]) -> float:
    """Share of what the model wrote that is right; 0 where it wrote nothing."""
    written = [row for row in rows if row.unfiltered_characters]
    return sum(row.unfiltered_is_right for row in written) / len(written) if written else 0.0


def as_json(model: ConfidenceModel, trained_on: Mapping[str, object]) -> dict[str, object]:
    """The model as `confidence.json` holds it."""
    return {
        "features": {
            name: {"weight": round(model.weights[name], 4), "meaning": meaning}
            for name, meaning in MEANINGS.items()
        },
        "bias": round(model.bias, 4),
        "thresholds": {name: round(value, 3) for name, value in model.thresholds.items()},
        "trained_on": dict(trained_on),
    }


def _newton(table: _Array, right: _Array) -> _Array:
    """Weights that make `right` likeliest; the last column of `table` is the constant."""
    weights = np.zeros(table.shape[1])
    penalty = np.diag([*[_PENALTY] * (table.shape[1] - 1), 1e-9])
    for _ in range(_MOST_STEPS):
        likely = 1 / (1 + np.exp(-table @ weights))
        gradient = table.T @ (right - likely) - penalty @ weights
        curvature = (table * (likely * (1 - likely))[:, None]).T @ table + penalty
        step = np.linalg.solve(curvature, gradient)
        weights = weights + step
        if float(np.abs(step).max()) < 1e-8:
            break
    return weights


def _keeping(model: ConfidenceModel, rows: Sequence[Judged], share: float) -> float:
    """The highest threshold that keeps `share` of the characters saved by right suggestions."""
    ranked = sorted(
        ((_worth(model, row), row.characters) for row in rows if row.is_right),
        reverse=True,
    )
    wanted, kept = share * sum(length for _, length in ranked), 0
    for least, length in ranked:
        kept += length
        if kept >= wanted:
            return least
    return 0.0


def _worth(model: ConfidenceModel, row: Judged) -> float:
    found = row.features or {}
    return worth(model.confidence(found), found)


def _table(rows: Sequence[Judged]) -> _Array:
    found = [row.features for row in rows if row.features is not None]
    return np.array([[each[name] for name in MEANINGS] for each in found], dtype=np.float64)
