"""Tensors of a model folder, read by memory map and one at a time.

A tensor's pages are read when it is asked for and can be dropped by the system afterwards, so that
converting a model to another precision never needs two copies of it.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open

from codegen_lsp.errors import DamagedModelError


class Tensors:
    """The tensors of one or several safetensors files, by name.

    Every access reads the tensor anew and keeps nothing; the files stay mapped as long as this
    object, or a tensor read from it, lives.
    """

    def __init__(self, files: list[Path]) -> None:
        self._file_of: dict[str, Any] = {}
        for file in files:
            handle = _open(file)
            self._file_of.update(dict.fromkeys(handle.keys(), handle))
        self._folder = files[0].parent

    def __getitem__(self, name: str) -> torch.Tensor:
        if name not in self._file_of:
            raise DamagedModelError(f"the weights in {self._folder} hold no tensor {name!r}")
        tensor: torch.Tensor = self._file_of[name].get_tensor(name)
        return tensor

    def __contains__(self, name: object) -> bool:
        return name in self._file_of

    def __iter__(self) -> Iterator[str]:
        return iter(self._file_of)

    def __len__(self) -> int:
        return len(self._file_of)


def load_tensors(folder: Path) -> Tensors:
    """The weights in `folder`: model.safetensors, or the shards that its index names.

    Raises:
        DamagedModelError: a file is missing or is no safetensors file; also when a tensor that the
            files do not hold is asked for later.
    """
    index = folder / "model.safetensors.index.json"
    if not index.exists():
        return Tensors([folder / "model.safetensors"])
    try:
        shards = set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
    except (ValueError, KeyError, AttributeError) as error:
        raise DamagedModelError(f"{index} is damaged: {error}") from error
    return Tensors([folder / shard for shard in sorted(shards)])


def _open(file: Path) -> Any:
    try:
        return safe_open(file, framework="pt")
    except FileNotFoundError as error:
        raise DamagedModelError(f"the weights are missing: no file {file}") from error
    except SafetensorError as error:
        raise DamagedModelError(f"the weights in {file} are damaged: {error}") from error
