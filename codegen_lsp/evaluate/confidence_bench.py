"""Confidence on real files: what the model suggests at places in them, and how well that is judged.

The model is fitted to some projects and judged on others. What was suggested can be kept in a file,
from which a run that was ended goes on.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from codegen_lsp.completion.confidence import MEANINGS, ConfidenceModel
from codegen_lsp.completion.pipeline import DEFAULT_BUDGET, Completer
from codegen_lsp.completion.suggestion import Suggestion
from codegen_lsp.errors import UsageError
from codegen_lsp.evaluate.case_context import Repository
from codegen_lsp.evaluate.cases import Case
from codegen_lsp.evaluate.confidence_fit import (
    Judged,
    ThresholdFigures,
    at_threshold,
    calibration_error,
    suggested,
    unfiltered_precision,
)
from codegen_lsp.evaluate.places import adds_error, is_right, repeats
from codegen_lsp.prompt.model import Model
from codegen_lsp.text import Snapshot


@dataclass(frozen=True, slots=True)
class ConfidenceReport:
    """What the filters and the threshold make of the model's output at the places of one set.

    Attributes:
        places: how many.
        suggestions: at so many the filters leave something.
        right: share of the suggestions that are what came next.
        unfiltered_right: share of all that the model writes that is what came next.
        calibration_error: mean distance of confidence from the share that is right, in bins.
        thresholds: what each eagerness shows.
        languages: suggestions in each.
    """

    places: int
    suggestions: int
    right: float
    unfiltered_right: float
    calibration_error: float
    thresholds: dict[str, ThresholdFigures]
    languages: dict[str, int]

    def as_json(self) -> dict[str, object]:
        """The report as a JSON object."""
        return asdict(self)


def judge(
    model: Model, folder: Path, cases: Sequence[Case], advance: Callable[[], object]
) -> Iterator[tuple[str, Judged]]:
    """The id of each case, and what is suggested there. `advance` hears of each.

    Raises:
        CodegenError: the index of `folder` cannot be written.
    """
    project = Repository(folder)
    completers = [
        Completer(model, DEFAULT_BUDGET, project.choose, inspect=project.inspect, filters=filters)
        for filters in (True, False)
    ]
    for case in cases:
        uri = (folder / case.path).as_uri()
        snapshot = Snapshot(uri, 0, case.language, case.prefix + case.suffix)
        found, unfiltered = (_suggestion(each, snapshot, case) for each in completers)
        advance()
        yield (
            case.id,
            Judged(
                folder=folder.name,
                language=case.language,
                features=found.features,
                is_right=is_right(found, case),
                characters=len(found.text),
                adds_error=adds_error(found, case),
                repeats=repeats(found, case),
                unfiltered_is_right=is_right(unfiltered, case),
                unfiltered_characters=len(unfiltered.text),
            ),
        )


def _suggestion(completer: Completer, snapshot: Snapshot, case: Case) -> Suggestion:
    completer.forget_context()
    return completer.complete(snapshot, len(case.prefix))[0]


def report(model: ConfidenceModel, rows: Sequence[Judged]) -> ConfidenceReport:
    """How `model` does on rows of which at least one has a suggestion."""
    found = suggested(rows)
    return ConfidenceReport(
        places=len(rows),
        suggestions=len(found),
        right=sum(row.is_right for row in found) / len(found),
        unfiltered_right=unfiltered_precision(rows),
        calibration_error=calibration_error(model, rows),
        thresholds={
            name: at_threshold(model, rows, threshold)
            for name, threshold in model.thresholds.items()
        },
        languages=dict(Counter(row.language for row in found)),
    )


def read_rows(path: Path) -> dict[tuple[str, str], Judged]:
    """What a file of rows holds, by folder and id of the case; nothing if there is no such file.

    Raises:
        UsageError: it cannot be read, or is not such a file, or one of another version.
    """
    if not path.exists():
        return {}
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        known = {(row["folder"], row["id"]): Judged(**row["judged"]) for row in rows}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path} does not hold rows of this benchmark: {error}") from error
    if any(row.features.keys() != MEANINGS.keys() for row in known.values() if row.features):
        raise UsageError(f"{path} was written with other features of confidence: give another file")
    return known


def row_of(folder: str, id_: str, judged: Judged) -> Mapping[str, object]:
    """The JSON object of one line of such a file."""
    return {"folder": folder, "id": id_, "judged": asdict(judged)}
