"""A run's state in one file, from which it goes on as if it had never stopped.

One safetensors file: the adapter, the optimiser's moments and the state of the random numbers as
tensors, all else as JSON in its header. It is replaced as a whole, so a run killed while saving
still has the one before.
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
        tokens: read, with those of prompts.
        labels: learned.
        losses: of each step, nats per label.
        validations: step and value of each validation.
        best_step: of the highest value; None before the first validation.
    """

    step: int = 0
    epoch: int = 0
    step_of_epoch: int = 0
    max_steps: int = 0
    elapsed_s: float = 0.0
    tokens: int = 0
    labels: int = 0
    losses: list[float] = field(default_factory=list)
    validations: list[tuple[int, float]] = field(default_factory=list)
    best_step: int | None = None


def save_checkpoint(
    folder: Path,
    model: TrainingModel,
    optimiser: torch.optim.Optimizer,
    position: Position,
    settings: dict[str, Any],
) -> None:
    """Write all that `load_checkpoint` needs; `settings` are what the run must not differ in.

    Raises:
        DiskFullError: there is no room; the checkpoint before is untouched.
    """
    tensors = {f"adapter/{name}": tensor for name, tensor in model.state_dict().items()}
    for index, parameter in enumerate(model.parameters()):
        for moment, tensor in optimiser.state.get(parameter, {}).items():
            tensors[f"{moment}/{index}"] = tensor.detach().to("cpu", copy=True)
    tensors["random"] = torch.get_rng_state()
    contiguous = {name: tensor.contiguous() for name, tensor in tensors.items()}
    header = {"position": json.dumps(asdict(position)), "settings": _canonical(settings)}
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / CHECKPOINT_FILE, save(contiguous, metadata=header))


def load_checkpoint(
    folder: Path,
    model: TrainingModel,
    optimiser: torch.optim.Optimizer,
    settings: dict[str, Any],
) -> Position | None:
    """Take the run's state back into `model` and `optimiser`; None where nothing was saved yet.

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
        position = Position(**json.loads(header["position"]))
        begun_with = json.loads(header["settings"])
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise DamagedModelError(f"{path} is damaged ({error}): remove it to begin anew") from error
    _compare(path, begun_with, json.loads(_canonical(settings)))
    position.validations = [(step, value) for step, value in position.validations]
    _restore(model, optimiser, tensors)
    return position


def _restore(
    model: TrainingModel, optimiser: torch.optim.Optimizer, tensors: dict[str, torch.Tensor]
) -> None:
    adapter = "adapter/"
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
    torch.set_rng_state(tensors["random"])


def _compare(path: Path, begun_with: dict[str, Any], settings: dict[str, Any]) -> None:
    names = sorted(begun_with.keys() | settings.keys())
    changed = [name for name in names if begun_with.get(name) != settings.get(name)]
    if changed:
        raise UsageError(
            f"{path} is of a run with another {', '.join(changed)}: give the same again, or remove "
            "it to begin anew"
        )


def _canonical(settings: dict[str, Any]) -> str:
    return json.dumps(settings, sort_keys=True)
