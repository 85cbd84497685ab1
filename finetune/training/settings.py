"""What a run is asked to do, and what it tells while it does it."""

from dataclasses import dataclass
from typing import Literal

Ending = Literal["steps", "time", "no gain"]
"""Why a run is over."""


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """How an adapter is trained; the defaults' sources are in the README.

    Attributes:
        learning_rate: its highest value.
        weight_decay: of AdamW.
        gradient_norm: longer gradients are scaled down to it.
        sequences_per_step: examples per step of the optimiser.
        tokens_per_batch: read at once; fewer take less memory.
        max_epochs: after which a run ends.
        max_steps: after which it ends, if it is sooner.
        time_limit_s: after which it ends; room is left for a validation like the one before.
        validate_steps: steps between validations.
        patience: validations without a gain after which a run ends.
        checkpoint_s: seconds between checkpoints.
        seed: of dropout; the examples' and the adapter's are their own.
    """

    learning_rate: float = 2e-4
    weight_decay: float = 0.05
    gradient_norm: float = 1.0
    sequences_per_step: int = 4
    tokens_per_batch: int = 512
    max_epochs: int = 10
    max_steps: int | None = None
    time_limit_s: float | None = 3600.0
    validate_steps: int = 80
    patience: int = 3
    checkpoint_s: float = 120.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run is: `loss` is the mean of the last steps, `steps` is how many it may take."""

    step: int
    steps: int
    epoch: int
    loss: float
    tokens_per_s: float
    seconds_left: float


@dataclass(frozen=True, slots=True)
class Measured:
    """What a validation has found.

    Attributes:
        exact_match: share of the held-out cases that are completed right.
        value: by which adapters are compared, higher is better: minus the mean negative
            log-likelihood of what was to be written, in nats.
    """

    exact_match: float
    value: float
