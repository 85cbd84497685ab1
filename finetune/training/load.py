"""A training model from a model's folder: ours where it knows the family, else peft's."""

import re
from pathlib import Path

import torch

from codegen_lsp.engine.load import lean_config
from codegen_lsp.engine.precision import without_int8
from codegen_lsp.engine.vnni_linear import is_available
from codegen_lsp.errors import UsageError
from codegen_lsp.models.weights import load_tensors
from finetune.training.base import TrainingModel
from finetune.training.lora import LoraSettings
from finetune.training.model import CHECKPOINT_ABOVE, LlamaTraining, TrainingPrecision
from finetune.training.peft_model import PeftTraining

_DEVICES = re.compile(r"auto|cpu|cuda(:\d+)?|mps")


def choose_device(requested: str = "auto") -> str:
    """The device of torch to train on; "auto" is the fastest.

    Raises:
        UsageError: it is none that can be trained on, or this machine has none of that name.
    """
    if _DEVICES.fullmatch(requested) is None:
        raise UsageError(f"--device {requested}: give auto, cpu, cuda, cuda:N or mps")
    if requested == "auto":
        if torch.cuda.is_available():
            return "cuda"
        return "mps" if torch.backends.mps.is_available() else "cpu"
    try:
        torch.empty(0, device=requested)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise UsageError(f"--device {requested}: this machine has none; try auto") from error
    return requested


def choose_precision(device: str) -> TrainingPrecision:
    """The fastest precision of the base's products on `device`."""
    kind = torch.device(device).type
    if kind == "cpu":
        if is_available():
            return "int8"
        return "bf16" if without_int8().precision == "bf16" else "fp32"
    return "bf16" if kind == "cuda" and torch.cuda.is_bf16_supported() else "fp32"


def load_training_model(  # noqa: PLR0913 - what it is made of
    folder: Path,
    *,
    base: str,
    lora: LoraSettings,
    precision: TrainingPrecision | None = None,
    device: str = "cpu",
    is_checkpointed: bool = False,
) -> TrainingModel:
    """Load the base in `folder`, called `base`, with a new adapter.

    Args:
        folder: holds config.json and the weights.
        base: the name that the adapter's folder will give for it.
        lora: of the adapter; DoRA and QLoRA are computed by transformers and peft.
        precision: of the base; None takes the fastest on the device.
        device: of torch.
        is_checkpointed: gradient checkpointing throughout; else ours does it in long batches alone.

    Raises:
        UsageError: this machine cannot train so.
        ModelUnavailableError: the weights are damaged.
    """
    precision = precision or choose_precision(device)
    config = lean_config(folder)
    if config is None or lora.is_decomposed or lora.has_4bit_base:
        return PeftTraining(
            folder,
            lora,
            base=base,
            precision=precision,
            device=device,
            is_checkpointed=is_checkpointed,
        )
    return LlamaTraining(
        config,
        load_tensors(folder),
        lora,
        base=base,
        precision=precision,
        device=device,
        checkpoint_above=0 if is_checkpointed else CHECKPOINT_ABOVE,
    )
