"""Matrix products of the lean decoder: plain, and int8 by FBGEMM whose rows do not see each other.

`vnni_linear` has a faster int8 product; FBGEMM's serves where that one does not run. It is
`quantized.linear_dynamic`: weights in int8 with one scale per output channel, packed once. The
operator quantises the whole activation tensor to its range, so a row's
result would depend on the rows beside it; dividing each row by its largest magnitude and appending
a *sentinel row* holding +1 and -1 makes that range the same for every call. Integer sums are exact,
hence a row's result is bit for bit the same alone and among others (design.md, section 3).
"""

import warnings
from dataclasses import dataclass
from typing import Protocol

import torch
from torch.nn import functional

SMALLEST_MAGNITUDE = 1e-12  # keeps a row of zeros from being divided by zero
INT8_MAX = 127.0
QUANTISED_ELEMENTS = 1 << 19
_PACKED_ROWS = 19_000  # FBGEMM packs an output head of 152,000 rows 2-3x as fast in eight blocks


class Linear(Protocol):
    """A product with a fixed matrix, and its cost in bytes read per pass."""

    weight_bytes: int

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """Map rows `x` (rows, in_features) to (rows, out_features)."""


@dataclass(frozen=True, slots=True)
class Norm:
    """A root-mean-square norm: its weight and what it adds to the mean square."""

    weight: torch.Tensor
    eps: float


class NormedLinear:
    """`linear` of rows normed by `norm`."""

    def __init__(self, linear: Linear, norm: Norm) -> None:
        self._linear = linear
        self._norm = norm
        self.weight_bytes = linear.weight_bytes

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """Map rows `x` (rows, in_features) to (rows, out_features)."""
        weight, eps = self._norm.weight, self._norm.eps
        return self._linear(functional.rms_norm(x, (x.shape[-1],), weight, eps))


class PlainLinear:
    """`x @ weight.T + bias` in the weight's own type."""

    def __init__(self, weight: torch.Tensor, bias: torch.Tensor | None) -> None:
        self.weight = weight
        self.bias = bias
        self.weight_bytes = weight.numel() * weight.element_size()

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """Map rows `x` (rows, in_features) to (rows, out_features)."""
        return functional.linear(x, self.weight, self.bias)


class FbgemmLinear:
    """The batch-invariant int8 product described at the top of this module; float32 in and out."""

    def __init__(self, weight: torch.Tensor, bias: torch.Tensor | None) -> None:
        # The bias stays outside the packed weight: inside it would be multiplied by the rows'
        # magnitudes along with everything else.
        self._packed = [_pack(block) for block in weight.split(_PACKED_ROWS)]
        self._bias = bias
        self._inputs = torch.empty(0, weight.shape[1])
        self.weight_bytes = weight.numel()

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """Map rows `x` (rows, in_features) to (rows, out_features)."""
        rows = x.shape[0]
        inputs = self._rows_with_sentinel(rows)
        magnitudes = x.abs().amax(dim=1, keepdim=True).clamp_min_(SMALLEST_MAGNITUDE)
        torch.div(x, magnitudes, out=inputs[:rows])
        products = self._products(inputs)[:rows]
        if self._bias is None:
            return products.mul_(magnitudes)
        return torch.addcmul(self._bias, products, magnitudes)

    def _products(self, inputs: torch.Tensor) -> torch.Tensor:
        blocks = [torch.ops.quantized.linear_dynamic(inputs, packed) for packed in self._packed]
        return blocks[0] if len(blocks) == 1 else torch.cat(blocks, dim=1)

    def _rows_with_sentinel(self, rows: int) -> torch.Tensor:
        """A buffer (rows + 1, in_features) whose last row is the sentinel, kept for next time."""
        if self._inputs.shape[0] != rows + 1:
            self._inputs = self._inputs.new_zeros(rows + 1, self._inputs.shape[1])
            self._inputs[rows, 0], self._inputs[rows, 1] = 1.0, -1.0
        return self._inputs


def _pack(weight: torch.Tensor) -> object:
    """Quantise `weight` (out, in) per output channel and pack it for FBGEMM."""
    scales = torch.empty(weight.shape[0])
    quantised = torch.empty(weight.shape, dtype=torch.int8)
    rows = max(1, QUANTISED_ELEMENTS // weight.shape[1])
    for source, target, scale in zip(
        weight.split(rows), quantised.split(rows), scales.split(rows), strict=True
    ):
        target.copy_(quantise_channels(source, scale))
    zero_points = torch.zeros(weight.shape[0], dtype=torch.long)
    with warnings.catch_warnings():
        # The quantised tensor type is deprecated; the operator that takes it is not.
        warnings.simplefilter("ignore", UserWarning)
        tensor = torch._make_per_channel_quantized_tensor(
            quantised, scales.double(), zero_points, axis=0
        )
    torch.backends.quantized.engine = "fbgemm"
    return torch.ops.quantized.linear_prepack(tensor, None)


def quantise_channels(weight: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    """Symmetric int8 codes of `weight` (channels, in); their scales into `scale` (channels,).

    At most `QUANTISED_ELEMENTS` at a time, or the float32 copy leaves the CPU's cache.
    """
    block = weight.to(torch.float32, copy=True)
    # Not aminmax, which alone takes as long as all the rest together.
    torch.amax(block.abs(), dim=1, out=scale).div_(INT8_MAX).clamp_min_(SMALLEST_MAGNITUDE)
    return block.div_(scale[:, None]).round_().to(torch.int8)
