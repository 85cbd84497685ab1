"""Which number format and device the decoder runs in, and why.

int8 pays only where the CPU multiplies bytes into 32-bit sums in one instruction (VNNI): without
it FBGEMM's kernel saturates 16-bit sums, and the results would be wrong rather than merely slow.
"""

from dataclasses import dataclass
from typing import Literal

import torch

from codegen_lsp.engine import vnni_linear
from codegen_lsp.errors import UsageError

Precision = Literal["int8", "bf16", "fp16", "fp32"]
PRECISION_CHOICES = ("auto", "int8", "bf16", "fp32")

DTYPES: dict[Precision, torch.dtype] = {
    "int8": torch.float32,  # the activations between the int8 products
    "bf16": torch.bfloat16,
    "fp16": torch.float16,
    "fp32": torch.float32,
}


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the model runs and in which precision."""

    device: str
    precision: Precision

    @property
    def dtype(self) -> torch.dtype:
        """Type of the activations and of the KV cache."""
        return DTYPES[self.precision]


def cpu_features() -> dict[str, bool]:
    """The instructions of this CPU that decide the precision."""
    capabilities = torch.cpu.get_capabilities()
    names = ("avx2", "avx512_f", "avx512_vnni", "avx512_bf16", "avx_vnni", "amx_int8", "bf16")
    return {name: bool(capabilities[name]) for name in names if name in capabilities}


def num_threads() -> int:
    """Threads that one operator of the decoder is spread over."""
    return torch.get_num_threads()


def choose_placement(requested: str = "auto") -> Placement:
    """The best placement for this machine, or the requested precision on it.

    Raises:
        UsageError: this machine cannot run the requested precision.
    """
    device = _device()
    best = _best_precision(device)
    if requested == "auto":
        return Placement(device, best)
    if requested not in PRECISION_CHOICES:
        raise UsageError(
            f"unknown precision {requested!r}: choose one of {', '.join(PRECISION_CHOICES)}"
        )
    if requested == "int8":
        if not _has_vnni():
            raise UsageError(
                f"--precision int8 needs a CPU with VNNI instructions: use --precision {best}"
            )
        return Placement("cpu", "int8")
    precision: Precision = "fp32" if requested == "fp32" else "bf16"
    return Placement(device, precision)


def _device() -> str:
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _best_precision(device: str) -> Precision:
    if device == "cuda":
        return "bf16" if torch.cuda.is_bf16_supported() else "fp16"
    if device == "mps":
        return "fp16"
    return "int8" if _has_vnni() else without_int8().precision


def without_int8() -> Placement:
    """The best placement on a CPU for a decoder that knows no int8."""
    return Placement("cpu", "bf16" if cpu_features().get("avx512_bf16", False) else "fp32")


def _has_vnni() -> bool:
    """Whether an int8 product of ours runs here: our own machine code, or FBGEMM's with AVX-512."""
    if vnni_linear.is_available():
        return True
    return "fbgemm" in torch.backends.quantized.supported_engines and cpu_features().get(
        "avx512_vnni", False
    )
