"""Tensors of a model folder, read by memory map and one at a time.

A tensor's pages are read when it is asked for and can be dropped by the system afterwards, so that
converting a model to another precision never needs two copies of it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open

from codegen_lsp.errors import DamagedModelError


class Tensors(Mapping[str, torch.Tensor]):
    """The tensors of one or several safetensors files, by name.

    Every access maps the tensor's file anew and keeps nothing: a mapping that stayed would hold
    each page once read in memory beside the copy in the precision that runs.
    """

    def __init__(self, folder: Path, file_names: Iterable[str]) -> None:
        self._folder = folder
        self._file_of: dict[str, Path] = {}
        for file_name in file_names:
            with _open(folder / file_name) as file:
                self._file_of.update(dict.fromkeys(file.keys(), folder / file_name))

    def __getitem__(self, name: str) -> torch.Tensor:
        if name not in self._file_of:
            raise DamagedModelError(f"the weights in {self._folder} hold no tensor {name!r}")
        with _open(self._file_of[name]) as file:
            tensor: torch.Tensor = file.get_tensor(name)
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
        return Tensors(folder, ["model.safetensors"])
    try:
        shards = set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedModelError(f"{index} is damaged: {error}") from error
    return Tensors(folder, sorted(shards))


def _open(file: Path) -> Any:
    try:
        return safe_open(file, framework="pt")
    except FileNotFoundError as error:
        raise DamagedModelError(f"the weights are missing: no file {file}") from error
    except SafetensorError as error:
        raise DamagedModelError(f"the weights in {file} are damaged: {error}") from error
