"""The training loop: steps of AdamW until the steps, the time or the gain runs out.

It goes on from the last checkpoint of its folder. On the same machine it then ends with the same
bits as a run that was never stopped, if time plays no part in it: the learning rate goes by the
clock wherever that is further than the steps (see `schedule`), also in a run that steps end.
"""

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from codegen_lsp.evaluate.memory import peak_memory
from finetune.examples import Example
from finetune.training.allocator import release_memory
from finetune.training.base import TrainingModel
from finetune.training.batches import Step, planned_steps, steps_of
from finetune.training.best import forget_others, read_best, write_best
from finetune.training.checkpoints import Position, read_checkpoint, save_checkpoint, take_up
from finetune.training.learner import Learner
from finetune.training.processes import Processes
from finetune.training.schedule import progress
from finetune.training.settings import Ending, Measured, Progress, TrainingSettings

_NOISE = 0.02  # of a validation's value, in nats
_SHOWN_LOSSES = 10

Validate = Callable[[int], Measured]
"""Measures the model at a step."""


@dataclass(frozen=True, slots=True)
class Trained:
    """What a run has come to.

    Attributes:
        position: where it has ended.
        ended_by: what.
        best_step: whose adapter the model has now.
        was_over: before it was taken up this time, so that nothing has been learned since.
    """

    position: Position
    ended_by: Ending
    best_step: int
    was_over: bool


def train(  # noqa: PLR0913 - what a run hangs on
    model: TrainingModel,
    examples_of: Callable[[int], Sequence[Example]],
    settings: TrainingSettings,
    *,
    folder: Path,
    processes: Processes,
    identity: Mapping[str, Any] = MappingProxyType({}),
    on_progress: Callable[[Progress], None] = lambda _: None,
    validate: Validate | None = None,
) -> Trained:
    """Train `model`, or go on training it; leaves the best adapter in it.

    Args:
        model: whose adapter is trained.
        examples_of: the examples of an epoch, the same whenever it is asked for the same one.
        settings: of the run.
        folder: for checkpoints.
        processes: that share the work; every one calls this, and the first writes and validates.
        identity: what else a run must have in common with the one whose checkpoint it takes up:
            the commit, the base, the seed.
        on_progress: told after each step, in the first process.
        validate: called in the first process; None: the last adapter is the best.

    Raises:
        UsageError: there is nothing to learn, or `folder` has the checkpoint of another run.
        CodegenError: the loss is not finite for several steps in a row.
        DiskFullError: a checkpoint could not be saved; the one before is still there.
    """
    run = _Run(model, settings, folder, processes, identity, validate)
    run.resume(lambda: planned_steps(examples_of(0), settings))
    was_over = run.position.ended_by is not None
    while (ended_by := run.ending()) is None:
        for step in run.steps(examples_of):
            run.learn(step)
            run.tell(on_progress)
            run.look_back()
            if run.ending() is not None:
                break
    if not was_over:
        run.finish(ended_by)
    run.take_best()
    return Trained(run.position, ended_by, run.position.best_step or run.position.step, was_over)


