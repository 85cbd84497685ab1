"""The examples of an epoch in optimiser steps, and each step's in batches that fit into memory.

Examples arrive in an order drawn for the epoch, and stay in it from step to step; only within a
step, whose gradients are summed anyway, sequences of like lengths are put together.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from codegen_lsp.errors import UsageError
from finetune.examples import Example
from finetune.training.settings import TrainingSettings


@dataclass(frozen=True, slots=True)
class Step:
    """What one step of the optimiser learns from.

    Attributes:
        batches: of this process.
        weight: of all labels in the batches of all processes; the step's loss is the mean by it.
        num_labels: the same without weights.
        num_tokens: of the batches of all processes.
    """

    batches: tuple[tuple[Example, ...], ...]
    weight: float
    num_labels: int
    num_tokens: int


def planned_steps(examples: Sequence[Example], settings: TrainingSettings) -> int:
    """How many steps a run makes at most, whose first epoch has `examples`.

    Raises:
        UsageError: there are none.
    """
    if not examples:
        raise UsageError(
            "there is nothing to learn: no file of the repository gives an example; "
            "`codegen-lsp finetune inspect` shows why"
        )
    of_epoch = -(-len(examples) // settings.sequences_per_step)
    planned = of_epoch * settings.max_epochs
    return planned if settings.max_steps is None else min(planned, settings.max_steps)


def steps_of(
    examples: Sequence[Example],
    *,
    sequences_per_step: int,
    tokens_per_batch: int,
    rank: int = 0,
    num_processes: int = 1,
) -> list[Step]:
    """Divide an epoch's examples; of each step process `rank` of `num_processes` gets its share.

    Args:
        examples: in the order in which they are to be learned.
        sequences_per_step: of all processes together; the last step takes what is left.
        tokens_per_batch: most of one batch, unless a single example has more.
        rank: from 0.
        num_processes: that share the work.
    """
    steps = []
    for members in _batched(examples, sequences_per_step):
        by_length = sorted(members, key=lambda example: len(example.ids))
        steps.append(
            Step(
                tuple(_filled(by_length[rank::num_processes], tokens_per_batch)),
                sum(sum(example.weights) for example in members),
                sum(example.num_predicted for example in members),
                sum(len(example.ids) for example in members),
            )
        )
    return steps


def _filled(examples: Sequence[Example], most: int) -> list[tuple[Example, ...]]:
    batches: list[list[Example]] = []
    room = 0
    for example in examples:
        length = len(example.ids)
        if not batches or length > room:
            batches.append([])
            room = most
        batches[-1].append(example)
        room -= length
    return [tuple(batch) for batch in batches]


def _batched(examples: Sequence[Example], size: int) -> list[Sequence[Example]]:
    return [examples[start : start + size] for start in range(0, len(examples), size)]
