"""A model with an adapter in its weights, as a Hugging Face folder.

What `transformers`, vLLM and `codegen-lsp --model` load. The tensors are written one after another,
so that memory holds only the largest of them.
"""

import json
import shutil
import struct
from pathlib import Path
from typing import Any

import torch
from huggingface_hub import split_torch_state_dict_into_shards

from codegen_lsp.models.store import ModelFolder
from finetune.exporting.card import merged_card
from finetune.exporting.source import Source, open_source
from finetune.exporting.targets import new_target

SHARD_BYTES = 5_000_000_000
_COPIED = (
    *("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"),
    *("vocab.json", "merges.txt", "tokenizer.model", "chat_template.jinja"),
    *("generation_config.json", "LICENSE"),
)


def export_merged(
    model: ModelFolder,
    adapter_folder: Path,
    out: Path,
    *,
    scale: float = 1.0,
    shard_bytes: int = SHARD_BYTES,
) -> None:
    """Write the model with the adapter in it to the new folder `out`, in bfloat16.

    Args:
        model: the adapter's base.
        adapter_folder: holds the adapter.
        out: is made.
        scale: by how much what the adapter adds is multiplied.
        shard_bytes: the largest file of weights, unless one tensor is larger.

    Raises:
        UsageError: `out` exists or cannot be written, the scale is out of range, or the adapter
            is for another model or prompt format.
        DamagedModelError: files of the model or the adapter are missing, truncated or altered.
        DiskFullError: there is no room for it.
    """
    source = open_source(model, adapter_folder, scale)
    with new_target(out) as folder:
        folder.mkdir()
        for name in _COPIED:
            if (model.folder / name).is_file():
                shutil.copyfile(model.folder / name, folder / name)
        _write_json(folder / "config.json", _config(source))
        _write_weights(source, folder, shard_bytes)
        if source.adapter is not None:
            card = merged_card(source.adapter, scale)
            (folder / "README.md").write_text(card, encoding="utf-8")


def _config(source: Source) -> dict[str, Any]:
    """The base's configuration; the older of the two names of the precision is left out."""
    others = {name: value for name, value in source.config.items() if name != "torch_dtype"}
    return others | {"dtype": "bfloat16"}


def _write_weights(source: Source, folder: Path, shard_bytes: int) -> None:
    """Write the shards, and their index where there are several."""
    sizes = {
        name: torch.empty(shape, dtype=torch.bfloat16, device="meta")
        for name, shape in source.shapes.items()
    }
    split = split_torch_state_dict_into_shards(sizes, max_shard_size=shard_bytes)
    for file_name, names in split.filename_to_tensors.items():
        _write_shard(source, folder / file_name, names)
    if split.is_sharded:
        index = {"metadata": split.metadata, "weight_map": split.tensor_to_filename}
        _write_json(folder / "model.safetensors.index.json", index)


def _write_shard(source: Source, file: Path, names: list[str]) -> None:
    """Write a safetensors file piece by piece: a length, a JSON header and the tensors' bytes.

    The library's own function wants all tensors in memory, and says of a full disk only that
    something failed.
    """
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    offset = 0
    for name in names:
        shape = source.shapes[name]
        end = offset + 2 * shape.numel()
        header[name] = {"dtype": "BF16", "shape": list(shape), "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with file.open("wb") as stream:
        stream.write(struct.pack("<Q", len(text)) + text)
        for name in names:
            halves = source.tensors[name].to(torch.bfloat16).contiguous()
            stream.write(halves.flatten().view(torch.uint8).numpy().data)


def _write_json(file: Path, content: dict[str, Any]) -> None:
    file.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
