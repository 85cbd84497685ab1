"""The weights of a model as GGUF has them: other names, another order of rows, other types."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import gguf
import numpy as np
import torch

from codegen_lsp.engine.lean import LeanConfig
from codegen_lsp.errors import UsageError
from finetune.exporting.source import Source

_ARCHITECTURES = {"llama": gguf.MODEL_ARCH.LLAMA, "qwen2": gguf.MODEL_ARCH.QWEN2}
_CHUNK_VALUES = 1 << 24
"""Weights quantised at a time: 64 MiB as float32."""


@dataclass(frozen=True, slots=True)
class GgufTensor:
    """One tensor to write.

    Attributes:
        name: in GGUF.
        shape: as torch has it.
        quantisation: its type in the file.
        heads: of a Llama's queries or keys, whose rows GGUF has in another order; None else.
        weights: where its values are.
        source_name: its name there.
    """

    name: str
    shape: torch.Size
    quantisation: gguf.GGMLQuantizationType
    heads: int | None
    weights: Mapping[str, torch.Tensor]
    source_name: str

    def announce(self, writer: gguf.GGUFWriter) -> None:
        """Have `writer` list it in the file's header."""
        block, size = gguf.GGML_QUANT_SIZES[self.quantisation]
        num_bytes = self.shape.numel() // block * size
        type_before = np.dtype(np.float32)
        writer.add_tensor_info(self.name, self.shape, type_before, num_bytes, self.quantisation)

    def pieces(self) -> Iterator[bytes]:
        """Its bytes, some rows at a time."""
        tensor = self.weights[self.source_name]
        if self.heads is not None:
            tensor = interleave_halves(tensor, self.heads)
        rows = tensor.reshape(-1, self.shape[-1])
        for chunk in rows.split(max(1, _CHUNK_VALUES // self.shape[-1])):
            values = chunk.to(torch.float32).numpy()
            yield gguf.quantize(values, self.quantisation).tobytes()


def gguf_tensors(
    source: Source, sizes: LeanConfig, quantisation: gguf.GGMLQuantizationType
) -> list[GgufTensor]:
    """What the file of a Llama or Qwen2 model holds, matrices in the type `quantisation`.

    Raises:
        UsageError: the model has a tensor that its family has not.
    """
    names = gguf.get_tensor_name_map(_ARCHITECTURES[source.config["model_type"]], sizes.num_layers)
    tensors = []
    for source_name, shape in source.shapes.items():
        if source_name == "lm_head.weight" and source.config.get("tie_word_embeddings"):
            continue  # a copy of the embeddings, which readers take where there is none
        name = names.get_name(source_name, try_suffixes=(".weight", ".bias"))
        if name is None:
            raise UsageError(
                f"the tensor {source_name} of {source.model.name} has no place in a GGUF file;"
                " export it merged"
            )
        kind = _type_of(shape, quantisation)
        heads = _heads_of(source_name, source, sizes)
        tensors.append(GgufTensor(name, shape, kind, heads, source.tensors, source_name))
    return tensors


def interleave_halves(tensor: torch.Tensor, heads: int) -> torch.Tensor:
    """Order the rows (heads * head_dim, ...) as llama.cpp rotates those of a Llama.

    Hugging Face's Llama turns row i of a head with row i + head_dim / 2; llama.cpp's turns
    neighbours. (Its Qwen2 turns them as Hugging Face's does.)
    """
    halves = tensor.reshape(heads, 2, tensor.shape[0] // heads // 2, *tensor.shape[1:])
    return halves.transpose(1, 2).flatten(0, 2)


def _heads_of(source_name: str, source: Source, sizes: LeanConfig) -> int | None:
    if source.config["model_type"] != "llama":
        return None
    module = source_name.rpartition(".")[0].rpartition(".")[2]
    return {"q_proj": sizes.num_heads, "k_proj": sizes.num_kv_heads}.get(module)


def _type_of(
    shape: torch.Size, quantisation: gguf.GGMLQuantizationType
) -> gguf.GGMLQuantizationType:
    """The type of a tensor: as asked for a matrix whose rows are whole blocks."""
    if len(shape) == 1:
        return gguf.GGMLQuantizationType.F32
    is_whole = shape[-1] % gguf.GGML_QUANT_SIZES[quantisation][0] == 0
    return quantisation if is_whole else gguf.GGMLQuantizationType.F16
