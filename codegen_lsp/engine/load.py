"""From a model's folder to an engine: choose the decoder, place the weights."""

import json
from pathlib import Path
from typing import Literal

from codegen_lsp.engine.decoder import Decoder
from codegen_lsp.engine.lean import LeanConfig, LeanDecoder
from codegen_lsp.engine.precision import Placement, choose_placement
from codegen_lsp.engine.torch_engine import TorchEngine
from codegen_lsp.errors import DamagedModelError
from codegen_lsp.models.weights import load_tensors

DecoderName = Literal["auto", "lean", "transformers"]


def load_engine(
    folder: Path, *, precision: str = "auto", decoder: DecoderName = "auto"
) -> TorchEngine:
    """Load the model in `folder`; takes seconds and most of the process's memory.

    The lean decoder serves the families it knows, transformers every other one.

    Raises:
        UsageError: this machine or this model cannot run the precision asked for.
        DamagedModelError: the folder holds no readable model.
    """
    placement = choose_placement(precision)
    config = None if decoder == "transformers" else LeanConfig.read(_read_config(folder))
    if config is not None:
        return TorchEngine(LeanDecoder(config, load_tensors(folder), placement))
    return TorchEngine(_transformers_decoder(folder, placement))


def _transformers_decoder(folder: Path, placement: Placement) -> Decoder:
    # Importing transformers takes seconds, which the lean decoder's users should not wait.
    from codegen_lsp.engine.transformers_decoder import TransformersDecoder  # noqa: PLC0415

    if placement.precision == "int8":
        placement = Placement(placement.device, "bf16")
    return TransformersDecoder(folder, placement)


def _read_config(folder: Path) -> dict[str, object]:
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DamagedModelError(f"{folder / 'config.json'} cannot be read: {error}") from error
    if not isinstance(config, dict):
        raise DamagedModelError(f"{folder / 'config.json'} is no model configuration")
    return config
