"""Products of rows with frozen weights, and with low-rank adapters beside them.

The base's weights get no gradient, so all that its part of the backward pass computes is the
gradient of the rows. Where the CPU has VNNI, both products of the base are those of the server,
`VnniLinear`, with weights and rows in int8: twice as fast as bf16, and the adapter is trained on
the numbers that it will be served with. For the gradient that is SwitchBack (Wortsman et al. 2023,
arXiv 2304.13013): rows rounded to 8 bits for the gradient of the rows, 16 bits for the weights',
here the adapter's.
"""

from typing import Any, Protocol

import torch
from torch.nn import functional

from codegen_lsp.engine.vnni_linear import VnniLinear


class Frozen(Protocol):
    """A product with a matrix (out, in) that does not change."""

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """Map rows `x` (T, in) to (T, out), in the type of `x`."""

    def backward(self, grad: torch.Tensor) -> torch.Tensor:
        """Map the gradient (T, out) of the results to that of the rows, (T, in)."""


class PlainFrozen:
    """`x @ weight.T + bias` in the weight's own type."""

    def __init__(self, weight: torch.Tensor, bias: torch.Tensor | None) -> None:
        self._weight, self._bias = weight, bias

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """Map rows `x` (T, in) to (T, out)."""
        return functional.linear(x, self._weight, self._bias)

    def backward(self, grad: torch.Tensor) -> torch.Tensor:
        """Map the gradient (T, out) of the results to that of the rows, (T, in)."""
        return grad @ self._weight


class Int8Frozen:
    """The same with weights and rows in int8; the weights are kept in both directions."""

    def __init__(self, weight: torch.Tensor, bias: torch.Tensor | None) -> None:
        self._forward = VnniLinear(weight, bias)
        self._backward = VnniLinear(weight.t().contiguous(), None)

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """Map rows `x` (T, in) to (T, out)."""
        return self._forward(x.float()).to(x.dtype)

    def backward(self, grad: torch.Tensor) -> torch.Tensor:
        """Map the gradient (T, out) of the results to that of the rows, (T, in)."""
        return self._backward(grad.float()).to(grad.dtype)


class LoraProduct(torch.nn.Module):
    """A frozen product of several fused projections, each with its adapter B A.

    Attributes:
        a: the projections' A below one another, (projections * rank, in), float32.
        bs: B of each projection, (out, rank), float32.
    """

    def __init__(
        self, frozen: Frozen, in_features: int, out_features: list[int], rank: int, scale: float
    ) -> None:
        super().__init__()
        self.frozen = frozen
        self.scale = scale
        self.dropout = 0.0
        self.a = torch.nn.Parameter(torch.empty(len(out_features) * rank, in_features))
        self.bs = torch.nn.ParameterList(torch.zeros(width, rank) for width in out_features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map rows `x` (T, in) to (T, out of all projections)."""
        kept = None
        if self.dropout > 0:
            kept = functional.dropout(torch.ones_like(x), self.dropout)
        factors = self.a, self.frozen, self.scale, kept, *self.bs
        result: torch.Tensor = _Product.apply(x, *factors)  # type: ignore[no-untyped-call]
        return result


class _Product(torch.autograd.Function):
    @staticmethod
    def forward(  # noqa: PLR0913, PLR0917 - what a product is made of
        ctx: Any,
        x: torch.Tensor,
        a: torch.Tensor,
        frozen: Frozen,
        scale: float,
        kept: torch.Tensor | None,
        *bs: torch.Tensor,
    ) -> torch.Tensor:
        """Add `scale * x A^T B^T` of each projection to its columns of the frozen product."""
        narrow_a, *narrow_bs = (factor.to(x.dtype) for factor in (a, *bs))
        result = frozen(x)
        inner = functional.linear(x if kept is None else x * kept, narrow_a).mul_(scale)
        for columns, low, b in _projections(result, inner, narrow_bs):
            columns.addmm_(low, b.t())
        ctx.save_for_backward(x, kept, inner, narrow_a, *narrow_bs)
        ctx.frozen, ctx.scale = frozen, scale
        return result

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        """The gradients of the rows, of A and of each B."""
        x, kept, inner, a, *bs = ctx.saved_tensors
        of_inner = torch.empty_like(inner)
        of_bs = []
        for (columns, low, b), of_low in zip(
            _projections(grad, inner, bs), of_inner.chunk(len(bs), dim=1), strict=True
        ):
            of_low.copy_(columns @ b)
            of_bs.append((columns.t() @ low).float())
        of_inner.mul_(ctx.scale)
        of_a = (of_inner.t() @ (x if kept is None else x * kept)).float()
        return _of_rows(ctx, grad, of_inner, a, kept), of_a, None, None, None, *of_bs


def _of_rows(
    ctx: Any,
    grad: torch.Tensor,
    of_inner: torch.Tensor,
    a: torch.Tensor,
    kept: torch.Tensor | None,
) -> torch.Tensor | None:
    if not ctx.needs_input_grad[0]:  # the embeddings are frozen
        return None
    result: torch.Tensor = ctx.frozen.backward(grad)
    if kept is None:
        return result.addmm_(of_inner, a)
    return result.addcmul_(of_inner @ a, kept)


def _projections(
    rows: torch.Tensor, inner: torch.Tensor, bs: list[torch.Tensor]
) -> list[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
    """Each projection's columns of `rows` and of the rank-wide `inner`, with its B."""
    columns = rows.split([b.shape[0] for b in bs], dim=1)
    return list(zip(columns, inner.chunk(len(bs), dim=1), bs, strict=True))
