"""Adapter folders: what fine-tuning leaves, in peft's format, and for which model. No torch.

Beside peft's `adapter_config.json` and `adapter_model.safetensors` lies our `codegen.json`: for
which weights and which fill-in-the-middle format the adapter was trained, and checksums of the two.
"""

import hashlib
import json
import math
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from codegen_lsp.errors import DamagedModelError, UsageError
from codegen_lsp.models import manifest
from codegen_lsp.models.adapter_files import (
    BASE_KEY,
    CONFIG_FILE,
    MAGNITUDE,
    RECORD_FILE,
    WEIGHTS_FILE,
    damaged,
    modules_of,
    read_object,
    read_shapes,
    refuse_variants,
)

FILES = (CONFIG_FILE, WEIGHTS_FILE, RECORD_FILE)
ID_LENGTH = 12
LARGEST_SCALE = 2.0
_NO_FACTS: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class AdapterChoice:
    """An adapter to load with a model: its folder, and by how much what it adds is multiplied."""

    folder: Path
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Adapter:
    """An adapter that is whole.

    Attributes:
        folder: holds `FILES`.
        id: the first hexadecimal digits of the checksum of its weights and configuration.
        base: name of the model that it was trained for.
        base_sha256: that model's `base_sha256`.
        format_id: name of the fill-in-the-middle format of its training.
        rank: of its matrices.
        scaling: what their product is multiplied with, alpha / r or alpha / sqrt(r).
        modules: names of the layers that it changes, as in the base's weights.
        has_magnitudes: it is a DoRA.
    """

    folder: Path
    id: str
    base: str
    base_sha256: str
    format_id: str
    rank: int
    scaling: float
    modules: tuple[str, ...]
    has_magnitudes: bool


def read_adapter(folder: Path) -> Adapter:
    """The adapter in `folder`, checked as a whole; reads all of its weights once.

    Raises:
        DamagedModelError: a file is missing, truncated or altered.
        UsageError: it is of a variant that cannot be merged.
    """
    record, config = read_object(folder / RECORD_FILE), read_object(folder / CONFIG_FILE)
    names = ("base", "base_sha256", "format_id", "sha256", "config_sha256")
    base, base_sha256, format_id, *sums = [_text(record, name, folder) for name in names]
    shapes = read_shapes(folder)
    found = manifest.sha256_of(folder / WEIGHTS_FILE), _config_sha256(config)
    for file, there, recorded in zip((WEIGHTS_FILE, CONFIG_FILE), found, sums, strict=True):
        if there != recorded:
            raise damaged(folder, f"the checksum of {file} differs")
    refuse_variants(folder, config)
    rank, scaling = _rank_and_scaling(config, folder)
    has_magnitudes = any(name.endswith(MAGNITUDE) for name in shapes)
    if bool(config.get("use_dora")) != has_magnitudes:
        raise damaged(folder, f"{CONFIG_FILE} misstates use_dora")
    return Adapter(
        folder=folder,
        id=_id_of(*found),
        base=base,
        base_sha256=base_sha256,
        format_id=format_id,
        rank=rank,
        scaling=scaling,
        modules=modules_of(folder, shapes, rank),
        has_magnitudes=has_magnitudes,
    )


def check_scale(scale: float) -> None:
    """Refuse to multiply by `scale` what an adapter adds.

    Raises:
        UsageError: it is not above 0, above `LARGEST_SCALE`, or no number.
    """
    if not 0 < scale <= LARGEST_SCALE:
        raise UsageError(f"scale {scale:g}: expected a number above 0 and up to {LARGEST_SCALE:g}")