class _Run:
    """A run's state between two steps."""

    def __init__(  # noqa: PLR0913, PLR0917 - what a run hangs on
        self,
        model: TrainingModel,
        settings: TrainingSettings,
        folder: Path,
        processes: Processes,
        identity: Mapping[str, Any],
        validate: Validate | None,
    ) -> None:
        self._model, self._settings, self._folder = model, settings, folder
        self._processes, self._validate = processes, validate
        self._learner = Learner(model, settings, processes)
        self._identity = dict(identity) | _decisive(settings) | {"processes": processes.count}
        self.position = Position()
        self._begun = self._saved = time.monotonic()
        self._read_before = 0, 0.0

    def resume(self, plan: Callable[[], int]) -> None:
        """Begin, or go on from the checkpoint."""
        found = self._processes.of_first(lambda: read_checkpoint(self._folder, self._identity))
        if found is None:
            self.position = Position(max_steps=plan())
        else:
            self.position = take_up(found, self._model, self._learner.optimiser)
        self._begun = time.monotonic() - self.position.elapsed_s
        self._read_before = self.position.tokens, self.position.training_s

    def ending(self) -> Ending | None:
        """Why the run is over; None while it is not."""
        position, limit = self.position, self._time_limit_s()
        if position.ended_by is not None or position.step >= position.max_steps:
            return position.ended_by or "steps"
        of_step = position.elapsed_s / position.step if position.step else 0.0
        if limit is not None and position.elapsed_s + of_step > limit:
            return "time"
        return "no gain" if self._has_stalled() else None

    def steps(self, examples_of: Callable[[int], Sequence[Example]]) -> Iterator[Step]:
        """What is left of the epoch; the next one is then its successor."""
        position = self.position
        steps = steps_of(
            examples_of(position.epoch),
            sequences_per_step=self._settings.sequences_per_step,
            tokens_per_batch=self._settings.tokens_per_batch,
            rank=self._processes.rank,
            num_processes=self._processes.count,
        )
        for index in range(position.step_of_epoch, len(steps)):
            position.step_of_epoch = index + 1
            if index + 1 == len(steps):
                position.epoch, position.step_of_epoch = position.epoch + 1, 0
            yield steps[index]

    def learn(self, step: Step) -> None:
        """Make a step of the optimiser."""
        started = time.monotonic()
        position = self.position
        position.losses.append(self._learner.learn(step, position.step, self._done()))
        release_memory()
        position.training_s += time.monotonic() - started
        position.step += 1
        position.tokens += step.num_tokens
        position.labels += step.num_labels
        self._take_stock()

    def tell(self, on_progress: Callable[[Progress], None]) -> None:
        """Say how far the run is."""
        if self._processes.rank > 0:
            return
        position = self.position
        shown = [loss for loss in position.losses[-_SHOWN_LOSSES:] if loss is not None]
        done = self._done()
        tokens, seconds = self._read_before
        on_progress(
            Progress(
                step=position.step,
                steps=min(position.max_steps, round(position.step / done)),
                epoch=position.epoch,
                loss=sum(shown) / len(shown) if shown else math.nan,
                tokens_per_s=(position.tokens - tokens) / max(position.training_s - seconds, 1e-9),
                seconds_left=position.elapsed_s * (1 - done) / done,
            )
        )

    def look_back(self) -> None:
        """Validate and save where it is time to."""
        if self._validate is not None and self.position.step % self._settings.validate_steps == 0:
            self._measure(self._validate)
        is_due = time.monotonic() - self._saved >= self._settings.checkpoint_s
        if self._processes.of_first(lambda: is_due):
            self._save()

    def finish(self, ended_by: Ending) -> None:
        """Measure what has been learned since the last time, and save."""
        position = self.position
        if self._validate is not None and position.step not in position.validations:
            self._measure(self._validate)
        position.ended_by = ended_by
        self._save()

    def take_best(self) -> None:
        """Put the best adapter into the model."""
        best = self.position.best_step
        if best is not None and best != self.position.step:
            state = self._processes.of_first(lambda: read_best(self._folder, best))
            self._model.load_state_dict(state)

    def _done(self) -> float:
        position = self.position
        limit = self._time_limit_s()
        return progress(position.step, position.max_steps, position.elapsed_s, limit)

    def _time_limit_s(self) -> float | None:
        """When steps end, so that there is time for a validation like the last one."""
        limit = self._settings.time_limit_s
        return limit if limit is None else max(limit - self.position.validation_s, 1e-9)

    def _take_stock(self) -> None:
        # All processes go by one clock, or they would end at different steps.
        self.position.elapsed_s = self._processes.of_first(lambda: time.monotonic() - self._begun)
        self.position.peak_bytes = max(self.position.peak_bytes, peak_memory())

    def _measure(self, validate: Validate) -> None:
        """Validate in the first process, and keep the adapter if it is the best so far."""
        position, before = self.position, self.position.elapsed_s
        measured = self._processes.of_first(lambda: validate(position.step))
        release_memory()  # a second model was loaded for it
        self._take_stock()
        position.validation_s = position.elapsed_s - before
        values = [each.value for each in position.validations.values()]
        position.validations[position.step] = measured
        # Of adapters that are as good the last is taken: its learning rate has come down furthest.
        if measured.value > max(values, default=-math.inf) - _NOISE:
            position.best_step = position.step
            if self._processes.rank == 0:
                write_best(self._folder, position.step, self._model.state_dict())
            self._save()

    def _has_stalled(self) -> bool:
        position = self.position
        since = [step for step in position.validations if step > (position.best_step or 0)]
        return len(since) >= self._settings.patience

    def _save(self) -> None:
        if self._processes.rank == 0:
            save_checkpoint(
                self._folder, self._model, self._learner.optimiser, self.position, self._identity
            )
            forget_others(self._folder, self.position.best_step)
        self._saved = time.monotonic()


def _decisive(settings: TrainingSettings) -> dict[str, Any]:
    """The settings on which the adapter hangs."""
    return {name: value for name, value in asdict(settings).items() if name != "checkpoint_s"}
