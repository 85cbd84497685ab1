"""A run's state in one file, from which it goes on as if it had never stopped.

One safetensors file: the adapter and the optimiser's moments as tensors, all else as JSON in its
header. It is replaced as a whole, so a run killed while saving still has the one before. The state
of random numbers is not in it: the loop seeds them at each step.
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from codegen_lsp.errors import DamagedModelError, UsageError
from finetune.training.base import TrainingModel
from finetune.training.settings import Ending, Measured
from finetune.training.writing import write_whole

CHECKPOINT_FILE = "checkpoint.safetensors"
_MOMENTS = ("step", "exp_avg", "exp_avg_sq")


@dataclass(slots=True)
class Position:
    """How far a run has come.

    Attributes:
        step: optimiser steps made.
        epoch: which is being learned, from 0.
        step_of_epoch: the next one in it.
        max_steps: after which it ends.
        elapsed_s: time it has taken, its interruptions left out.
        training_s: of that, spent in steps of the optimiser.
        validation_s: of that, spent in the last validation.
        peak_bytes: the most main memory that the first process has had.
        tokens: read, with those of prompts.
        labels: learned.
        losses: of each step, nats per label; None where it or a gradient was not finite.
        validations: by step.
        best_step: of the highest value; None before the first validation.
        ended_by: why the run is over; None while it is not.
    """

    step: int = 0
    epoch: int = 0
    step_of_epoch: int = 0
    max_steps: int = 0
    elapsed_s: float = 0.0
    training_s: float = 0.0
    validation_s: float = 0.0
    peak_bytes: int = 0
    tokens: int = 0
    labels: int = 0
    losses: list[float | None] = field(default_factory=list)
    validations: dict[int, Measured] = field(default_factory=dict)
    best_step: int | None = None
    ended_by: Ending | None = None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a run goes on from: its position, and the tensors of its adapter and optimiser."""

    position: Position
    tensors: dict[str, torch.Tensor]


def save_checkpoint(
    folder: Path,
    model: TrainingModel,
    optimiser: torch.optim.Optimizer,
    position: Position,
    settings: dict[str, Any],
) -> None:
    """Write all that `read_checkpoint` gives; `settings` are what the run must not differ in.

    Raises:
        DiskFullError: there is no room; the checkpoint before is untouched.
    """
    tensors = {f"adapter/{name}": tensor for name, tensor in model.state_dict().items()}
    for index, parameter in enumerate(model.parameters()):
        for moment, tensor in optimiser.state.get(parameter, {}).items():
            tensors[f"{moment}/{index}"] = tensor.detach().to("cpu", copy=True)
    contiguous = {name: tensor.contiguous() for name, tensor in tensors.items()}
    header = {"position": json.dumps(asdict(position)), "settings": _canonical(settings)}
    write_whole(folder / CHECKPOINT_FILE, save(contiguous, metadata=header))


def read_checkpoint(folder: Path, settings: dict[str, Any]) -> Checkpoint | None:
    """What `save_checkpoint` has written; None where nothing was saved yet.

    Raises:
        UsageError: the run was begun with other settings.
        DamagedModelError: the file is damaged.
    """
    path = folder / CHECKPOINT_FILE
    if not path.exists():
        return None
    try:
        with safe_open(path, framework="pt") as file:
            header = file.metadata()
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        position = _position(json.loads(header["position"]))
        begun_with = json.loads(header["settings"])
    except (SafetensorError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedModelError(f"{path} is damaged ({error}): remove it to begin anew") from error
    _compare(path, begun_with, json.loads(_canonical(settings)))
    return Checkpoint(position, tensors)


def take_up(
    checkpoint: Checkpoint, model: TrainingModel, optimiser: torch.optim.Optimizer
) -> Position:
    """Take the run's state back into `model` and `optimiser`.

    Raises:
        DamagedModelError: it is of another adapter.
    """
    adapter, tensors = "adapter/", checkpoint.tensors
    model.load_state_dict(
        {name.removeprefix(adapter): t for name, t in tensors.items() if name.startswith(adapter)}
    )
    for index, parameter in enumerate(model.parameters()):
        moments = {
            moment: tensors[f"{moment}/{index}"].to(parameter.device)
            for moment in _MOMENTS
            if f"{moment}/{index}" in tensors  # none before the first step
        }
        if moments:
            optimiser.state[parameter] = moments
    return checkpoint.position


def _position(stored: dict[str, Any]) -> Position:
    """A position from its JSON, in which the steps of validations are texts."""
    measured = stored.pop("validations").items()
    return Position(**stored, validations={int(step): Measured(**each) for step, each in measured})


def _compare(path: Path, begun_with: dict[str, Any], settings: dict[str, Any]) -> None:
    names = sorted(begun_with.keys() | settings.keys())
    changed = [name for name in names if begun_with.get(name) != settings.get(name)]
    if changed:
        raise UsageError(
            f"{path} is of a run with another {', '.join(changed)}: give the same again, or remove "
            f"{path.parent.parent} to begin anew"
        )


def _canonical(settings: dict[str, Any]) -> str:
    return json.dumps(settings, sort_keys=True)
