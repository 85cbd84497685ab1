"""One command from a repository to a report: split, train, measure, judge.

Whatever has been done is kept in the run's folder, and the same command goes on where it stopped.
"""

import json
import statistics
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from codegen_lsp.evaluate.case_context import Repository
from codegen_lsp.models.adapter_files import RECORD_FILE
from codegen_lsp.models.adapters import AdapterChoice, base_sha256, read_adapter, seal
from codegen_lsp.prompt.model import load_model
from finetune.asking import Run, lora_settings, training_settings
from finetune.digests import digest_of_cases, digest_of_split
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
from finetune.facts import facts_of, manifest_of
from finetune.preparing import around, examples
from finetune.run_folder import ADAPTER, MANIFEST, OUTCOMES, PAGE, REPORT, TRAINING
from finetune.training.base import TrainingModel
from finetune.training.load import load_training_model
from finetune.training.loop import Trained, train
from finetune.training.processes import Processes
from finetune.training.settings import Measured, Progress
from finetune.training.writing import write_whole, writing


def learn(
    run: Run, processes: Processes, watch: Watch, on_progress: Callable[[Progress], None]
) -> Trained | None:
    """Train, and write the adapter; None in all but the first of the `processes`.

    An adapter that is there already, from training that was over, is left as it is: its record
    tells what was measured since.

    Raises:
        CodegenError: it cannot be trained, or not be written.
    """
    settings, base = run.settings, run.prepared.base
    watch.say(f"indexing {run.prepared.tree.name}, loading {base.name}")
    chooser = processes.in_turn(lambda: around(run.prepared))
    model = load_training_model(
        base.folder,
        base=base.name,
        lora=lora_settings(settings),
        device=processes.device,
        is_checkpointed=settings.gradient_checkpointing,
    )
    validate = _validation(run, model) if run.prepared.validation else None
    trained = train(
        model,
        lru_cache(maxsize=1)(partial(examples, run.prepared, settings, chooser)),
        training_settings(settings),
        folder=run.out / TRAINING,
        processes=processes,
        identity={
            "commit": run.prepared.split.commit,
            "split": digest_of_split(run.prepared.split),
            "held-out cases": digest_of_cases([run.prepared.cases, run.prepared.validation]),
            "base": base_sha256(base.folder),
        }
        | settings.model_dump(mode="json", exclude={"cases", "sweep_cases", "scales"}),
        on_progress=on_progress,
        validate=validate,
    )
    if processes.rank > 0:
        return None
    adapter = run.out / ADAPTER
    if not (trained.was_over and (adapter / RECORD_FILE).exists()):
        _save(run, model, adapter, facts_of(run.repository, run.prepared, trained))
    return trained


def evaluate(run: Run, trained: Trained, watch: Watch) -> Report:
    """Complete all cases in all ways, and write the report.

    Raises:
        CodegenError: a model cannot be loaded, or the disk is full.
    """
    settings, prepared = run.settings, run.prepared
    facts = facts_of(run.repository, prepared, trained)
    adapter = run.out / ADAPTER
    facts["adapter"] = read_adapter(adapter).id
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
    write_whole(run.out / REPORT, f"{json.dumps(report.as_json(), indent=2)}\n".encode())
    write_whole(run.out / PAGE, as_html(report).encode())
    manifest = manifest_of(facts, prepared, settings)
    write_whole(run.out / MANIFEST, f"{json.dumps(manifest, indent=2)}\n".encode())
    _seal(run, adapter, {**facts, "verdict": report.as_json()["verdict"]})
    return report


def _validation(run: Run, model: TrainingModel) -> Callable[[int], Measured]:
    """Measure on cases that are not judged by later, as the server would complete them.

    Adapters are compared by the likelihood of what stood there: exact match of 30 cases is mostly
    chance. By one case of 30 it preferred an adapter of a third of the training whose exact match
    on 150 others was 3 points lower than that of the last.
    """

    def validate(_step: int) -> Measured:
        folder = run.out / TRAINING / "candidate"
        _save(run, model, folder, {})
        loaded = load_model(run.prepared.base.name, adapter=AdapterChoice(folder))
        project = Repository(run.prepared.tree)
        judging = Judge(loaded, project, run.prepared.tree)
        outcomes = list(judging.outcomes(run.prepared.validation, lambda: None))
        nlls = [each.nll for each in outcomes if each.nll is not None]
        nll = statistics.fmean(nlls) if nlls else 0.0
        match = statistics.fmean(each.exact_match for each in outcomes)
        return Measured(exact_match=match, value=-nll)

    return validate


def _save(run: Run, model: TrainingModel, folder: Path, facts: Mapping[str, object]) -> None:
    (folder / RECORD_FILE).unlink(missing_ok=True)  # it is of the weights that were there before
    model.save(folder)
    _seal(run, folder, facts)


def _seal(run: Run, folder: Path, facts: Mapping[str, object]) -> None:
    base = run.prepared.base
    with writing(folder):
        seal(
            folder,
            base=base.name,
            base_sha256=base_sha256(base.folder),
            format_id=base.fim_format.name,
            facts=facts,
        )


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


def _curve(trained: Trained) -> list[tuple[int, float | None, float | None]]:
    """Loss by step, and the exact match that was measured there."""
    position = trained.position
    matches = {step: measured.exact_match for step, measured in position.validations.items()}
    return [(step, loss, matches.get(step)) for step, loss in enumerate(position.losses, start=1)]