def check_fits(adapter: Adapter, name: str, folder: Path, format_id: str | None) -> None:
    """Refuse the adapter for the model `name` in `folder` unless it was trained for it.

    Raises:
        UsageError: it was trained for other weights, or for another format than `format_id`.
        DamagedModelError: the model's own files cannot be read.
    """
    remedy = f"choose that model, or train an adapter for {name}"
    if adapter.base_sha256 != base_sha256(folder):
        other = f"other weights of {name}" if adapter.base == name else adapter.base
        raise UsageError(
            f"the adapter {adapter.id} was trained for {other}, and the model is {name}; {remedy}"
        )
    if adapter.format_id != format_id:
        raise UsageError(
            f"the adapter {adapter.id} was trained for the prompt format {adapter.format_id}, and"
            f" the model {name} is asked in {format_id or 'none'}; train it again"
        )


def base_sha256(folder: Path) -> str:
    """What tells the weights of the model in `folder` from any other.

    The checksum of the file that was published, for a model of the catalogue, which a new
    conversion does not change; else that of its weights, all of which are read.

    Raises:
        DamagedModelError: there are no weights.
    """
    try:
        published = manifest.source_sha256(folder)
        files = sorted(folder.glob("model*.safetensors")) if published is None else []
        sums = [manifest.sha256_of(file) for file in files]
    except OSError as error:
        raise DamagedModelError(f"the weights in {folder} cannot be read: {error}") from error
    if published is None and not sums:
        raise DamagedModelError(f"the weights are missing: no safetensors file in {folder}")
    return published or "+".join(sums)


def seal(
    folder: Path,
    *,
    base: str,
    base_sha256: str,
    format_id: str,
    facts: Mapping[str, object] = _NO_FACTS,
) -> str:
    """Write the record beside the weights that peft's format has in `folder`; returns the id.

    Args:
        folder: holds the weights and their configuration.
        base: name of the model that was trained: of the catalogue, a hub id or an absolute path.
        base_sha256: that model's `base_sha256`.
        format_id: name of the fill-in-the-middle format of the prompts.
        facts: more to be recorded, in JSON's types.

    Raises:
        DamagedModelError: the configuration is missing, or no JSON object.
        OSError: it cannot be written.
    """
    sha256 = manifest.sha256_of(folder / WEIGHTS_FILE)
    config_sha256 = _config_sha256(read_object(folder / CONFIG_FILE))
    known = {"format_id": format_id, "base": base, "base_sha256": base_sha256}
    sums = {"sha256": sha256, "config_sha256": config_sha256}
    part = folder / f".{RECORD_FILE}.part"
    part.write_text(json.dumps(known | sums | dict(facts), indent=2) + "\n", encoding="utf-8")
    os.replace(part, folder / RECORD_FILE)  # noqa: PTH105 - Path.replace is the same
    return _id_of(sha256, config_sha256)


def _config_sha256(config: Mapping[str, Any]) -> str:
    """Checksum of what a configuration says, in whatever order: peft writes sets in any.

    The base's name, which an export shortens, is not in it: the record has that, too.
    """
    meant = {
        name: sorted(value, key=repr) if isinstance(value, list) else value
        for name, value in config.items()
        if name != BASE_KEY
    }
    return hashlib.sha256(json.dumps(meant, sort_keys=True).encode()).hexdigest()


def _id_of(sha256: str, config_sha256: str) -> str:
    return hashlib.sha256(f"{sha256} {config_sha256}".encode()).hexdigest()[:ID_LENGTH]


def _rank_and_scaling(config: Mapping[str, Any], folder: Path) -> tuple[int, float]:
    rank: Any = config.get("r")
    alpha: Any = config.get("lora_alpha")
    are_numbers = type(rank) is int and type(alpha) in (int, float)
    # JSON's whole numbers may be too large for a float.
    if not are_numbers or not all(0 < each <= sys.float_info.max for each in (rank, alpha)):
        raise damaged(folder, f"{CONFIG_FILE} misstates r or lora_alpha")
    return rank, alpha / (math.sqrt(rank) if config.get("use_rslora") else rank)


def _text(record: Mapping[str, object], name: str, folder: Path) -> str:
    value = record.get(name)
    if not isinstance(value, str) or not value:
        raise damaged(folder, f"{RECORD_FILE} lacks or misstates {name}")
    return value
