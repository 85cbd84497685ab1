"""The batch-invariant int8 product by machine code of our own (see `vnni`).

The numbers are those of `linear.FbgemmLinear` but for float rounding: each row of activations is
divided by its largest magnitude and rounded to 8 bits, weights have one scale per output channel.
Here one call does all of it, the root-mean-square norm before a product included, and weights lie
in large pages: looking up a small page for every four weight rows costs a tenth of the bandwidth.
"""

import ctypes
import mmap
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch
from llvmlite import binding as llvm

from codegen_lsp.engine import vnni
from codegen_lsp.engine.linear import QUANTISED_ELEMENTS, Norm, quantise_channels
from codegen_lsp.engine.vector_ir import Compiled, compile_function
from codegen_lsp.errors import UsageError

_LARGE_PAGE = 1 << 21
_REGION = 1 << 26  # an address range costs nothing until it is written
_CACHE_LINE = 64
_ROW_STEP = 16  # inputs that the widest vector quantises at once


def host_lanes() -> int:
    """32-bit lanes of the widest `vpdpbusd` of this CPU; 0 if it has none."""
    features = llvm.get_host_cpu_features()
    if features.get("avx512vnni"):
        return 16
    return 8 if features.get("avxvnni") else 0


def is_available() -> bool:
    """Whether this CPU has the instructions and torch runs on an OpenMP that we can join."""
    return host_lanes() > 0 and openmp() is not None


class VnniLinear:
    """A batch-invariant int8 product, float32 in and out; of normed rows if a `norm` is given.

    Not safe for concurrent use. `lanes` is given by tests only.
    """

    def __init__(
        self,
        weight: torch.Tensor,
        bias: torch.Tensor | None,
        norm: Norm | None = None,
        lanes: int | None = None,
    ) -> None:
        runtime = openmp()
        if runtime is None:
            raise ValueError("torch's OpenMP runtime was not found: ask is_available() first")
        if weight.shape[1] % _ROW_STEP:
            raise UsageError(
                f"--precision int8 takes layers whose width is a multiple of {_ROW_STEP}, and this"
                f" model has one of {weight.shape[1]}: use --precision bf16"
            )
        lanes = lanes or host_lanes()
        self._parallel = runtime.parallel
        with _compiling:
            self._product = _compile_product(lanes, runtime.addresses)
        self._threads = torch.get_num_threads()
        self._out_features, self._in_features = weight.shape
        self.weight_bytes = weight.numel()
        self._tensors = [*_pack(weight, bias, vnni.PANEL_VECTORS * lanes), _norm_data(norm)]
        self._task = (ctypes.c_int64 * len(vnni.TASK_FIELDS))(
            *(0 if tensor is None else tensor.data_ptr() for tensor in self._tensors),
            self._in_features,
            self._out_features,
        )
        self._task_address = ctypes.addressof(self._task)

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """Map rows `x` (rows, in_features) to (rows, out_features)."""
        rows, x = x.shape[0], x.contiguous()
        codes = torch.empty(rows * (self._in_features + vnni.SCALE_BYTES), dtype=torch.uint8)
        y = torch.empty(rows, self._out_features)
        self._task[7:] = [x.data_ptr(), codes.data_ptr(), y.data_ptr(), rows]
        self._parallel(self._product.address, self._task_address, self._threads, 0)
        return y


@dataclass(frozen=True)
class OpenMP:
    """How to run machine code on torch's threads; addresses of `vnni.OPENMP_FUNCTIONS`."""

    parallel: "ctypes._NamedFuncPointer"
    addresses: tuple[int, ...]


@cache
def openmp() -> OpenMP | None:
    """The runtime in torch's own folder: the one whose threads torch's operators use."""
    libraries = sorted((Path(torch.__file__).parent / "lib").glob("libgomp*.so.1"))
    if not libraries:
        return None
    library = ctypes.CDLL(str(libraries[0]))
    parallel = library.GOMP_parallel
    parallel.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint, ctypes.c_uint]
    parallel.restype = None
    functions = [getattr(library, name) for name in vnni.OPENMP_FUNCTIONS]
    addresses = [ctypes.cast(function, ctypes.c_void_p).value or 0 for function in functions]
    return OpenMP(parallel, tuple(addresses))


@cache
def _compile_product(lanes: int, openmp: tuple[int, ...]) -> Compiled:
    """The worker for vectors of `lanes`; `openmp` has the addresses of `vnni.OPENMP_FUNCTIONS`."""
    symbols = dict(zip(vnni.OPENMP_FUNCTIONS, openmp, strict=True))
    return compile_function(vnni.build(lanes), "worker", symbols)


class _LargePages:
    """Memory for tensors in large pages; a region is given back with its last tensor."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free = torch.empty(0, dtype=torch.uint8)

    def take(self, num_bytes: int) -> torch.Tensor:
        """A tensor (num_bytes,) of zero bytes that begins at a cache line."""
        size = -(-num_bytes // _CACHE_LINE) * _CACHE_LINE
        with self._lock:
            if self._free.numel() < size:
                self._free = _region(max(size, _REGION))
            taken, self._free = self._free[:size], self._free[size:]
        return taken[:num_bytes]


def _region(num_bytes: int) -> torch.Tensor:
    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS  # shared memory, the default, has small pages
    memory = mmap.mmap(-1, num_bytes + _LARGE_PAGE, flags=flags)
    if hasattr(mmap, "MADV_HUGEPAGE"):
        memory.madvise(mmap.MADV_HUGEPAGE)
    region = torch.frombuffer(memory, dtype=torch.uint8)
    return region[-region.data_ptr() % _LARGE_PAGE :]


_memory = _LargePages()
_compiling = threading.Lock()  # layers are loaded by several threads; one of them compiles


def _pack(
    weight: torch.Tensor, bias: torch.Tensor | None, panel: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Quantised panels (bytes), and offsets, scales and bias (floats or int32) per channel.

    Channels are filled up with zeros to whole panels. The offsets undo that codes of activations
    are 128 too large.
    """
    out_features, in_features = weight.shape
    num_panels, groups = -(-out_features // panel), in_features // vnni.GROUP
    packed = _memory.take(num_panels * panel * in_features).view(torch.int32)
    packed = packed.view(num_panels, groups, panel)
    constants = _memory.take(3 * 4 * num_panels * panel).view(3, -1)
    offsets, scales = constants[0].view(torch.int32), constants[1].view(torch.float32)
    added = constants[2].view(torch.float32)
    if bias is not None:
        added[:out_features] = bias
    panels = max(1, QUANTISED_ELEMENTS // in_features // panel)
    for first in range(0, num_panels, panels):
        channels = slice(first * panel, min((first + panels) * panel, out_features))
        codes = quantise_channels(weight[channels], scales[channels])
        torch.sum(codes, dim=1, dtype=torch.int32, out=offsets[channels]).mul_(-128)
        filled = torch.zeros(-(-len(codes) // panel) * panel, in_features, dtype=torch.int8)
        filled[: len(codes)] = codes
        columns = filled.view(torch.int32).view(-1, panel, groups)
        packed[first : first + panels] = columns.transpose(1, 2)
    return packed, offsets, scales, added


def _norm_data(norm: Norm | None) -> torch.Tensor | None:
    if norm is None:
        return None
    return torch.cat([norm.weight.float(), torch.tensor([norm.eps])])
