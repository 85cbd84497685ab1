"""What the project's other files are worth: the same holes completed with and without them."""

import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from codegen_lsp.completion.options import CompletionOptions
from codegen_lsp.completion.pipeline import DEFAULT_BUDGET, Completer
from codegen_lsp.evaluate.bootstrap import Estimate, paired_difference
from codegen_lsp.evaluate.case_context import Repository
from codegen_lsp.evaluate.cases import Case
from codegen_lsp.evaluate.holes import cut
from codegen_lsp.evaluate.quality import Prediction, predict
from codegen_lsp.evaluate.replay_text import read_sources
from codegen_lsp.prompt.model import Model


@dataclass(frozen=True, slots=True)
class Compared:
    """One hole completed twice.

    Attributes:
        folder: name of the project's folder.
        case: the hole.
        plain: without other files.
        informed: with what was chosen from them.
    """

    folder: str
    case: Case
    plain: Prediction
    informed: Prediction


@dataclass(frozen=True, slots=True)
class ContextReport:
    """All that `codegen-lsp bench context` measures; exact matches are of first lines.

    Attributes:
        cases: holes.
        exact_match_without: share of 1, from the current file alone.
        exact_match_with: the same with parts of other files.
        gain: of the second over the first, with its 95 % interval.
        edit_similarity_without: mean, of 100.
        edit_similarity_with: the same with parts of other files.
        median_ms_without: of a completion in a file not read before.
        median_ms_with: the same; choosing and reading the parts included.
        by_folder: the two shares for each project.
    """

    cases: int
    exact_match_without: float
    exact_match_with: float
    gain: Estimate
    edit_similarity_without: float
    edit_similarity_with: float
    median_ms_without: float
    median_ms_with: float
    by_folder: dict[str, tuple[float, float]]

    def as_json(self) -> dict[str, object]:
        """The report as a JSON object."""
        return asdict(self)


def cut_holes(folders: Sequence[Path], holes: int, seed: int) -> dict[Path, list[Case]]:
    """About `holes` cases in all, as many in each of `folders`.

    Raises:
        UsageError: a folder has no hole, or no file of code.
    """
    each = -(-holes // len(folders))
    return {
        folder: [hole.case for hole in cut(folder, read_sources(folder), each, seed)]
        for folder in folders
    }


def compare(
    model: Model, cases: dict[Path, list[Case]], advance: Callable[[], object]
) -> Iterator[Compared]:
    """Complete each case in both ways, in turns; `advance` hears of each case.

    Raises:
        CodegenError: a project's index cannot be written.
    """
    plain = Completer(model, DEFAULT_BUDGET)
    for folder, its in cases.items():
        project = Repository(folder)
        informed = Completer(model, DEFAULT_BUDGET, project.choose, inspect=project.inspect)
        for case in its:
            first, second = (
                next(iter(predict(completer, [case], CompletionOptions(), folder)))
                for completer in (plain, informed)
            )
            advance()
            yield Compared(folder.name, case, first, second)


def report(compared: Sequence[Compared]) -> ContextReport:
    """Sum up at least one case."""
    plain = [each.plain for each in compared]
    informed = [each.informed for each in compared]
    gain = paired_difference(
        [float(each.exact_match) for each in plain],
        [float(each.exact_match) for each in informed],
        [f"{each.folder}/{each.case.path}" for each in compared],
    )
    by_folder = {
        folder: (
            _exact([each.plain for each in compared if each.folder == folder]),
            _exact([each.informed for each in compared if each.folder == folder]),
        )
        for folder in dict.fromkeys(each.folder for each in compared)
    }
    return ContextReport(
        cases=len(compared),
        exact_match_without=_exact(plain),
        exact_match_with=_exact(informed),
        gain=gain,
        edit_similarity_without=statistics.fmean(each.edit_similarity for each in plain),
        edit_similarity_with=statistics.fmean(each.edit_similarity for each in informed),
        median_ms_without=statistics.median(each.milliseconds for each in plain),
        median_ms_with=statistics.median(each.milliseconds for each in informed),
        by_folder=by_folder,
    )


def _exact(predictions: Sequence[Prediction]) -> float:
    return statistics.fmean(each.exact_match for each in predictions)
