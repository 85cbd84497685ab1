import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from codegen_lsp.errors import CodegenError, DamagedModelError, UsageError
from finetune.examples import Example
from finetune.training import loop
from finetune.training.checkpoints import CHECKPOINT_FILE, save_checkpoint
from finetune.training.loop import train
from finetune.training.processes import Processes
from finetune.training.settings import Measured, Progress, TrainingSettings
from tests.finetune.training_toys import Line, epoch_of

SETTINGS = TrainingSettings(
    learning_rate=0.1,
    weight_decay=0.0,
    sequences_per_step=4,
    tokens_per_batch=60,
    max_epochs=3,
    time_limit_s=None,
    validate_steps=5,
)


def examples_of(epoch: int) -> list[Example]:
    return epoch_of(22, epoch)


def measured(value: float) -> Measured:
    return Measured(exact_match=0.0, value=value)


def run(model: Any, folder: Path, settings: TrainingSettings = SETTINGS, **options: Any) -> Any:
    processes = Processes("cpu")
    return train(model, examples_of, settings, folder=folder, processes=processes, **options)


def test_the_loss_falls_over_all_epochs(tmp_path: Path) -> None:
    seen: list[Progress] = []
    model = Line()
    trained = run(model, tmp_path, on_progress=seen.append)
    assert not trained.was_over
    assert trained.ended_by == "steps"
    assert len(trained.position.losses) == 18  # six of at most four of 22 examples, three times
    assert model.loss(examples_of(0))[0] < 0.6 * Line().loss(examples_of(0))[0]
    assert [one.step for one in seen] == list(range(1, 19))
    assert [one.epoch for one in seen] == [0] * 5 + [1] * 6 + [2] * 6 + [3]
    assert seen[-1].seconds_left == 0
    assert trained.position.tokens == sum(
        len(one.ids) for epoch in range(3) for one in examples_of(epoch)
    )


def test_sizes_of_batches_change_nothing_but_memory(tmp_path: Path) -> None:
    small, large = Line(), Line()
    run(small, tmp_path / "small", replace(SETTINGS, tokens_per_batch=1))
    run(large, tmp_path / "large", replace(SETTINGS, tokens_per_batch=1000))
    torch.testing.assert_close(small.slope, large.slope)


def test_the_best_adapter_is_kept_and_a_run_without_gain_ends(tmp_path: Path) -> None:
    model, slopes = Line(), {}

    def validate(step: int) -> Measured:
        slopes[step] = model.slope.item()
        return measured({5: 0.2, 10: 0.5}.get(step, 0.4))

    settings = replace(SETTINGS, max_epochs=10, patience=2)
    trained = run(model, tmp_path, settings, validate=validate)
    assert trained.ended_by == "no gain"
    assert trained.position.step == 20
    assert trained.best_step == 10
    values = {step: each.value for step, each in trained.position.validations.items()}
    assert values == {5: 0.2, 10: 0.5, 15: 0.4, 20: 0.4}
    assert model.slope.item() == slopes[10] != slopes[20]


def test_the_last_adapter_is_measured_too(tmp_path: Path) -> None:
    trained = run(Line(), tmp_path, validate=measured)
    assert list(trained.position.validations) == [5, 10, 15, 18]
    assert trained.best_step == 18


class Killed(BaseException):
    """Stands for SIGKILL: nothing is written after it."""


def test_a_run_killed_after_a_new_best_ends_with_the_adapter_that_it_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slopes: dict[int, float] = {}

    def validate(scores: dict[int, float]) -> Callable[[int], Measured]:
        def measure(step: int) -> Measured:
            slopes[step] = model.slope.item()
            return measured(scores.get(step, 0.1))

        return measure

    def save(*given: Any) -> None:
        if given[3].step == 10:
            raise Killed
        save_checkpoint(*given)

    monkeypatch.setattr(loop, "save_checkpoint", save)
    model = Line()
    with pytest.raises(Killed):  # the best adapter is written, the checkpoint not yet
        run(model, tmp_path, validate=validate({5: 0.2, 10: 0.5}))
    monkeypatch.undo()
    model = Line()
    trained = run(model, tmp_path, validate=validate({10: 0.1}))
    assert trained.best_step == 5
    assert model.slope.item() == slopes[5] != slopes[10]
    assert {file.name for file in tmp_path.iterdir()} == {CHECKPOINT_FILE, "best-5.safetensors"}


def test_a_new_best_is_in_the_next_checkpoint_at_once(tmp_path: Path) -> None:
    def die(progress: Progress) -> None:
        if progress.step == 11:
            raise Killed

    with pytest.raises(Killed):
        run(Line(), tmp_path, validate=measured, on_progress=die)
    seen: list[Progress] = []
    run(Line(), tmp_path, validate=measured, on_progress=seen.append)
    assert [one.step for one in seen] == list(range(11, 19))


