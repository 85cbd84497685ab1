"""How long a run will take, by a short pass over its own examples and a few completions."""

import math
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice

import torch

from codegen_lsp.errors import UsageError
from codegen_lsp.evaluate.case_context import Repository
from codegen_lsp.evaluate.cases import Case
from codegen_lsp.prompt.model import load_model
from finetune.asking import Forecast, Run, lora_settings
from finetune.evaluation.outcomes import Judge
from finetune.examples import CHARACTERS_PER_EXAMPLE, Example
from finetune.preparing import around, examples
from finetune.training.base import TrainingModel
from finetune.training.batches import steps_of
from finetune.training.load import choose_device, load_training_model

_SAMPLE = 24  # examples, about
_PASS_S = 8.0
_CASES = 2  # of each kind


@dataclass(frozen=True, slots=True)
class Pace:
    """What was measured.

    Attributes:
        tokens_per_second: in training.
        tokens_per_example: mean.
        seconds_per_case: to complete and judge one, shown other files.
        seconds_per_bare_case: the same, shown none.
        loading_s: seconds to load a model that completes.
    """

    tokens_per_second: float
    tokens_per_example: float
    seconds_per_case: float
    seconds_per_bare_case: float
    loading_s: float


@dataclass(frozen=True, slots=True)
class Timing:
    """What a run will come to at a pace; it may end sooner where nothing more is gained.

    Attributes:
        examples: of an epoch.
        steps: of the optimiser.
        epochs: that these are.
        training_minutes: validations included.
        measuring_minutes: afterwards.
    """

    examples: int
    steps: int
    epochs: float
    training_minutes: float
    measuring_minutes: float


def measured_pace(run: Run) -> Pace:
    """Try what `run` will do, for some seconds; loads the base twice, one after the other.

    Raises:
        CodegenError: there is nothing to learn, or the model cannot be loaded.
    """
    sample = examples(run.prepared, run.settings, around(run.prepared), epoch=0, count=_SAMPLE)
    if not sample:
        raise UsageError("there is nothing to learn: `codegen-lsp finetune inspect` shows why")
    tokens_per_second = _training_pace(run, sample)
    started = time.perf_counter()
    model = load_model(run.prepared.base.name)
    loading_s = time.perf_counter() - started
    tree = run.prepared.tree
    bare, shown = Judge(model, None, tree), Judge(model, Repository(tree), tree)
    cases = cycle(run.prepared.cases)
    _seconds_per_case(bare, islice(cases, 1))  # the first takes memory from the system
    return Pace(
        tokens_per_second=tokens_per_second,
        tokens_per_example=sum(len(each.ids) for each in sample) / len(sample),
        seconds_per_bare_case=_seconds_per_case(bare, islice(cases, _CASES)),
        seconds_per_case=_seconds_per_case(shown, islice(cases, _CASES)),
        loading_s=loading_s,
    )


def timing(run: Run, told: Forecast, pace: Pace) -> Timing:
    """How far `run` comes in its time, and how long measuring takes then."""
    settings, files = run.settings, run.prepared.split.train
    drawn = round(sum(max(len(file.text) / CHARACTERS_PER_EXAMPLE, 1) for file in files))
    of_epoch = math.ceil(drawn / settings.sequences_per_step)
    step_s = settings.sequences_per_step * pace.tokens_per_example / pace.tokens_per_second
    num_validated = len(run.prepared.validation)
    validation_s = num_validated and pace.loading_s + num_validated * pace.seconds_per_case
    limit_s = settings.time_limit_minutes * 60
    in_time = (limit_s - validation_s) / (step_s + validation_s / settings.validate_steps)
    steps = max(min(int(in_time), of_epoch * settings.max_epochs), 1)
    validations = math.ceil(steps / settings.validate_steps)
    measuring_s = told.cases * pace.seconds_per_case + told.bare_cases * pace.seconds_per_bare_case
    return Timing(
        examples=drawn,
        steps=steps,
        epochs=steps / of_epoch,
        training_minutes=(steps * step_s + validations * validation_s) / 60,
        measuring_minutes=measuring_s / 60,
    )


def tokens_per_second(model: TrainingModel, batches: Iterable[Sequence[Example]]) -> float:
    """How many tokens of `batches` are learnt in a second, forward and backward.

    Args:
        model: is left with gradients.
        batches: at least one; the first takes memory from the system, so it is read twice. No more
            is read after some seconds.
    """
    waiting: Iterator[Sequence[Example]] = iter(batches)
    first = next(waiting)
    _learn(model, first)
    started, tokens = time.perf_counter(), 0
    for batch in (first, *waiting):
        _learn(model, batch)
        tokens += sum(len(example.ids) for example in batch)
        if time.perf_counter() - started > _PASS_S:
            break
    return tokens / (time.perf_counter() - started)


def _training_pace(run: Run, sample: Sequence[Example]) -> float:
    settings, base = run.settings, run.prepared.base
    model = load_training_model(
        base.folder,
        base=base.name,
        lora=lora_settings(settings),
        device=choose_device(run.device),
        is_checkpointed=settings.gradient_checkpointing,
    )
    steps = steps_of(
        sample,
        sequences_per_step=settings.sequences_per_step,
        tokens_per_batch=settings.tokens_per_batch,
    )
    return tokens_per_second(model, [batch for step in steps for batch in step.batches])


def _learn(model: TrainingModel, batch: Sequence[Example]) -> None:
    model.loss(batch)[0].backward()
    # To read the norm is to wait until a GPU is done.
    torch.nn.utils.clip_grad_norm_(model.parameters(), math.inf).item()


def _seconds_per_case(judge: Judge, cases: Iterable[Case]) -> float:
    started = time.perf_counter()
    count = sum(1 for _ in judge.outcomes(cases, lambda: None))
    return (time.perf_counter() - started) / count
