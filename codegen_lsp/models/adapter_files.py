"""The files of an adapter in peft's format: read without torch, and refused where they are odd."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from codegen_lsp.errors import DamagedModelError, UsageError

CONFIG_FILE = "adapter_config.json"
WEIGHTS_FILE = "adapter_model.safetensors"
RECORD_FILE = "codegen.json"
BASE_KEY = "base_model_name_or_path"  # in the configuration
LORA_A, LORA_B, MAGNITUDE = ".lora_A.weight", ".lora_B.weight", ".lora_magnitude_vector"

PREFIX = "base_model.model."
"""What peft writes before the names of the model's own modules."""

_HEADER_BYTES = 8
_FLOATS = ("F32", "F16", "BF16")
# Variants of LoRA whose tensors mean something else than what is merged here.
_OTHER_VARIANTS = (
    *("alora_invocation_tokens", "alpha_pattern", "arrow_config", "fan_in_fan_out", "kasa_config"),
    *("layer_replication", "lora_bias", "modules_to_save", "monteclora_config", "rank_pattern"),
    *("target_parameters", "trainable_token_indices", "use_bdlora", "use_qalora"),
)
# Others (pissa, olora, ...) take from the base's weights what they begin with.
_HARMLESS_INITS = (True, False, "gaussian", "eva", "orthogonal")


def read_object(file: Path) -> dict[str, Any]:
    """The JSON object in a file of an adapter.

    Raises:
        DamagedModelError: there is none.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise damaged(file.parent, f"{file.name} is missing") from error
    except (OSError, ValueError, RecursionError) as error:
        raise damaged(file.parent, f"{file.name} cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise damaged(file.parent, f"{file.name} is no JSON object")
    return content


def refuse_variants(folder: Path, config: Mapping[str, Any]) -> None:
    """Refuse an adapter whose tensors mean something else than those of a LoRA or a DoRA.

    Raises:
        UsageError: `config` says so.
    """
    other = next((name for name in _OTHER_VARIANTS if config.get(name)), None)
    init = config.get("init_lora_weights", True)
    if config.get("peft_type") != "LORA":
        other = f"peft_type {config.get('peft_type')}"
    elif config.get("bias", "none") != "none":
        other = f"bias {config['bias']}"
    elif init not in _HARMLESS_INITS:
        other = f"init_lora_weights {init}"
    if other is not None:
        raise UsageError(
            f"the adapter in {folder} uses {other}, which cannot be merged here; train it as a"
            " plain LoRA, rsLoRA or DoRA"
        )


def read_shapes(folder: Path) -> dict[str, tuple[int, ...]]:
    """The shape of each tensor, as the header of the weights says.

    Raises:
        DamagedModelError: there are no weights, or not all of them.
    """
    file = folder / WEIGHTS_FILE
    try:
        size = file.stat().st_size
        with file.open("rb") as stream:
            length = int.from_bytes(stream.read(_HEADER_BYTES), "little")
            header = json.loads(stream.read(min(length, size)))
        header.pop("__metadata__", None)
        end = max(entry["data_offsets"][1] for entry in header.values())
        shapes = {
            name: tuple(entry["shape"]) if entry["dtype"] in _FLOATS else ()
            for name, entry in header.items()
        }
        is_whole = size == _HEADER_BYTES + length + end
    except FileNotFoundError as error:
        raise damaged(folder, f"{WEIGHTS_FILE} is missing") from error
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise damaged(folder, f"{WEIGHTS_FILE} cannot be read: {error}") from error
    if not is_whole:
        raise damaged(folder, f"{WEIGHTS_FILE} is truncated or altered")
    return shapes


def modules_of(folder: Path, shapes: Mapping[str, tuple[int, ...]], rank: int) -> tuple[str, ...]:
    """Names of the modules that the tensors change, without peft's prefix.

    Raises:
        DamagedModelError: a tensor is missing, or there is one that means nothing here.
    """
    names = [name.removesuffix(LORA_A) for name in shapes if name.endswith(LORA_A)]
    expected = {f"{name}{part}" for name in names for part in (LORA_A, LORA_B)}
    expected |= {name for name in shapes if name.endswith(MAGNITUDE)}
    odd = sorted(expected ^ shapes.keys())
    for name in names:
        a, b = shapes[f"{name}{LORA_A}"], shapes.get(f"{name}{LORA_B}", ())
        if (a[:1], b[1:]) != ((rank,), (rank,)) or not name.startswith(PREFIX):
            odd.append(name)
    if odd or not names:
        raise damaged(folder, f"{WEIGHTS_FILE} lacks or misstates {odd[0] if odd else 'LoRA'}")
    return tuple(name.removeprefix(PREFIX) for name in names)


def damaged(folder: Path, what: str) -> DamagedModelError:
    """The error for an adapter of which `what` is wrong."""
    return DamagedModelError(
        f"the adapter in {folder} is damaged: {what}; train it again or activate another"
    )
