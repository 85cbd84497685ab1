"""What is exported: a model's weights, with an adapter in them where one is given."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from codegen_lsp.engine.load import read_config
from codegen_lsp.errors import UsageError
from codegen_lsp.models.adapters import Adapter, check_fits, check_scale, read_adapter
from codegen_lsp.models.merging import Merge, MergedTensors
from codegen_lsp.models.store import ModelFolder
from codegen_lsp.models.tokenizer import Tokenizer
from codegen_lsp.models.weights import load_tensors
from codegen_lsp.prompt.formats import FimFormat
from codegen_lsp.prompt.model import format_of


@dataclass(frozen=True, slots=True)
class Source:
    """A model to export.

    Attributes:
        model: its name and folder.
        config: its `config.json`.
        tokenizer: its own.
        fim_format: None for a model that cannot infill.
        adapter: what is merged into it; None for the model as it is.
        scale: by how much what the adapter adds is multiplied.
        shapes: of each tensor, by its name.
        tensors: the weights, merged one by one as they are asked for.
    """

    model: ModelFolder
    config: dict[str, Any]
    tokenizer: Tokenizer
    fim_format: FimFormat | None
    adapter: Adapter | None
    scale: float
    shapes: dict[str, torch.Size]
    tensors: Mapping[str, torch.Tensor]

    @property
    def name(self) -> str:
        """What the result is called: the model, and the adapter in it."""
        stem = Path(self.model.name).name
        return stem if self.adapter is None else f"{stem}-{self.adapter.id}"


def open_source(model: ModelFolder, adapter_folder: Path | None, scale: float = 1.0) -> Source:
    """The model and the adapter in `adapter_folder`, both checked; computes nothing yet.

    Raises:
        UsageError: the adapter is for another model or prompt format, the weights are quantised, or
            the scale is out of range.
        DamagedModelError: files of either are missing, truncated or altered.
    """
    check_scale(scale)
    config = read_config(model.folder)
    tokenizer = Tokenizer.load(model.folder)
    fim_format = format_of(model, tokenizer)
    base = load_tensors(model.folder)
    shapes = dict(_shapes(model, base))
    adapter = None if adapter_folder is None else read_adapter(adapter_folder)
    tensors: Mapping[str, torch.Tensor] = base
    if adapter is not None:
        check_fits(adapter, model.name, model.folder, fim_format.name if fim_format else None)
        tensors = MergedTensors(base, Merge(adapter, scale))
    return Source(model, config, tokenizer, fim_format, adapter, scale, shapes, tensors)


def _shapes(
    model: ModelFolder, tensors: Mapping[str, torch.Tensor]
) -> Iterator[tuple[str, torch.Size]]:
    for name in sorted(tensors):
        tensor = tensors[name]
        if not tensor.is_floating_point():
            raise UsageError(
                f"the weights of {model.name} are quantised ({name} is {tensor.dtype}); export from"
                " the model that they were made of"
            )
        yield name, tensor.shape
