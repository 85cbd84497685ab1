"""Steps between the products of a decoder layer, with gradients written by hand.

Each saves only what it was given and computes the rest anew when gradients are asked for: these
steps cost little time, and autograd would keep three to five tensors of a layer's widest size for
each. Rows are tokens of all sequences of a batch, one after the other.
"""

from typing import Any

import torch
from torch.nn import functional


def rms_norm(x: torch.Tensor, weight: torch.Tensor, eps: float, dtype: torch.dtype) -> torch.Tensor:
    """Rows (T, hidden) in float32 normed and multiplied by a frozen weight, in type `dtype`."""
    result: torch.Tensor = _RmsNorm.apply(x, weight, eps, dtype)  # type: ignore[no-untyped-call]
    return result


def swiglu(gate_up: torch.Tensor) -> torch.Tensor:
    """The gated activation: rows (T, 2 * width), gate before up, to `silu(gate) * up`."""
    result: torch.Tensor = _SwiGlu.apply(gate_up)  # type: ignore[no-untyped-call]
    return result


def rotate(heads: torch.Tensor, cosine: torch.Tensor, sine: torch.Tensor) -> torch.Tensor:
    """Rotary embeddings: heads (T, heads, head_dim) turned by their row's position, in float32.

    `cosine` and `sine` are those of the angles, (T, 1, head_dim / 2).
    """
    result: torch.Tensor = _Rotate.apply(heads, cosine, sine)  # type: ignore[no-untyped-call]
    return result


class _RmsNorm(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, x: torch.Tensor, weight: torch.Tensor, eps: float, dtype: torch.dtype
    ) -> torch.Tensor:
        """Compute `x / rms(x) * weight`."""
        ctx.save_for_backward(x, weight)
        ctx.eps = eps
        return functional.rms_norm(x, (x.shape[-1],), weight, eps).to(dtype)

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor, None, None, None]:
        """The gradient of the rows."""
        x, weight = ctx.saved_tensors
        inverse = torch.rsqrt(x.square().mean(-1, keepdim=True).add_(ctx.eps))
        normed = x * inverse
        scaled = grad.float() * weight
        along = (scaled * normed).mean(-1, keepdim=True)
        return scaled.sub_(normed.mul_(along)).mul_(inverse), None, None, None


class _SwiGlu(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, gate_up: torch.Tensor) -> torch.Tensor:
        """Compute the activation."""
        ctx.save_for_backward(gate_up)
        gate, up = gate_up.chunk(2, dim=-1)
        return functional.silu(gate).mul_(up)

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> torch.Tensor:
        """The gradient of gate and up."""
        (gate_up,) = ctx.saved_tensors
        gate, up = gate_up.chunk(2, dim=-1)
        result = torch.empty_like(gate_up)
        of_gate, of_up = result.chunk(2, dim=-1)
        torch.mul(grad, functional.silu(gate), out=of_up)
        torch.ops.aten.silu_backward.grad_input(grad * up, gate, grad_input=of_gate)
        return result


class _Rotate(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, heads: torch.Tensor, cosine: torch.Tensor, sine: torch.Tensor
    ) -> torch.Tensor:
        """Rotate."""
        ctx.save_for_backward(cosine, sine)
        ctx.dtype = heads.dtype
        return _rotated(heads.float(), cosine, sine)

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor, None, None]:
        """Rotate the gradient back."""
        cosine, sine = ctx.saved_tensors
        return _rotated(grad, cosine, -sine).to(ctx.dtype), None, None


def _rotated(heads: torch.Tensor, cosine: torch.Tensor, sine: torch.Tensor) -> torch.Tensor:
    first, second = heads.chunk(2, dim=-1)
    return torch.cat([first * cosine - second * sine, second * cosine + first * sine], dim=-1)
