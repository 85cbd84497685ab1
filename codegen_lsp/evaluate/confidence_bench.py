"""Confidence on real files: what the model suggests at places in them, and how well that is judged.

The model is fitted to some projects and judged on others. What was suggested can be kept in a file,
from which a run that was ended goes on.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from codegen_lsp.completion.confidence import ConfidenceModel
from codegen_lsp.completion.pipeline import DEFAULT_BUDGET, Completer
from codegen_lsp.errors import UsageError
from codegen_lsp.evaluate.case_context import Repository
from codegen_lsp.evaluate.cases import Case
from codegen_lsp.evaluate.confidence_fit import (
    Judged,
    ThresholdFigures,
    at_threshold,
    calibration_error,
)
from codegen_lsp.evaluate.places import is_right
from codegen_lsp.prompt.model import Model
from codegen_lsp.text import Snapshot


@dataclass(frozen=True, slots=True)
class ConfidenceReport:
    """How well confidence tells right suggestions from wrong ones, in one set of them.

    Attributes:
        suggestions: how many.
        right: share of them that are what came next.
        calibration_error: mean distance of confidence from that share, in bins.
        thresholds: what each eagerness shows.
    """

    suggestions: int
    right: float
    calibration_error: float
    thresholds: dict[str, ThresholdFigures]

    def as_json(self) -> dict[str, object]:
        """The report as a JSON object."""
        return asdict(self)


def judge(
    model: Model, folder: Path, cases: Sequence[Case], advance: Callable[[], object]
) -> Iterator[tuple[str, Judged | None]]:
    """The id of each case and its suggestion; None where there was none. `advance` hears of each.

    Raises:
        CodegenError: the index of `folder` cannot be written.
    """
    project = Repository(folder)
    completer = Completer(model, DEFAULT_BUDGET, project.choose, inspect=project.inspect)
    for case in cases:
        completer.forget_context()
        uri = (folder / case.path).as_uri()
        snapshot = Snapshot(uri, 0, case.language, case.prefix + case.suffix)
        found = completer.complete(snapshot, len(case.prefix))[0]
        advance()
        if found.features is not None:
            right = is_right(found, case)
            yield case.id, Judged(folder.name, found.features, right, len(found.text))
        else:
            yield case.id, None


def report(model: ConfidenceModel, rows: Sequence[Judged]) -> ConfidenceReport:
    """How `model` does on at least one row."""
    return ConfidenceReport(
        suggestions=len(rows),
        right=sum(row.is_right for row in rows) / len(rows),
        calibration_error=calibration_error(model, rows),
        thresholds={
            name: at_threshold(model, rows, threshold)
            for name, threshold in model.thresholds.items()
        },
    )


def read_rows(path: Path) -> dict[tuple[str, str], Judged | None]:
    """What a file of rows holds, by folder and id of the case; nothing if there is no such file.

    Raises:
        UsageError: it cannot be read, or is not such a file.
    """
    if not path.exists():
        return {}
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return {
            (row["folder"], row["id"]): None if row["judged"] is None else Judged(**row["judged"])
            for row in rows
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path} does not hold rows of this benchmark: {error}") from error


def row_of(folder: str, id_: str, judged: Judged | None) -> Mapping[str, object]:
    """The JSON object of one line of such a file."""
    return {"folder": folder, "id": id_, "judged": None if judged is None else asdict(judged)}
