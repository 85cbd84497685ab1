"""A model, with an adapter in it or without, as a GGUF file for llama.cpp and Ollama.

The layout is that of llama.cpp's own converter (`LlamaModel` and `Qwen2Model` there), for the two
families that the lean decoder knows.
"""

from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO, Literal

import gguf

from codegen_lsp.engine.lean import LeanConfig
from codegen_lsp.errors import UsageError
from codegen_lsp.models import catalogue
from codegen_lsp.models.store import ModelFolder
from finetune.exporting.gguf_tensors import GgufTensor, gguf_tensors
from finetune.exporting.gguf_tokenizer import add_tokenizer
from finetune.exporting.source import Source, open_source
from finetune.exporting.targets import new_target

Kind = Literal["q8_0", "f16", "bf16"]

_TYPES = {
    "q8_0": (gguf.GGMLQuantizationType.Q8_0, gguf.LlamaFileType.MOSTLY_Q8_0),
    "f16": (gguf.GGMLQuantizationType.F16, gguf.LlamaFileType.MOSTLY_F16),
    "bf16": (gguf.GGMLQuantizationType.BF16, gguf.LlamaFileType.MOSTLY_BF16),
}
KINDS: tuple[Kind, ...] = ("q8_0", "f16", "bf16")


def export_gguf(
    model: ModelFolder,
    adapter_folder: Path | None,
    out_file: Path,
    *,
    kind: Kind = "q8_0",
    scale: float = 1.0,
) -> None:
    """Write the model to the new GGUF file `out_file`.

    Args:
        model: the adapter's base.
        adapter_folder: holds the adapter to merge into it; None for the model as it is.
        out_file: is made.
        kind: of the matrices; vectors are float32.
        scale: by how much what the adapter adds is multiplied.

    Raises:
        UsageError: `out_file` exists or cannot be written, the scale is out of range, the adapter
            is for another model or prompt format, or the model is of a family or has a tokenizer
            that is not known here.
        DamagedModelError: files of the model or the adapter are missing, truncated or altered.
        DiskFullError: there is no room for it.
    """
    source = open_source(model, adapter_folder, scale)
    sizes = LeanConfig.read(source.config)
    if sizes is None:
        raise UsageError(
            f"{model.name} is a {source.config.get('model_type')} model, or its positions are"
            " scaled in a way that is not known here; only Llama and Qwen2 models can be exported"
            " as GGUF: export it merged and use llama.cpp's converter"
        )
    quantisation, file_type = _TYPES[kind]
    tensors = gguf_tensors(source, sizes, quantisation)
    with new_target(out_file) as part:
        writer = gguf.GGUFWriter(part, source.config["model_type"])
        _add_description(writer, source, file_type)
        _add_sizes(writer, source.config, sizes)
        add_tokenizer(writer, source)
        for tensor in tensors:
            tensor.announce(writer)
        _write_header(writer)
        with part.open("ab") as stream:
            for tensor in tensors:
                _write_tensor(stream, tensor)


def _add_description(
    writer: gguf.GGUFWriter, source: Source, file_type: gguf.LlamaFileType
) -> None:
    writer.add_type("model")
    writer.add_name(source.name)
    writer.add_file_type(file_type)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    if source.adapter is not None:
        writer.add_finetune(source.adapter.id)
    entry = catalogue.find(source.model.name)
    if entry is not None:
        writer.add_license(entry.licence)


def _add_sizes(writer: gguf.GGUFWriter, config: dict[str, Any], sizes: LeanConfig) -> None:
    writer.add_block_count(sizes.num_layers)
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(sizes.hidden_size)
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(sizes.num_heads)
    writer.add_head_count_kv(sizes.num_kv_heads)
    writer.add_key_length(sizes.head_dim)
    writer.add_value_length(sizes.head_dim)
    writer.add_layer_norm_rms_eps(sizes.rms_norm_eps)
    writer.add_rope_dimension_count(sizes.head_dim)
    writer.add_rope_freq_base(sizes.rope_theta)
    if sizes.rope_factor != 1.0:
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(sizes.rope_factor)


def _write_header(writer: gguf.GGUFWriter) -> None:
    with closing(writer):
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_ti_data_to_file()


def _write_tensor(stream: BinaryIO, tensor: GgufTensor) -> None:
    # Not the writer's own function: it keeps a tensor whole, and numpy's `tofile` beneath it does
    # not say when the disk is full.
    stream.write(bytes(-stream.tell() % gguf.GGUF_DEFAULT_ALIGNMENT))
    for piece in tensor.pieces():
        stream.write(piece)
    stream.write(bytes(-stream.tell() % gguf.GGUF_DEFAULT_ALIGNMENT))
