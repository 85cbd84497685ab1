"""Runs that are stopped in every way and taken up again."""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from codegen_lsp.errors import DamagedModelError, DiskFullError
from finetune.training.checkpoints import (
    CHECKPOINT_FILE,
    Position,
    load_checkpoint,
    save_checkpoint,
)
from tests.engine.tiny_models import lean_configs, save_tiny_model
from tests.finetune.training_toys import Line

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
    torch.manual_seed(3)
    position = Position(4, 1, 2, 30, 12.5, 100, 10, [1.5, 0.5], [(2, 0.25)], 2)
    save_checkpoint(tmp_path, model, optimiser, position, {"seed": 1})
    drawn = torch.rand(3)
    other = Line()
    taken_up = optimiser_of(other)
    assert load_checkpoint(tmp_path, other, taken_up, {"seed": 1}) == position
    assert torch.equal(torch.rand(3), drawn)
    for each, its_optimiser in ((model, optimiser), (other, taken_up)):
        its_optimiser.zero_grad()
        (each.slope * 2).backward()
        its_optimiser.step()
    assert other.slope == model.slope


def test_nothing_saved_yet_is_no_error(tmp_path: Path) -> None:
    model = Line()
    assert load_checkpoint(tmp_path, model, optimiser_of(model), {}) is None


@pytest.mark.parametrize("damage", [b"", b"no safetensors", None])
def test_a_damaged_file_is_named(tmp_path: Path, damage: bytes | None) -> None:
    model, optimiser = stepped()
    save_checkpoint(tmp_path, model, optimiser, Position(), {})
    file = tmp_path / CHECKPOINT_FILE
    file.write_bytes(file.read_bytes()[:-5] if damage is None else damage)
    with pytest.raises(DamagedModelError, match=r"checkpoint\.safetensors is damaged"):
        load_checkpoint(tmp_path, model, optimiser, {})


def test_a_full_disk_leaves_the_checkpoint_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, optimiser = stepped()
    save_checkpoint(tmp_path, model, optimiser, Position(step=1), {})

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFullError, match=r"no room for .*checkpoint.*make room"):
        save_checkpoint(tmp_path, model, optimiser, Position(step=2), {})
    monkeypatch.undo()
    found = load_checkpoint(tmp_path, model, optimiser, {})
    assert found is not None
    assert found.step == 1
    assert [file.name for file in tmp_path.iterdir()] == [CHECKPOINT_FILE]


def start(base: Path, folder: Path, *launcher: str) -> subprocess.Popen[str]:
    command = [sys.executable, *launcher, str(RUN), str(base), str(folder)]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    root = Path(__file__).parents[2]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=root)


def lines(process: subprocess.Popen[str]) -> Iterator[str]:
    assert process.stdout is not None
    yield from process.stdout


def finished(base: Path, folder: Path, *launcher: str) -> tuple[dict[str, Any], list[float]]:
    """The adapter at the end of a run, and the loss of each of its steps."""
    with start(base, folder, *launcher) as process:
        losses = [float(line.split()[2]) for line in lines(process) if line.startswith("step ")]
    assert process.returncode == 0
    return load_file(folder / "adapter" / "adapter_model.safetensors"), losses


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
    assert adapter.keys() == whole.keys()
    for name, tensor in whole.items():
        assert torch.equal(adapter[name], tensor), name


def test_two_processes_learn_what_one_does(
    base: Path, uninterrupted: tuple[dict[str, Any], list[float]], tmp_path: Path
) -> None:
    launcher = "-m accelerate.commands.launch --cpu --num_processes 2 --mixed_precision no"
    shared, losses = finished(base, tmp_path, *launcher.split())
    whole, all_losses = uninterrupted
    assert losses == pytest.approx(all_losses, rel=1e-3)
    for name, tensor in whole.items():
        torch.testing.assert_close(shared[name], tensor, rtol=1e-2, atol=1e-4)