@pytest.mark.parametrize("damage", [None, b"no safetensors"])
def test_a_best_adapter_that_is_gone_is_named(tmp_path: Path, damage: bytes | None) -> None:
    scores = {5: 0.5}
    run(Line(), tmp_path, validate=lambda step: measured(scores.get(step, 0.1)))
    best = tmp_path / "best-5.safetensors"
    best.unlink() if damage is None else best.write_bytes(damage)
    with pytest.raises(DamagedModelError, match=r"best-5.* is damaged .*remove"):
        run(Line(), tmp_path)


def test_a_finished_run_is_not_run_again(tmp_path: Path) -> None:
    model = Line()
    run(model, tmp_path)
    again = Line()
    before = (tmp_path / CHECKPOINT_FILE).read_bytes()
    trained = run(again, tmp_path, on_progress=lambda _: pytest.fail("it learned again"))
    assert again.slope == model.slope
    assert trained.was_over
    assert trained.position.step == 18
    assert (tmp_path / CHECKPOINT_FILE).read_bytes() == before


def test_time_ends_a_run_and_the_learning_rate_ends_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    model, before, moves = Line(), [0.0], []

    def tick(progress: Progress) -> None:
        now[0] += 10.0
        moves.append(abs(model.slope.item() - before[0]))
        before[0] = model.slope.item()
        assert progress.seconds_left <= 300

    settings = replace(SETTINGS, learning_rate=1e-4, max_epochs=100, time_limit_s=300.0)
    trained = run(model, tmp_path, settings, on_progress=tick)
    assert trained.ended_by == "time"
    assert 270 <= trained.position.elapsed_s <= 300
    assert moves[-1] < 0.1 * max(moves)


def test_time_is_left_for_the_last_validation_and_counted_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    class Slow(Line):
        def loss(self, batch: Sequence[Example]) -> tuple[torch.Tensor, float]:
            now[0] += 2.0 * len(batch)
            return super().loss(batch)

    def validate(step: int) -> Measured:
        now[0] += 50.0
        return measured(step)

    settings = replace(SETTINGS, max_epochs=100, time_limit_s=300.0, sequences_per_step=1)
    settings = replace(settings, validate_steps=30)
    trained = run(Slow(), tmp_path, settings, validate=validate)
    position = trained.position
    assert trained.ended_by == "time"
    assert position.validation_s == 50.0
    assert 275 <= position.elapsed_s <= 300
    assert position.training_s == 2.0 * position.step
    assert position.training_s + 50.0 * len(position.validations) == position.elapsed_s
    assert position.peak_bytes > 10**7


class Broken(Line):
    """Has no finite loss while an example begins with an id of `bad`."""

    def __init__(self, bad: range) -> None:
        super().__init__()
        self._bad = bad

    def loss(self, batch: Sequence[Example]) -> tuple[torch.Tensor, float]:
        total, weight = super().loss(batch)
        is_bad = any(one.ids[0] in self._bad for one in batch)
        return total * (math.nan if is_bad else 1.0), weight


def test_a_step_without_a_finite_loss_is_passed_over(tmp_path: Path) -> None:
    first = examples_of(0)[0].ids[0]
    model = Broken(range(first, first + 1))
    trained = run(model, tmp_path)
    losses = trained.position.losses
    assert trained.position.step == len(losses) == 18
    assert losses[0] is None or None in losses[1:6]
    assert sum(loss is not None for loss in losses) > 10
    assert math.isfinite(model.slope.item())


def test_a_run_that_diverges_says_what_to_lower(tmp_path: Path) -> None:
    with pytest.raises(CodegenError, match=r"not finite in 5 steps in a row.*learning_rate"):
        run(Broken(range(320)), tmp_path)


def test_nothing_to_learn_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing to learn"):
        train(
            Line(),
            lambda _: [],
            SETTINGS,
            folder=tmp_path,
            processes=Processes("cpu"),
        )


def test_another_run_is_not_taken_up(tmp_path: Path) -> None:
    run(Line(), tmp_path, identity={"commit": "a"})
    with pytest.raises(UsageError, match="another commit, max_epochs:"):
        run(Line(), tmp_path, replace(SETTINGS, max_epochs=4), identity={"commit": "b"})


def test_of_adapters_that_are_as_good_the_last_is_taken(tmp_path: Path) -> None:
    values = {2: 0.5, 4: 0.499, 6: 0.495, 8: 0.4, 10: 0.3, 12: 0.3}
    settings = replace(SETTINGS, validate_steps=2)
    trained = run(Line(), tmp_path, settings, validate=lambda step: measured(values[step]))
    assert trained.best_step == 6
    assert trained.ended_by == "no gain"
    assert trained.position.step == 12
