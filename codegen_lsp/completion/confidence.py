"""How likely it is that the user would keep a suggestion: a small logistic model over plain facts.

Its numbers stand in `confidence.json` beside this module, with the meaning of each feature; `bench
confidence --write` fits them to places in real files, where it is known what came next. Confidence
is calibrated: of the suggestions that get 0.7, seven in ten are right.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from codegen_lsp.syntax.indentation import last_line

FILE = Path(__file__).with_name("confidence.json")

# What is less says no more: there the weights, each fitted for itself, would raise the confidence.
_LEAST_LOGPROB, _LEAST_TOTAL = -3.0, -24.0
_DOUBLY_WORTH = 50  # characters that make a suggestion worth twice its confidence
_MOST_LINES, _MOST_UNKNOWN, _MOST_UNSURE = 12, 2, 6
_UNSURE = math.log(0.5)

MEANINGS: Mapping[str, str] = {
    "total_logprob": "log-probability of the whole text",
    "root_logprob": "square root of minus that",
    "mean_logprob": "mean log-probability of its tokens",
    "lowest_logprob": "log-probability of its least likely token",
    "first_logprob": "log-probability of its first token",
    "unsure_tokens": "tokens less likely than one in two",
    "log_characters": "logarithm of its length in characters",
    "line_ends": "line ends in it",
    "is_inside_word": "1 if the cursor stands behind a letter, digit or underscore",
    "is_line_start": "1 if only white space stands before the cursor on its line",
    "has_rest": "1 if there is text behind the cursor on its line",
    "is_second_try": "1 if the first text did not fit and another was tried",
    "is_shortened": "1 if the filters have cut it",
    "unknown_names": "names in it that nothing known defines, if that is certain",
    "doubtful_names": "names in it that occur nowhere, or are not imported",
}
"""The features and what they say."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a suggestion is judged by; all text has plain newlines.

    Attributes:
        text: of the suggestion.
        prefix: before the cursor.
        suffix: behind it.
        logprobs: of the generated tokens, at least one.
        is_second_try: the first text did not fit.
        is_shortened: the filters have cut it.
        unknown_names: how many names in it nothing known defines, for certain.
        doubtful_names: how many more are likely not to exist here.
    """

    text: str
    prefix: str
    suffix: str
    logprobs: Sequence[float]
    is_second_try: bool = False
    is_shortened: bool = False
    unknown_names: int = 0
    doubtful_names: int = 0


def features(evidence: Evidence) -> dict[str, float]:
    """The facts that the model weighs, by name; see `MEANINGS`."""
    logprobs = [max(each, _LEAST_LOGPROB) for each in evidence.logprobs]
    line = last_line(evidence.prefix)
    total = max(sum(logprobs), _LEAST_TOTAL)
    return {
        "total_logprob": total,
        "root_logprob": _root(total),
        "mean_logprob": sum(logprobs) / len(logprobs),
        "lowest_logprob": min(logprobs),
        "first_logprob": logprobs[0],
        "unsure_tokens": float(min(sum(each < _UNSURE for each in logprobs), _MOST_UNSURE)),
        "log_characters": math.log1p(len(evidence.text.strip())),
        "line_ends": float(min(evidence.text.strip().count("\n"), _MOST_LINES)),
        "is_inside_word": float(line[-1:].isalnum() or line[-1:] == "_"),
        "is_line_start": float(not line.strip()),
        "has_rest": float(bool(evidence.suffix.partition("\n")[0].strip())),
        "is_second_try": float(evidence.is_second_try),
        "is_shortened": float(evidence.is_shortened),
        "unknown_names": float(min(evidence.unknown_names, _MOST_UNKNOWN)),
        "doubtful_names": float(min(evidence.doubtful_names, _MOST_UNKNOWN)),
    }


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """A logistic model.

    Attributes:
        bias: its constant term.
        weights: of each feature.
        thresholds: least worth of what is shown unasked, for each `eagerness`; see `worth`.
    """

    bias: float
    weights: Mapping[str, float]
    thresholds: Mapping[str, float]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ConfidenceModel":
        """The model that a JSON object, as in `confidence.json`, describes."""
        weights = {name: float(each["weight"]) for name, each in data["features"].items()}
        return cls(float(data["bias"]), weights, dict(data["thresholds"]))

    def confidence(self, found: Mapping[str, float]) -> float:
        """The probability that a suggestion with these features would be kept."""
        score = self.bias + sum(self.weights[name] * value for name, value in found.items())
        return 1 / (1 + math.exp(-score))


def typed_along(found: Mapping[str, float], left: int) -> Mapping[str, float]:
    """The features of a suggestion of which `left` characters are still to be typed.

    What the user has typed was right, so its log-probability, taken as spread evenly over the
    characters, counts no more.
    """
    whole = math.expm1(found["log_characters"])
    if left >= whole:
        return found
    total = found["total_logprob"] * left / whole
    changed = {"total_logprob": total, "root_logprob": _root(total)}
    return {**found, **changed, "log_characters": math.log1p(left)}


def worth(confidence: float, found: Mapping[str, float]) -> float:
    """How much it is worth to show a suggestion of that confidence and these features.

    A long one may be less likely: it saves more keys if it is right. Counted is the length that it
    had when it was made, so that it does not vanish while the user types along.
    """
    return confidence * (1 + math.expm1(found["log_characters"]) / _DOUBLY_WORTH)


def _root(logprob: float) -> float:
    return math.sqrt(max(-logprob, 0.0))


@cache
def shipped() -> ConfidenceModel:
    """The model that comes with the package."""
    return ConfidenceModel.from_json(json.loads(FILE.read_text(encoding="utf-8")))
