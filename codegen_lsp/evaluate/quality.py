"""Offline quality: complete every case and compare with what stood there.

First-line exact match is the measure of Qwen's `hm_fim`: one leading newline is skipped, the text
up to the first newline is taken, both sides are stripped and compared. Edit similarity is
rapidfuzz's `fuzz.ratio` (0-100) of the whole texts, stripped.
"""

import math
import statistics
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from rapidfuzz import fuzz

from codegen_lsp.completion.options import CompletionOptions
from codegen_lsp.completion.pipeline import Completer
from codegen_lsp.evaluate.bootstrap import mean_of
from codegen_lsp.evaluate.cases import Case
from codegen_lsp.text import Snapshot


@dataclass(frozen=True, slots=True)
class Prediction:
    """What was predicted for a case and how well; a row of the predictions file."""

    id: str
    prediction: str
    exact_match: bool
    edit_similarity: float
    milliseconds: float


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
        median_ms: of a completion.
        p95_ms: the same.
    """

    cases: int
    skipped_rows: int
    exact_match: float
    exact_match_interval: tuple[float, float]
    edit_similarity: float
    edit_similarity_interval: tuple[float, float]
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
) -> Iterator[Prediction]:
    """Complete each case as an editor would ask for it, each as if it were the first.

    Args:
        completer: what is measured.
        cases: in any order.
        options: of the requests.
        folder: the project that the cases' paths lie in; None: they are in no folder.
    """
    for case in cases:
        started = time.perf_counter()
        snapshot = _snapshot(case, folder)
        completer.forget_context()  # what it shows of other files hangs on this case alone
        text = completer.complete(snapshot, len(case.prefix), options)[0].text
        yield Prediction(
            id=case.id,
            prediction=text,
            exact_match=first_line(text) == first_line(case.middle),
            edit_similarity=fuzz.ratio(text.strip(), case.middle.strip()),
            milliseconds=(time.perf_counter() - started) * 1000,
        )


def _snapshot(case: Case, folder: Path | None) -> Snapshot:
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
    return Report(
        cases=len(predictions),
        skipped_rows=skipped_rows,
        exact_match=exact.mean,
        exact_match_interval=(exact.low, exact.high),
        edit_similarity=similarity.mean,
        edit_similarity_interval=(similarity.low, similarity.high),
        median_ms=statistics.median(times),
        p95_ms=times[math.ceil(95 * len(times) / 100) - 1],
    )


def _rounded(value: float | tuple[float, float]) -> float | list[float]:
    return [round(each, 4) for each in value] if isinstance(value, tuple) else round(value, 4)
