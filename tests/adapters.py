"""Adapters with random weights, as fine-tuning would leave them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from codegen_lsp.models.adapters import base_sha256, seal
from codegen_lsp.models.weights import load_tensors
from tests.engine.tiny_models import lean_configs, save_tiny_model
from tests.scripted_models import tiny_library

ALL_LINEAR = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


def make_adapter(
    folder: Path,
    base: Path,
    *,
    name: str = "tiny",
    format_id: str = "qwen2.5-coder",
    rank: int = 8,
    seed: int = 0,
    std: float = 0.1,
    modules: Sequence[str] = ALL_LINEAR,
    **config: Any,
) -> Path:
    """Write an adapter for the model in the folder `base`, which is called `name`.

    Args:
        folder: is made.
        base: its weights say how large the matrices are.
        name: of the model.
        format_id: of the prompts that it was trained on.
        rank: of the matrices; alpha is twice that.
        seed: of the random numbers.
        std: of what the adapter adds to a weight, nearly.
        modules: last parts of the names of the layers that it changes.
        config: more of peft's configuration.
    """
    folder.mkdir(parents=True)
    random = torch.Generator().manual_seed(seed)
    tensors: dict[str, torch.Tensor] = {}
    weights = load_tensors(base)
    for weight in sorted(weights):
        module = weight.removesuffix(".weight")
        if weight.endswith(".weight") and module.rpartition(".")[2] in modules:
            out_features, in_features = weights[weight].shape
            lora = f"base_model.model.{module}.lora"
            tensors[f"{lora}_A.weight"] = torch.randn(rank, in_features, generator=random)
            b = torch.randn(out_features, rank, generator=random) * std / 2 / rank**0.5
            tensors[f"{lora}_B.weight"] = b
            if config.get("use_dora"):
                magnitudes = torch.rand(out_features, generator=random) + 0.5
                tensors[f"{lora}_magnitude_vector"] = magnitudes
    save_file(tensors, folder / "adapter_model.safetensors", metadata={"format": "pt"})
    lora_config = {
        "peft_type": "LORA",
        "r": rank,
        "lora_alpha": 2 * rank,
        "target_modules": list(modules),
        "base_model_name_or_path": name,
        **config,
    }
    (folder / "adapter_config.json").write_text(json.dumps(lora_config))
    seal(folder, base=name, base_sha256=base_sha256(base), format_id=format_id)
    return folder


def small_adapter(folder: Path, name: str, seed: int = 0) -> Path:
    """Write an adapter that nothing is computed with, for a model called `name`."""
    base = folder.with_name(f"{folder.name}-base")
    base.mkdir(parents=True)
    save_file({"model.q_proj.weight": torch.zeros(4, 6)}, base / "model.safetensors")
    return make_adapter(folder, base, name=name, seed=seed)


def tiny_base(folder: Path) -> Path:
    """Save a random model of the default format that loads and completes, with nonsense."""
    save_tiny_model(lean_configs()["qwen2"], folder)
    tiny_library().save(str(folder / "tokenizer.json"))
    return folder
