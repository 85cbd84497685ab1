"""Cross-entropy of the labelled rows alone, in chunks, with its gradient computed on the way.

A vocabulary of 152,000 makes the logits the largest tensor of a pass: 0.6 MB a row in float32. They
are needed only where a label is, and only until the gradient of their row is known.
"""

from typing import Any

import torch
from torch.nn import functional

_ROWS = 128  # 80 MB of float32 logits of Qwen's vocabulary at a time


def label_loss(hidden: torch.Tensor, head: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Sum of the negative log-likelihoods of `labels` (n,), in nats.

    Args:
        hidden: rows (n, hidden) that predict the labels.
        head: the frozen output head (vocabulary, hidden), in the type of `hidden`.
        labels: ids.
    """
    result: torch.Tensor = _LabelLoss.apply(hidden, head, labels)  # type: ignore[no-untyped-call]
    return result


class _LabelLoss(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, hidden: torch.Tensor, head: torch.Tensor, labels: torch.Tensor
    ) -> torch.Tensor:
        """Compute the loss, and at once the gradient of `hidden`."""
        total = torch.zeros((), device=hidden.device)
        gradient = torch.empty_like(hidden)
        for rows, ids, target in zip(
            hidden.split(_ROWS), labels.split(_ROWS), gradient.split(_ROWS), strict=True
        ):
            log_shares = torch.log_softmax(functional.linear(rows, head).float(), dim=-1)
            at_labels = log_shares.gather(1, ids[:, None])
            total -= at_labels.sum()
            shares = log_shares.exp_()
            shares.scatter_add_(1, ids[:, None], torch.full_like(at_labels, -1.0))
            target.copy_(shares.to(head.dtype) @ head)
        ctx.save_for_backward(gradient)
        return total

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor, None, None]:
        """The gradient of the rows."""
        (gradient,) = ctx.saved_tensors
        return gradient * grad, None, None
