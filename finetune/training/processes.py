"""The processes that train together: one, or those that `accelerate launch` has started.

Each has the whole model and a share of every step's examples. The adapters are small, so their
gradients are summed in one message, and nothing of the model needs wrapping.
"""

from collections.abc import Sequence
from typing import TypeVar

import torch
from accelerate import PartialState
from accelerate.utils import broadcast_object_list, reduce

T = TypeVar("T")


class Processes:
    """What this process is among them, and how they speak."""

    def __init__(self, *, is_cpu: bool) -> None:
        """Join the others, if there are any; on a GPU each process has its own."""
        self._state = PartialState(cpu=is_cpu)
        self.rank = self._state.process_index
        self.count = self._state.num_processes
        self.device = str(self._state.device)

    def sum(self, tensors: Sequence[torch.Tensor]) -> None:
        """Add up each tensor over all processes, in place."""
        if self.count == 1:
            return
        flat = torch.cat([tensor.flatten() for tensor in tensors])
        parts = reduce(flat, "sum").split([tensor.numel() for tensor in tensors])
        for tensor, part in zip(tensors, parts, strict=True):
            tensor.copy_(part.view_as(tensor))

    def of_first(self, value: T) -> T:
        """What the first process has for `value`."""
        if self.count == 1:
            return value
        shared = [value]
        broadcast_object_list(shared)
        return shared[0]
