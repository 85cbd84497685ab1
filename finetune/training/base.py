"""What the training loop needs of a model, whichever implementation computes it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import torch

from finetune.examples import Example


class TrainingModel(Protocol):
    """A frozen base model with trainable adapters."""

    def loss(self, batch: Sequence[Example]) -> tuple[torch.Tensor, float]:
        """Sum of the weighted losses of what is predicted, in nats, and of the weights."""

    def parameters(self) -> list[torch.nn.Parameter]:
        """The trainable parameters, always in the same order."""

    def state_dict(self) -> dict[str, torch.Tensor]:
        """The adapter's tensors, float32 on the CPU, by the names under which peft stores them."""

    def load_state_dict(self, state: dict[str, torch.Tensor]) -> None:
        """Take back what `state_dict` gave."""

    def save(self, folder: Path) -> None:
        """Write the adapter into `folder` as peft does.

        Raises:
            DiskFullError: the disk has no room for it.
        """
