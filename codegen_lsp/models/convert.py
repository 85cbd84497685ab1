"""A GGUF file -> config, tokenizer and weights as `transformers` and the lean decoder load them.

Done once, when a model is fetched: unpacking the GGUF takes half a minute, opening the result
milliseconds. Weights become bfloat16. Only the Qwen2 architecture is known. The same GGUF always
gives the same bytes.
"""

import json
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import gguf
import numpy as np
import torch

from codegen_lsp.errors import ModelUnavailableError
from codegen_lsp.models.convert_tokenizer import write_tokenizer

CONVERTER_VERSION = 1
"""Raise it when the files written here change, so that `pull` converts again."""

WEIGHTS_FILE = "model.safetensors"

_CHUNK_VALUES = 1 << 24
"""Weights taken at a time: 64 MiB as float32."""

_TENSOR_NAMES = {
    "token_embd": "model.embed_tokens",
    "output_norm": "model.norm",
    "output": "lm_head",
}
_BLOCK_TENSOR_NAMES = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}


def convert(gguf_file: Path, folder: Path, advance: Callable[[int], None]) -> None:
    """Write config.json, tokenizer.json, tokenizer_config.json and model.safetensors into `folder`.

    Args:
        gguf_file: the model; it is only read.
        folder: an existing folder.
        advance: told of each number of GGUF tensor bytes dealt with.

    Raises:
        ModelUnavailableError: the architecture or the tokenizer is one that is not known here.
    """
    reader = gguf.GGUFReader(gguf_file)
    architecture = reader.fields["general.architecture"].contents()
    if architecture != "qwen2":
        raise ModelUnavailableError(
            f"{gguf_file.name} is a {architecture!r} model; only qwen2 GGUF files can be converted"
        )
    _write_config(reader, folder)
    write_tokenizer(reader.fields, folder)
    with (folder / WEIGHTS_FILE).open("wb") as file:
        _write_weights(reader.tensors, file, advance)


def tensor_name(gguf_name: str) -> str:
    """The name that `transformers` gives to the tensor `gguf_name`.

    Raises:
        ModelUnavailableError: the architecture has no such tensor.
    """
    stem, _, kind = gguf_name.rpartition(".")
    if stem in _TENSOR_NAMES:
        return f"{_TENSOR_NAMES[stem]}.{kind}"
    block, _, part = stem.removeprefix("blk.").partition(".")
    if stem.startswith("blk.") and part in _BLOCK_TENSOR_NAMES:
        return f"model.layers.{block}.{_BLOCK_TENSOR_NAMES[part]}.{kind}"
    raise ModelUnavailableError(f"the GGUF file holds an unexpected tensor, {gguf_name!r}")


def _write_config(reader: gguf.GGUFReader, folder: Path) -> None:
    def read(key: str) -> Any:
        return reader.fields[key].contents()

    config = {
        "architectures": ["Qwen2ForCausalLM"],
        "model_type": "qwen2",
        "dtype": "bfloat16",
        "vocab_size": len(reader.fields["tokenizer.ggml.tokens"].data),
        "hidden_size": read("qwen2.embedding_length"),
        "intermediate_size": read("qwen2.feed_forward_length"),
        "num_hidden_layers": read("qwen2.block_count"),
        "num_attention_heads": read("qwen2.attention.head_count"),
        "num_key_value_heads": read("qwen2.attention.head_count_kv"),
        "max_position_embeddings": read("qwen2.context_length"),
        "rms_norm_eps": _as_written(read("qwen2.attention.layer_norm_rms_epsilon")),
        "rope_theta": _as_written(read("qwen2.rope.freq_base")),
        "hidden_act": "silu",
        "tie_word_embeddings": all(tensor.name != "output.weight" for tensor in reader.tensors),
        "bos_token_id": read("tokenizer.ggml.bos_token_id"),
        "eos_token_id": read("tokenizer.ggml.eos_token_id"),
        "pad_token_id": read("tokenizer.ggml.padding_token_id"),
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


def _as_written(value: float) -> float:
    """The decimal number that was rounded to the float32 `value`: 1e-06, not 9.99999997e-07."""
    return float(str(np.float32(value)))


def _write_weights(
    tensors: list[gguf.ReaderTensor], file: BinaryIO, advance: Callable[[int], None]
) -> None:
    """Write a safetensors file piece by piece.

    `safetensors.torch.save_file` wants every tensor in memory at once, several times what reading
    one after another takes; the format is a length, a JSON header and the tensors' bytes.
    """
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    offset = 0
    for tensor in tensors:
        shape = [int(size) for size in reversed(tensor.shape)]  # GGUF lists the inner one first
        end = offset + 2 * int(tensor.n_elements)
        header[tensor_name(tensor.name)] = {
            "dtype": "BF16",
            "shape": shape,
            "data_offsets": [offset, end],
        }
        offset = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    file.write(struct.pack("<Q", len(text)) + text)
    for tensor in tensors:
        for data in _bfloat16_pieces(tensor):
            file.write(data)
        advance(int(tensor.n_bytes))


def _bfloat16_pieces(tensor: gguf.ReaderTensor) -> Iterator[bytes]:
    rows = tensor.data.reshape(-1, tensor.data.shape[-1])
    step = max(1, _CHUNK_VALUES // int(tensor.shape[0]))
    for start in range(0, len(rows), step):
        values = gguf.dequantize(rows[start : start + step], tensor.tensor_type)
        halves = torch.tensor(values).to(torch.bfloat16)
        yield halves.view(torch.int16).numpy().tobytes()
