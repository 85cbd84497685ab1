"""Runs that are stopped in every way and taken up again."""

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from codegen_lsp.errors import DamagedModelError, DiskFullError
from finetune.training.checkpoints import (
    CHECKPOINT_FILE,
    Position,
    read_checkpoint,
    save_checkpoint,
    take_up,
)
from finetune.training.settings import Measured
from tests.engine.tiny_models import lean_configs, save_tiny_model
from tests.finetune.training_toys import LAUNCH_TWO, Line

RUN = Path(__file__).with_name("training_run.py")


def optimiser_of(model: Line) -> torch.optim.Optimizer:
    return torch.optim.AdamW(model.parameters(), lr=0.1)


def stepped() -> tuple[Line, torch.optim.Optimizer]:
    model = Line()
    optimiser = optimiser_of(model)
    (model.slope * 3).backward()
    optimiser.step()
    return model, optimiser


def test_state_comes_back_as_it_was(tmp_path: Path) -> None:
    model, optimiser = stepped()
    position = Position(
        step=4,
        max_steps=30,
        elapsed_s=12.5,
        losses=[1.5, None, 0.5],
        validations={2: Measured(exact_match=0.25, value=0.2)},
        best_step=2,
        ended_by="time",
    )
    save_checkpoint(tmp_path, model, optimiser, position, {"seed": 1})
    found = read_checkpoint(tmp_path, {"seed": 1})
    assert found is not None
    other = Line()
    taken_up = optimiser_of(other)
    assert take_up(found, other, taken_up) == position
    for each, its_optimiser in ((model, optimiser), (other, taken_up)):
        its_optimiser.zero_grad()
        (each.slope * 2).backward()
        its_optimiser.step()
    assert other.slope == model.slope


def test_nothing_saved_yet_is_no_error(tmp_path: Path) -> None:
    assert read_checkpoint(tmp_path, {}) is None


@pytest.mark.parametrize("damage", [b"", b"no safetensors", None])
def test_a_damaged_file_is_named(tmp_path: Path, damage: bytes | None) -> None:
    model, optimiser = stepped()
    save_checkpoint(tmp_path, model, optimiser, Position(), {})
    file = tmp_path / CHECKPOINT_FILE
    file.write_bytes(file.read_bytes()[:-5] if damage is None else damage)
    with pytest.raises(DamagedModelError, match=r"checkpoint\.safetensors is damaged"):
        read_checkpoint(tmp_path, {})


def test_a_full_disk_leaves_the_checkpoint_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, optimiser = stepped()
    save_checkpoint(tmp_path, model, optimiser, Position(step=1), {})

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFullError, match=r"checkpoint.* cannot be written: No space.*make room"):
        save_checkpoint(tmp_path, model, optimiser, Position(step=2), {})
    monkeypatch.undo()
    found = read_checkpoint(tmp_path, {})
    assert found is not None
    assert found.position.step == 1
    assert [file.name for file in tmp_path.iterdir()] == [CHECKPOINT_FILE]


def start(base: Path, folder: Path, *options: str, launch: str = "") -> subprocess.Popen[str]:
    command = [sys.executable, *launch.split(), str(RUN), str(base), str(folder), *options]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    root = Path(__file__).parents[2]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=root)


def lines(process: subprocess.Popen[str]) -> Iterator[str]:
    assert process.stdout is not None
    yield from process.stdout


def ended(base: Path, folder: Path, *options: str, launch: str = "") -> tuple[int, list[float]]:
    """The exit status of a run, and the loss that it says at each of its steps."""
    with start(base, folder, *options, launch=launch) as process:
        losses = [float(line.split()[2]) for line in lines(process) if line.startswith("step ")]
    return process.returncode, losses


def finished(
    base: Path, folder: Path, *options: str, launch: str = ""
) -> tuple[dict[str, Any], list[float]]:
    """The adapter at the end of a run, and the losses."""
    status, losses = ended(base, folder, *options, launch=launch)
    assert status == 0
    return adapter_of(folder, 0), losses


def adapter_of(folder: Path, rank: int) -> dict[str, Any]:
    return load_file(folder / f"adapter-{rank}" / "adapter_model.safetensors")


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(lean_configs()["qwen2"], tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def uninterrupted(
    base: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Any], list[float]]:
    return finished(base, tmp_path_factory.mktemp("whole"))


def test_a_killed_run_ends_with_the_same_bits(
    base: Path, uninterrupted: tuple[dict[str, Any], list[float]], tmp_path: Path
) -> None:
    for stop_at in ("step 3", "step 9"):  # in the first epoch and in the second
        with start(base, tmp_path) as process:
            for line in lines(process):
                if line.startswith(stop_at):
                    process.send_signal(signal.SIGKILL)
                    break
        assert process.returncode == -signal.SIGKILL
    adapter, losses = finished(base, tmp_path)
    whole, all_losses = uninterrupted
    assert 0 < len(losses) < len(all_losses)
    assert losses == all_losses[-len(losses) :]
    assert same(adapter, whole)


def test_two_processes_learn_what_one_does(
    base: Path, uninterrupted: tuple[dict[str, Any], list[float]], tmp_path: Path
) -> None:
    shared, losses = finished(base, tmp_path, launch=LAUNCH_TWO)
    with safe_open(tmp_path / CHECKPOINT_FILE, framework="pt") as file:
        assert json.loads(file.metadata()["settings"])["processes"] == 2
    whole, all_losses = uninterrupted
    assert losses == pytest.approx(all_losses, rel=1e-3)
    for name, tensor in whole.items():
        torch.testing.assert_close(shared[name], tensor, rtol=1e-2, atol=1e-4)


def test_only_the_first_of_two_processes_needs_the_run_s_folder(base: Path, tmp_path: Path) -> None:
    """As on two machines; what the first has, its best adapter too, is sent to the other."""
    others = tmp_path / "others"
    options = f"--folder-of-others {others} --dropout 0.3 --best-step 9".split()
    whole, losses = finished(base, tmp_path / "whole", *options, launch=LAUNCH_TWO)
    folder = tmp_path / "stopped"
    status, _ = ended(base, folder, *options, "--die-at", "6", launch=LAUNCH_TWO)
    assert status != 0
    adapter, rest = finished(base, folder, *options, launch=LAUNCH_TWO)
    assert rest == losses[5:]
    assert same(adapter, whole)
    assert same(adapter_of(folder, 1), whole)
    assert not others.exists()
