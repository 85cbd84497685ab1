"""All measurements of an adapter, one after the other, each kept as soon as it is made.

A run that was interrupted goes on with the first case that is missing.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import as_file, files
from itertools import groupby, islice
from pathlib import Path
from typing import Protocol

from codegen_lsp.evaluate.case_context import Repository
from codegen_lsp.evaluate.cases import Case, read_cases
from codegen_lsp.models.adapters import AdapterChoice
from codegen_lsp.prompt.model import load_model
from finetune.digests import digest_of_case
from finetune.evaluation.outcomes import Judge, Outcome
from finetune.evaluation.report import BASE, BASE_RETRIEVAL, TUNED, TUNED_RETRIEVAL
from finetune.training.writing import write_whole, writing

GENERAL_BASE, GENERAL_TUNED = "general, base", "general, tuned"


class Watch(Protocol):
    """Is told how a long task goes on."""

    def say(self, remark: str) -> None:
        """One line."""

    def start(self, title: str, total: int, done: int = 0) -> None:
        """A part of the task begins, of `total` pieces, `done` of which are there."""

    def advance(self, count: int) -> None:
        """So many more pieces are done."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """Cases to complete in one way.

    Attributes:
        name: says what is measured.
        scale: of the adapter; 0 is the base.
        shows_others: prompts show the project's other files.
        cases: to complete.
        folder: of the project that they lie in; None: they are in none.
    """

    name: str
    scale: float
    shows_others: bool
    cases: tuple[Case, ...]
    folder: Path | None


def general_cases(count: int) -> list[Case]:
    """Cases of general code, the same ones for the same count."""
    with as_file(files("finetune") / "general/hei_single_line.jsonl") as path:
        return list(islice(read_cases(path, _not_expected), count))


def measurements(
    cases: Sequence[Case],
    tree: Path,
    *,
    general: Sequence[Case],
    sweep: int,
    scales: Sequence[float],
) -> list[Measurement]:
    """The four arms, general code before and after, and the other scales on some of the cases."""
    held_out = tuple(cases)
    arms = [
        Measurement(BASE, 0.0, False, held_out, tree),
        Measurement(BASE_RETRIEVAL, 0.0, True, held_out, tree),
        Measurement(GENERAL_BASE, 0.0, False, tuple(general), None),
        Measurement(TUNED, 1.0, False, held_out, tree),
        Measurement(TUNED_RETRIEVAL, 1.0, True, held_out, tree),
        Measurement(GENERAL_TUNED, 1.0, False, tuple(general), None),
    ]
    swept = [
        Measurement(scale_name(scale), scale, True, held_out[:sweep], tree)
        for scale in sorted(set(scales) - {1.0})
    ]
    return arms + (swept if sweep else [])


def scale_name(scale: float) -> str:
    """What the measurement at one of the other scales is called."""
    return f"scale {scale:g}"


def measure(
    wanted: Sequence[Measurement], model: str, adapter: Path, kept_in: Path, watch: Watch
) -> dict[str, list[Outcome]]:
    """The outcomes by measurement; models are loaded one at a time.

    Args:
        wanted: what to measure, those with one scale beside each other.
        model: name of the base.
        adapter: its folder.
        kept_in: a folder for what has been measured; of this base and this adapter only.
        watch: told of every case.

    Raises:
        CodegenError: a model cannot be loaded, the project's index cannot be written, or there is
            no room for what is measured.
    """
    outcomes: dict[str, list[Outcome]] = {}
    for scale, group in groupby(wanted, key=lambda each: each.scale):
        todo = []
        for measurement in group:
            outcomes[measurement.name] = _kept(kept_in, measurement)
            if len(outcomes[measurement.name]) < len(measurement.cases):
                todo.append(measurement)
        if todo:
            choice = AdapterChoice(adapter, scale) if scale else None
            loaded = load_model(model, adapter=choice)
            for measurement in todo:
                done = outcomes[measurement.name]
                watch.start(measurement.name, len(measurement.cases), len(done))
                project = None
                if measurement.shows_others and measurement.folder is not None:
                    project = Repository(measurement.folder)
                judge = Judge(loaded, project, measurement.folder)
                cases = measurement.cases[len(done) :]
                rest = judge.outcomes(cases, lambda: watch.advance(1))
                done += _keeping(rest, cases, _file(kept_in, measurement))
    return outcomes


def _keeping(outcomes: Iterator[Outcome], cases: Iterable[Case], file: Path) -> Iterator[Outcome]:
    """The same, each written down at once."""
    for case, outcome in zip(cases, outcomes, strict=True):
        with writing(file):
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("a", encoding="utf-8") as stream:
                stream.write(_line(case, outcome))
        yield outcome


def _kept(folder: Path, measurement: Measurement) -> list[Outcome]:
    """What has been measured already: as far as it is of the same cases; the rest is removed."""
    file = _file(folder, measurement)
    if not file.exists():
        return []
    kept: list[Outcome] = []
    lines = file.read_text("utf-8").split("\n")
    for case, line in zip(measurement.cases, lines, strict=False):
        outcome = _parsed(line, case)
        if outcome is None:
            break
        kept.append(outcome)
    write_whole(file, "".join(map(_line, measurement.cases, kept)).encode())
    return kept


def _line(case: Case, outcome: Outcome) -> str:
    """What is written down: ids alone do not tell what was asked, as files change."""
    return json.dumps({"asked": digest_of_case(case), **asdict(outcome)}) + "\n"


def _parsed(line: str, case: Case) -> Outcome | None:
    """The outcome of `case` in a line; None for one of another case, or one that was cut off."""
    try:
        fields = json.loads(line)
        return Outcome(**fields) if fields.pop("asked") == digest_of_case(case) else None
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _file(folder: Path, measurement: Measurement) -> Path:
    name = measurement.name.replace(" ", "_").replace(",", "").replace("+", "and")
    return folder / f"{name}.jsonl"


def _not_expected(report: str) -> None:
    raise ValueError(report)
