"""One command from a repository to a report: split, train, measure, judge.

Whatever has been done is kept in the run's folder, and the same command goes on where it stopped.
"""

import json
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from codegen_lsp.errors import DiskFullError
from codegen_lsp.evaluate.case_context import Repository
from codegen_lsp.models.adapters import AdapterChoice, base_sha256, seal
from codegen_lsp.prompt.build import PromptBudget
from codegen_lsp.prompt.model import load_model
from finetune.evaluation.copying import Corpus
from finetune.evaluation.measuring import (
    GENERAL_BASE,
    GENERAL_TUNED,
    Watch,
    general_cases,
    measure,
    measurements,
    scale_name,
)
from finetune.evaluation.outcomes import Judge, Outcome
from finetune.evaluation.page import as_html
from finetune.evaluation.report import (
    ARMS,
    BASE_RETRIEVAL,
    TUNED_RETRIEVAL,
    Report,
    figures,
    gains,
    side_by_side,
)
from finetune.evaluation.verdict import exact_match, judge
from finetune.examples import LONGEST_MIDDLE
from finetune.facts import facts_of, manifest_of
from finetune.preparing import Prepared, around, examples
from finetune.settings import FinetuneSettings
from finetune.training.base import TrainingModel
from finetune.training.estimate import Sizes, available_memory, check_memory, memory_of
from finetune.training.load import choose_device, choose_precision, load_training_model
from finetune.training.loop import Progress, Trained, TrainingSettings, train
from finetune.training.lora import LoraSettings
from finetune.training.processes import Processes

ADAPTER, TRAINING, OUTCOMES = "adapter", "training", "outcomes"
REPORT, PAGE, MANIFEST = "report.json", "report.html", "manifest.json"
_NLL_SHARE = 1e-3  # of the value that a run is stopped by: it decides between equal exact matches


