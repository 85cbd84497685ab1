"""Cross-entropy of the labelled rows alone, in chunks, with its gradient computed on the way.

A vocabulary of 152,000 makes the logits the largest tensor of a pass: 0.6 MB a row in float32. They
are needed only where a label is, and only until the gradient of their row is known.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch.nn import functional

from finetune.examples import Example

ROWS = 128
"""At a time: 80 MB of float32 logits of Qwen's vocabulary."""


def batch_loss(
    hidden: torch.Tensor, head: torch.Tensor, batch: Sequence[Example]
) -> tuple[torch.Tensor, float]:
    """Sum of the weighted losses of all ids of `batch` that are predicted, and of the weights.

    Args:
        hidden: the rows that predict them, one after the other.
        head: the frozen output head (vocabulary, hidden), in the type of `hidden`.
        batch: the examples.
    """
    ids = [id_ for example in batch for id_ in example.ids[-example.num_predicted :]]
    weights = [weight for example in batch for weight in example.weights]
    labels = torch.tensor(ids, device=hidden.device)
    loss = label_loss(hidden, head, labels, torch.tensor(weights, device=hidden.device))
    return loss, sum(weights)


def label_loss(
    hidden: torch.Tensor, head: torch.Tensor, labels: torch.Tensor, weights: torch.Tensor
) -> torch.Tensor:
    """Weighted sum of the negative log-likelihoods of `labels` (n,), in nats.

    Args:
        hidden: rows (n, hidden) that predict the labels.
        head: the frozen output head (vocabulary, hidden), in the type of `hidden`.
        labels: ids.
        weights: of each label (n,), float32.
    """
    result: torch.Tensor = _LabelLoss.apply(  # type: ignore[no-untyped-call]
        hidden, head, labels, weights
    )
    return result


class _LabelLoss(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        hidden: torch.Tensor,
        head: torch.Tensor,
        labels: torch.Tensor,
        weights: torch.Tensor,
    ) -> torch.Tensor:
        """Compute the loss, and at once the gradient of `hidden`."""
        total = torch.zeros((), device=hidden.device)
        gradient = torch.empty_like(hidden)
        parts = (each.split(ROWS) for each in (hidden, labels, weights[:, None], gradient))
        for rows, ids, of_rows, target in zip(*parts, strict=True):
            log_shares = torch.log_softmax(functional.linear(rows, head).float(), dim=-1)
            at_labels = log_shares.gather(1, ids[:, None])
            total -= (at_labels * of_rows).sum()
            shares = log_shares.exp_()
            shares.scatter_add_(1, ids[:, None], torch.full_like(at_labels, -1.0))
            target.copy_((shares.to(head.dtype) @ head).mul_(of_rows))
        ctx.save_for_backward(gradient)
        return total

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor, None, None, None]:
        """The gradient of the rows."""
        (gradient,) = ctx.saved_tensors
        return gradient * grad, None, None, None
