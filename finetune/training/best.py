"""The best adapter so far, in a file of its own that is named by its step.

A checkpoint names the step of the best, so the file is written before the checkpoint, and those of
earlier steps go after it: whenever a run is killed, the one that its checkpoint names is there.
"""

from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save

from codegen_lsp.errors import DamagedModelError
from finetune.training.writing import write_whole


def write_best(folder: Path, step: int, state: dict[str, torch.Tensor]) -> None:
    """Keep an adapter's tensors as those of `step`.

    Raises:
        DiskFullError: the disk has no room for them.
    """
    contiguous = {name: tensor.contiguous() for name, tensor in state.items()}
    write_whole(_file(folder, step), save(contiguous))


def read_best(folder: Path, step: int) -> dict[str, torch.Tensor]:
    """The adapter's tensors that were written for `step`.

    Raises:
        DamagedModelError: the file is missing or damaged.
    """
    file = _file(folder, step)
    try:
        return load_file(file)
    except (OSError, SafetensorError) as error:
        raise DamagedModelError(
            f"{file} is damaged ({error}): remove {folder} to begin anew"
        ) from error


def forget_others(folder: Path, step: int | None) -> None:
    """Remove all that was kept but what is of `step`."""
    for file in folder.glob(_file(folder, "*").name):
        if step is None or file != _file(folder, step):
            file.unlink()


def _file(folder: Path, step: int | str) -> Path:
    return folder / f"best-{step}.safetensors"
