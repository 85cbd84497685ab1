"""How long a run will take."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from finetune.asking import Forecast, Run, forecast
from finetune.examples import Example
from finetune.preparing import Base, load_base, prepare
from finetune.settings import FinetuneSettings
from finetune.timing import Pace, measured_pace, timing, tokens_per_second
from tests.adapters import tiny_base
from tests.finetune.repositories import commit, module
from tests.finetune.training_toys import Line, example

NAMES = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta")
PACE = Pace(
    tokens_per_second=100.0,
    tokens_per_example=50.0,
    seconds_per_case=2.0,
    seconds_per_bare_case=1.0,
    loading_s=6.0,
)
TOLD = Forecast(memory_bytes=1, time_limit_minutes=60.0, cases=30, bare_cases=60)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    return load_base(str(tiny_base(tmp_path_factory.mktemp("base"))))


@pytest.fixture
def run(base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(tmp_path / "cache"))
    commit(tmp_path / "shop", {f"{name}.py": module(name) for name in NAMES})
    settings = FinetuneSettings(
        rank=2, cases=6, validation_cases=2, validate_steps=10, sequences_per_step=8
    )
    prepared = prepare(tmp_path / "shop", base, settings, tmp_path / "out")
    return Run(tmp_path / "shop", prepared, settings, tmp_path / "out", "cpu")


def test_steps_end_a_run_that_has_time(run: Run) -> None:
    found = timing(run, TOLD, PACE)
    of_epoch = -(-found.examples // 8)
    assert found.steps == 10 * of_epoch
    assert found.epochs == 10
    validations = -(-found.steps // 10)
    seconds = found.steps * 8 * 50 / 100 + validations * (6 + 2 * 2)
    assert found.training_minutes == pytest.approx(seconds / 60)
    assert found.measuring_minutes == pytest.approx((30 * 2 + 60 * 1) / 60)


def test_time_ends_a_run_validations_included(run: Run) -> None:
    short = replace(run, settings=run.settings.model_copy(update={"time_limit_minutes": 1.0}))
    found = timing(short, TOLD, PACE)
    assert found.steps == 10  # of 4 s, and 1 s for the share of a validation of 10 s
    assert found.training_minutes <= 1.0
    slow = timing(short, TOLD, replace(PACE, tokens_per_second=0.1))
    assert slow.steps == 1


def test_what_is_measured_is_of_the_run_itself(run: Run) -> None:
    pace = measured_pace(run)
    assert min(pace.tokens_per_second, pace.seconds_per_case, pace.seconds_per_bare_case) > 0
    assert 16 < pace.tokens_per_example < 2200


def test_a_pass_reads_the_first_batch_twice() -> None:
    read: list[int] = []

    class Noted(Line):
        def loss(self, batch: Sequence[Example]) -> tuple[torch.Tensor, float]:
            read.append(len(batch))
            return super().loss(batch)

    batches = [[example(20, 2, 0)], [example(30, 2, 1)] * 2]
    assert tokens_per_second(Noted(), batches) > 0
    assert read == [1, 1, 2]


def test_a_forecast_counts_all_that_shares_the_memory(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = forecast(run).memory_bytes
    without = replace(run, prepared=replace(run.prepared, validation=()))
    once = forecast(without).memory_bytes
    assert alone > once
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "3")
    assert forecast(without).memory_bytes == 3 * once
    assert forecast(run).memory_bytes == 3 * once + alone - once


def test_a_forecast_counts_completions_by_arm(run: Run) -> None:
    found = forecast(run)
    assert found.cases == 2 * 6 + 2 * 6  # two arms, two further scales
    assert found.bare_cases == 2 * 6 + 2 * 100
