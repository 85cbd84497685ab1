"""The processes that train together: one, or those that `accelerate launch` has started.

Each has the whole model and a share of every step's examples. The adapters are small, so their
gradients are summed in one message, and nothing of the model needs wrapping. Only the first reads
and writes the run's folder; the others are sent what it holds, so they may be on other machines.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar

import torch
from accelerate import PartialState
from accelerate.utils import broadcast_object_list, reduce

from codegen_lsp.errors import UsageError

T = TypeVar("T")

_LONGEST_WAIT = timedelta(days=1)  # for the first process, which indexes and validates meanwhile


class Processes:
    """What this process is among them, and how they speak."""

    def __init__(self, device: str) -> None:
        """Join the others, if there are any.

        Args:
            device: to train on, as `load.choose_device` gives it; of several processes on "cuda"
                each has its own.

        Raises:
            UsageError: several processes are to share one GPU.
        """
        is_cpu = torch.device(device).type == "cpu"
        self._state = PartialState(cpu=is_cpu, timeout=_LONGEST_WAIT)
        self.rank = self._state.process_index
        self.count = self._state.num_processes
        if self.count > 1 and torch.device(device).index is not None:
            raise UsageError(
                f"--device {device} is one GPU, and there are {self.count} processes: give cuda, "
                "so that each takes its own"
            )
        self.device = device if self.count == 1 else str(self._state.device)

    def sum(self, tensors: Sequence[torch.Tensor]) -> None:
        """Add up each tensor over all processes, in place."""
        if self.count == 1:
            return
        flat = torch.cat([tensor.flatten() for tensor in tensors])
        parts = reduce(flat, "sum").split([tensor.numel() for tensor in tensors])
        for tensor, part in zip(tensors, parts, strict=True):
            tensor.copy_(part.view_as(tensor))

    def of_first(self, find: Callable[[], T]) -> T:
        """What `find` gives in the first process; only there it is called."""
        if self.count == 1:
            return find()
        shared: list[Any] = [find() if self.rank == 0 else None]
        broadcast_object_list(shared)
        found: T = shared[0]
        return found

    def in_turn(self, work: Callable[[], T]) -> T:
        """Do `work` in the first process, then in the first of each machine, then in the others.

        So that processes which share a disk find there what the first has written.
        """
        turn = 0 if self.rank == 0 else 1 if self._state.local_process_index == 0 else 2
        for _ in range(turn):
            self._state.wait_for_everyone()
        result = work()
        for _ in range(turn, 2):
            self._state.wait_for_everyone()
        return result
