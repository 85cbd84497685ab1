"""Offline quality: complete every case, and compare with what stood there; what would be shown?

First-line exact match is the measure of Qwen's `hm_fim`: one leading newline is skipped, the text
up to the first newline is taken, both sides are stripped and compared. Edit similarity is
rapidfuzz's `fuzz.ratio` (0-100) of the whole texts, stripped. A suggestion is right if it is what
stood there, as far as it goes: then its characters are saved.
"""

import math
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from rapidfuzz import fuzz

from codegen_lsp.completion.confidence import worth
from codegen_lsp.completion.options import CompletionOptions
from codegen_lsp.completion.pipeline import Completer
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.completion.suggestion import Suggestion
from codegen_lsp.evaluate.bootstrap import mean_of
from codegen_lsp.evaluate.cases import Case
from codegen_lsp.evaluate.places import adds_error, is_right
from codegen_lsp.text import Snapshot


@dataclass(frozen=True, slots=True)
class Prediction:
    """What was predicted for a case and how well; a row of the predictions file.

    Attributes:
        id: of the case.
        prediction: the text; "" for a silence.
        exact_match: of the first line.
        edit_similarity: 0 to 100.
        milliseconds: that it took.
        is_right: the text is what stood there, as far as it goes.
        is_shown: a user would have seen it, unasked.
        confidence: how likely it was judged to be kept; None where nothing was judged.
        adds_error: accepting it brings a syntax error that was not there.
        reason: code of the silence; None where there is a text.
    """

    id: str
    prediction: str
    exact_match: bool
    edit_similarity: float
    milliseconds: float
    is_right: bool = False
    is_shown: bool = True
    confidence: float | None = None
    adds_error: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Figures over all cases.

    Attributes:
        cases: how many.
        skipped_rows: rows that are no case.
        exact_match: a share of 1.
        exact_match_interval: of 95 %, by a bootstrap over cases.
        edit_similarity: mean of 0-100.
        edit_similarity_interval: of 95 %, likewise.
        shown_rate: share of the cases where a user would see a suggestion, unasked.
        exact_match_of_shown: share of the shown whose first line is right; None if none is shown.
        right_of_shown: share of the shown that are right as a whole.
        characters_saved: by the shown ones that are right, in all cases together.
        syntax_errors_per_100: shown suggestions that bring one, of a hundred.
        silences: number of cases by the reason for showing nothing.
        median_ms: of a completion.
        p95_ms: the same.
    """

    cases: int
    skipped_rows: int
    exact_match: float
    exact_match_interval: tuple[float, float]
    edit_similarity: float
    edit_similarity_interval: tuple[float, float]
    shown_rate: float
    exact_match_of_shown: float | None
    right_of_shown: float | None
    characters_saved: int
    syntax_errors_per_100: float | None
    silences: dict[str, int]
    median_ms: float
    p95_ms: float

    def as_json(self) -> dict[str, object]:
        """The figures as a JSON object, rounded to what they can mean."""
        return {name: _rounded(value) for name, value in asdict(self).items()}


def predict(
    completer: Completer,
    cases: Iterable[Case],
    options: CompletionOptions,
    folder: Path | None = None,
    threshold: float = 0.0,
) -> Iterator[Prediction]:
    """Complete each case as an editor would ask for it, each as if it were the first.

    Args:
        completer: what is measured.
        cases: in any order.
        options: of the requests.
        folder: the project that the cases' paths lie in; None: they are in no folder.
        threshold: least worth of what is shown unasked; see `confidence.worth`.
    """
    for case in cases:
        started = time.perf_counter()
        snapshot = snapshot_of(case, folder)
        completer.forget_context()  # what it shows of other files hangs on this case alone
        suggestion = completer.complete(snapshot, len(case.prefix), options)[0]
        text, elapsed_s = suggestion.text, time.perf_counter() - started
        yield Prediction(
            id=case.id,
            prediction=text,
            exact_match=first_line(text) == first_line(case.middle),
            edit_similarity=fuzz.ratio(text.strip(), case.middle.strip()),
            milliseconds=elapsed_s * 1000,
            is_right=is_right(suggestion, case),
            is_shown=_is_worth(suggestion, threshold),
            confidence=suggestion.confidence,
            adds_error=adds_error(suggestion, case),
            reason=suggestion.reason,
        )


def snapshot_of(case: Case, folder: Path | None) -> Snapshot:
    """The document that `case` is completed in, of the project in `folder` if it is given."""
    if folder is not None and case.path:
        uri = (folder / case.path).absolute().as_uri()
    else:
        uri = case_uri(case)
    return Snapshot(uri, 0, case.language, case.prefix + case.suffix)


def case_uri(case: Case) -> str:
    """What names the document of a case that lies in no folder."""
    return f"eval:{case.id}"


def first_line(text: str) -> str:
    """The first line of `text`, stripped; one leading newline is skipped."""
    return text.removeprefix("\n").split("\n", 1)[0].strip()


def summarise(predictions: list[Prediction], skipped_rows: int) -> Report:
    """Sum up at least one prediction."""
    times = sorted(prediction.milliseconds for prediction in predictions)
    each = range(len(predictions))
    exact = mean_of([float(prediction.exact_match) for prediction in predictions], each)
    similarity = mean_of([prediction.edit_similarity for prediction in predictions], each)
    shown = [prediction for prediction in predictions if prediction.is_shown]
    hidden = [prediction for prediction in predictions if not prediction.is_shown]
    return Report(
        cases=len(predictions),
        skipped_rows=skipped_rows,
        exact_match=exact.mean,
        exact_match_interval=(exact.low, exact.high),
        edit_similarity=similarity.mean,
        edit_similarity_interval=(similarity.low, similarity.high),
        shown_rate=len(shown) / len(predictions),
        exact_match_of_shown=_share(each.exact_match for each in shown),
        right_of_shown=_share(each.is_right for each in shown),
        characters_saved=sum(len(each.prediction) for each in shown if each.is_right),
        syntax_errors_per_100=_share((each.adds_error for each in shown), 100),
        silences=dict(Counter(each.reason or Reason.LOW_CONFIDENCE for each in hidden)),
        median_ms=statistics.median(times),
        p95_ms=times[math.ceil(95 * len(times) / 100) - 1],
    )


def _is_worth(suggestion: Suggestion, threshold: float) -> bool:
    found, confidence = suggestion.features, suggestion.confidence
    if found is None or confidence is None:
        return False
    return worth(confidence, found) >= threshold


def _share(values: Iterable[bool], of: int = 1) -> float | None:
    found = list(values)
    return of * sum(found) / len(found) if found else None


def _rounded(value: object) -> object:
    if isinstance(value, tuple):
        return [_rounded(each) for each in value]
    return round(value, 4) if isinstance(value, float) else value
