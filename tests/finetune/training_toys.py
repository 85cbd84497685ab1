"""What the tests of training share: random examples and a model of two numbers."""

import random
from collections.abc import Sequence
from pathlib import Path

import torch

from finetune.examples import Example

# On CPUs too it is this option that has accelerate start several processes.
LAUNCH_TWO = (
    "-m accelerate.commands.launch --multi_gpu --num_processes 2 --num_machines 1 "
    "--mixed_precision no --dynamo_backend no --main_process_port 0"
)


def example(length: int, num_labels: int, seed: int) -> Example:
    ids = tuple(random.Random(seed).choices(range(320), k=length))
    return Example(ids, num_labels, "a.py", "statement", has_context=False)


def epoch_of(count: int, epoch: int) -> list[Example]:
    """Short examples of many lengths, others in each epoch."""
    chance = random.Random(epoch)
    return [
        example(chance.randint(8, 40), chance.randint(1, 7), seed=epoch * 1000 + number)
        for number in range(count)
    ]


class Line:
    """A training model that learns `slope * x = 2 * x` for the first id of each example."""

    def __init__(self) -> None:
        self.slope = torch.nn.Parameter(torch.zeros(1))

    def loss(self, batch: Sequence[Example]) -> tuple[torch.Tensor, float]:
        xs = torch.tensor([example.ids[0] / 320 for example in batch])
        counts = torch.tensor([example.num_labels for example in batch])
        errors = (self.slope * xs - 2 * xs).square() * counts
        return errors.sum(), float(counts.sum())

    def parameters(self) -> list[torch.nn.Parameter]:
        return [self.slope]

    def state_dict(self) -> dict[str, torch.Tensor]:
        return {"slope": self.slope.detach().clone()}

    def load_state_dict(self, state: dict[str, torch.Tensor]) -> None:
        with torch.no_grad():
            self.slope.copy_(state["slope"])

    def save(self, folder: Path) -> None:
        raise NotImplementedError
