"""From a model's folder to an engine: choose the decoder, place the weights."""

import json
from pathlib import Path
from typing import Any, Literal

from safetensors import SafetensorError

from codegen_lsp.engine.decoder import Decoder
from codegen_lsp.engine.lean import LeanConfig, LeanDecoder
from codegen_lsp.engine.precision import Placement, choose_placement, without_int8
from codegen_lsp.engine.sequences import DEFAULT_CACHE_BYTES
from codegen_lsp.engine.torch_engine import TorchEngine
from codegen_lsp.errors import DamagedModelError, UsageError
from codegen_lsp.models.merging import Merge, MergedTensors
from codegen_lsp.models.weights import load_tensors

DecoderName = Literal["auto", "lean", "transformers"]


def load_engine(
    folder: Path,
    *,
    precision: str = "auto",
    decoder: DecoderName = "auto",
    cache_bytes: int = DEFAULT_CACHE_BYTES,
    merge: Merge | None = None,
) -> TorchEngine:
    """Load the model in `folder`; takes seconds and most of the process's memory.

    The lean decoder serves the families it knows, transformers every other one.

    Args:
        folder: of the model.
        precision: one of `PRECISION_CHOICES`.
        decoder: which of the two; "auto" chooses.
        cache_bytes: memory for keys and values of the lean decoder's sequences; the transformers
            decoder keeps one sequence of any size.
        merge: puts an adapter into the weights.

    Raises:
        UsageError: this machine or this model cannot run the precision asked for.
        DamagedModelError: the folder holds no readable model, or the adapter does not fit it.
    """
    placement = choose_placement(precision)
    config = None if decoder == "transformers" else lean_config(folder)
    if config is not None:
        tensors = load_tensors(folder)
        weights = tensors if merge is None else MergedTensors(tensors, merge)
        return TorchEngine(LeanDecoder(config, weights, placement, cache_bytes))
    if decoder == "lean":
        raise UsageError(f"--decoder lean does not know the family of {folder}: use auto")
    if precision == "int8":
        raise UsageError("--precision int8 is for the lean decoder: use bf16 or fp32 here")
    return TorchEngine(_transformers_decoder(folder, placement, merge))


def lean_config(folder: Path) -> LeanConfig | None:
    """The sizes of the model in `folder`; None if the lean decoder does not know its family.

    Raises:
        DamagedModelError: its config.json cannot be read, or lacks one.
    """
    try:
        return LeanConfig.read(read_config(folder))
    except (KeyError, TypeError) as error:
        raise DamagedModelError(f"{folder / 'config.json'} lacks or misstates {error}") from error


def read_config(folder: Path) -> dict[str, Any]:
    """What the config.json in `folder` says.

    Raises:
        DamagedModelError: it cannot be read, or is no JSON object.
    """
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DamagedModelError(f"{folder / 'config.json'} cannot be read: {error}") from error
    if not isinstance(config, dict):
        raise DamagedModelError(f"{folder / 'config.json'} is no model configuration")
    return config


def _transformers_decoder(folder: Path, placement: Placement, merge: Merge | None) -> Decoder:
    # Importing transformers takes seconds, which the lean decoder's users should not wait.
    from codegen_lsp.engine.transformers_decoder import TransformersDecoder  # noqa: PLC0415

    if placement.precision == "int8":
        placement = without_int8()
    try:
        return TransformersDecoder(folder, placement, merge)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        cause = " ".join(str(error).split())
        raise DamagedModelError(f"transformers cannot load {folder}: {cause[:200]}") from error
