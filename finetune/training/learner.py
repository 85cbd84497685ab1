"""One step of the optimiser: gradients of all its batches, summed over the processes."""

import math
import random

import torch

from codegen_lsp.errors import CodegenError
from finetune.training.base import TrainingModel
from finetune.training.batches import Step
from finetune.training.processes import Processes
from finetune.training.schedule import learning_rate_factor
from finetune.training.settings import TrainingSettings

_MOST_BAD_STEPS = 5


class Learner:
    """A model's adapter and its optimiser.

    Attributes:
        optimiser: AdamW on the adapter's parameters.
    """

    def __init__(
        self, model: TrainingModel, settings: TrainingSettings, processes: Processes
    ) -> None:
        self._model, self._settings, self._processes = model, settings, processes
        self._parameters = model.parameters()
        self._bad_steps = 0
        self.optimiser = torch.optim.AdamW(
            self._parameters,
            lr=settings.learning_rate,
            betas=(0.9, 0.95),
            weight_decay=settings.weight_decay,
            fused=True,
        )

    def learn(self, step: Step, index: int, done: float) -> float | None:
        """Make a step, unless its loss or gradient is not finite.

        Args:
            step: what is learned from.
            index: of the step in the run; dropout is drawn from it.
            done: share of the run that is over, by which the learning rate goes.

        Returns:
            The mean loss in nats; None where the step was left out.

        Raises:
            CodegenError: for several steps in a row it is not finite.
        """
        self._seed(index)
        loss = self._gradients(step)
        norm = torch.nn.utils.clip_grad_norm_(self._parameters, self._settings.gradient_norm)
        is_good = math.isfinite(loss) and bool(torch.isfinite(norm))
        if is_good:
            self._update(learning_rate_factor(index, done))
        self._bad_steps = 0 if is_good else self._bad_steps + 1
        self.optimiser.zero_grad()
        if self._bad_steps >= _MOST_BAD_STEPS:
            raise CodegenError(
                f"the loss was not finite in {_MOST_BAD_STEPS} steps in a row, up to step "
                f"{index + 1}: lower learning_rate"
            )
        return loss if is_good else None

    def _seed(self, index: int) -> None:
        # Dropout hangs on nothing but this, so a run that is taken up draws what it would have.
        drawn = f"{self._settings.seed} {index} {self._processes.rank}"
        torch.manual_seed(random.Random(drawn).getrandbits(63))

    def _gradients(self, step: Step) -> float:
        """Fill in the gradients of the step's mean loss, which is returned."""
        loss = torch.zeros((), device=self._parameters[0].device)
        for batch in step.batches:
            total = self._model.loss(batch)[0] / step.weight
            total.backward()
            loss += total.detach()
        for parameter in self._parameters:
            if parameter.grad is None:  # a process may have no example in a small last step
                parameter.grad = torch.zeros_like(parameter)
        gradients = [parameter.grad for parameter in self._parameters if parameter.grad is not None]
        self._processes.sum([loss, *gradients])
        return loss.item()

    def _update(self, factor: float) -> None:
        for group in self.optimiser.param_groups:
            group["lr"] = self._settings.learning_rate * factor
        self.optimiser.step()