@dataclass(frozen=True, slots=True)
class Run:
    """A run that is to be made, or gone on with.

    Attributes:
        repository: a folder in it, or its own.
        prepared: what it learns from and is judged by.
        settings: of the run.
        out: its folder.
        device: of torch, or "auto".
    """

    repository: Path
    prepared: Prepared
    settings: FinetuneSettings
    out: Path
    device: str


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a run will take, as far as that can be told beforehand."""

    memory_bytes: int | None
    time_limit_minutes: float
    cases: int

    def __str__(self) -> str:
        memory = "unknown" if self.memory_bytes is None else f"{self.memory_bytes / 1e9:.1f} GB"
        return (
            f"memory {memory}; training at most {self.time_limit_minutes:g} minutes, then "
            f"{self.cases} completions to measure, of a second or a few each"
        )


def forecast(run: Run) -> Forecast:
    """What `run` will take.

    Raises:
        UsageError: it needs more memory than there is; says which setting lowers it.
    """
    settings, base = run.settings, run.prepared.base
    sizes = Sizes.read(json.loads((base.folder / "config.json").read_text("utf-8")))
    memory = None
    if sizes is not None:
        device = choose_device(run.device)
        needed = memory_of(
            sizes,
            _lora(settings),
            precision=choose_precision(device),
            tokens_per_batch=settings.tokens_per_batch,
            longest=_longest(base.budget),
            is_checkpointed=settings.gradient_checkpointing,
        )
        check_memory(
            needed,
            available_memory(device),
            _training_settings(settings),
            is_checkpointed=settings.gradient_checkpointing,
        )
        memory = needed.total
    others = sum(scale != 1.0 for scale in settings.scales)
    cases = len(ARMS) * settings.cases + 2 * settings.general_cases + others * settings.sweep_cases
    return Forecast(memory, settings.time_limit_minutes, cases)


def learn(run: Run, watch: Watch, on_progress: Callable[[Progress], None]) -> Trained | None:
    """Train, and write the adapter; None in all but the first of several processes.

    Raises:
        CodegenError: it cannot be trained, or not be written.
    """
    settings, base = run.settings, run.prepared.base
    device = choose_device(run.device)
    processes = Processes(is_cpu=device == "cpu")
    watch.say(f"indexing {run.prepared.tree.name}, loading {base.name}")
    chooser = around(run.prepared)
    model = load_training_model(
        base.folder,
        base=base.name,
        lora=_lora(settings),
        device=processes.device if device != "mps" else device,
        is_checkpointed=settings.gradient_checkpointing,
    )
    validate = _validation(run, model) if run.prepared.validation else None
    trained = train(
        model,
        lru_cache(maxsize=1)(partial(examples, run.prepared, settings, chooser)),
        _training_settings(settings),
        folder=run.out / TRAINING,
        processes=processes,
        identity={"commit": run.prepared.split.commit, "base": base_sha256(base.folder)}
        | settings.model_dump(mode="json", exclude={"cases", "sweep_cases", "scales"}),
        on_progress=on_progress,
        validate=validate,
    )
    if processes.rank > 0:
        return None
    _save(run, model, run.out / ADAPTER, facts_of(run.repository, run.prepared, trained))
    return trained


def evaluate(run: Run, trained: Trained, watch: Watch) -> Report:
    """Complete all cases in all ways, and write the report.

    Raises:
        CodegenError: a model cannot be loaded, or the disk is full.
    """
    settings, prepared = run.settings, run.prepared
    facts = facts_of(run.repository, prepared, trained)
    adapter = run.out / ADAPTER
    facts["adapter"] = json.loads((adapter / "codegen.json").read_text("utf-8"))["sha256"][:12]
    outcomes = measure(
        measurements(
            prepared.cases,
            prepared.tree,
            general=general_cases(settings.general_cases),
            sweep=settings.sweep_cases,
            scales=settings.scales,
        ),
        prepared.base.name,
        adapter,
        run.out / OUTCOMES / facts["adapter"],
        watch,
    )
    report = _report(run, facts, trained, outcomes)
    _write(run.out / REPORT, json.dumps(report.as_json(), indent=2) + "\n")
    _write(run.out / PAGE, as_html(report))
    manifest = manifest_of(facts, prepared, settings)
    _write(run.out / MANIFEST, json.dumps(manifest, indent=2) + "\n")
    return report


def _longest(budget: PromptBudget) -> int:
    """Tokens of the longest example."""
    windows = budget.prefix_tokens + budget.suffix_tokens + budget.context_tokens
    return windows + LONGEST_MIDDLE


def _lora(settings: FinetuneSettings) -> LoraSettings:
    return LoraSettings(
        rank=settings.rank,
        alpha=settings.alpha,
        dropout=settings.dropout,
        is_rank_stabilised=settings.variant == "rslora",
        is_decomposed=settings.variant == "dora",
        has_4bit_base=settings.variant == "qlora",
        seed=settings.seed,
    )


def _training_settings(settings: FinetuneSettings) -> TrainingSettings:
    return TrainingSettings(
        learning_rate=settings.learning_rate,
        sequences_per_step=settings.sequences_per_step,
        tokens_per_batch=settings.tokens_per_batch,
        max_epochs=settings.max_epochs,
        time_limit_s=settings.time_limit_minutes * 60,
        validate_steps=settings.validate_steps,
        patience=settings.patience,
        seed=settings.seed,
    )


def _validation(run: Run, model: TrainingModel) -> Callable[[int], float]:
    """Exact match on cases that are not judged by later, as the server would complete them."""

    def validate(_step: int) -> float:
        folder = run.out / TRAINING / "candidate"
        _save(run, model, folder, {})
        loaded = load_model(run.prepared.base.name, adapter=AdapterChoice(folder))
        project = Repository(run.prepared.tree)
        judging = Judge(loaded, project, run.prepared.tree)
        outcomes = list(judging.outcomes(run.prepared.validation, lambda: None))
        nll = statistics.fmean(each.nll for each in outcomes)
        return statistics.fmean(each.exact_match for each in outcomes) - _NLL_SHARE * nll

    return validate


def _save(run: Run, model: TrainingModel, folder: Path, facts: Mapping[str, object]) -> None:
    base = run.prepared.base
    model.save(folder)
    try:
        seal(
            folder,
            base=base.name,
            base_sha256=base_sha256(base.folder),
            format_id=base.fim_format.name,
            facts=facts,
        )
    except OSError as error:
        raise _full(folder, error) from error


def _report(
    run: Run,
    facts: Mapping[str, Any],
    trained: Trained,
    outcomes: Mapping[str, Sequence[Outcome]],
) -> Report:
    cases = run.prepared.cases
    corpus = Corpus(file.text for file in run.prepared.split.train)
    base, tuned = outcomes[BASE_RETRIEVAL], outcomes[TUNED_RETRIEVAL]
    swept = {
        scale: exact_match(outcomes[scale_name(scale)])
        for scale in run.settings.scales
        if scale_name(scale) in outcomes
    }
    sweep = run.settings.sweep_cases
    if sweep:
        swept |= {0.0: exact_match(base[:sweep]), 1.0: exact_match(tuned[:sweep])}
    return Report(
        facts=facts,
        curve=_curve(trained),
        cases=len(cases),
        arms={name: figures(outcomes[name], corpus) for name in ARMS},
        gains=gains(outcomes),
        scales=swept,
        general={
            "base": exact_match(outcomes[GENERAL_BASE]),
            "tuned": exact_match(outcomes[GENERAL_TUNED]),
        },
        verdict=judge(base, tuned, outcomes[GENERAL_BASE], outcomes[GENERAL_TUNED]),
        won=side_by_side(cases, tuned, base, tuned_wins=True),
        lost=side_by_side(cases, base, tuned, tuned_wins=False),
    )


def _curve(trained: Trained) -> list[tuple[int, float, float | None]]:
    """Loss by step, and what was measured there; losses of bad steps are not recorded."""
    measured = dict(trained.position.validations)
    return [
        (step, loss, measured.get(step))
        for step, loss in enumerate(trained.position.losses, start=1)
    ]


def _write(file: Path, text: str) -> None:
    part = file.with_name(f".{file.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(file)
    except OSError as error:
        raise _full(file, error) from error


def _full(path: Path, error: OSError) -> DiskFullError:
    return DiskFullError(
        f"{path} cannot be written: {error.strerror or error}; make room or name another folder "
        "with --out"
    )
