"""Tiny models and adapters for the tests of exporting, and what they compute."""

import json
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer as Library
from transformers import AutoModelForCausalLM

from codegen_lsp.models.store import ModelFolder, resolve
from tests.engine.tiny_models import lean_configs, save_tiny_model
from tests.scripted_models import tiny_library

IDS = [7, 300, 12, 5, 250, 41, 3]


def tiny_model(folder: Path, family: str = "qwen2", **config: Any) -> ModelFolder:
    """Save a random bfloat16 model of one of `lean_configs`, with the tiny tokenizer.

    Args:
        folder: is made.
        family: of the model.
        config: more of its `config.json`.
    """
    exact = save_tiny_model(lean_configs()[family], folder.with_name(f"{folder.name}-float32"))
    model: Any = AutoModelForCausalLM.from_pretrained(exact, dtype=torch.bfloat16)
    model.save_pretrained(folder)
    set_config(folder, **config)
    save_tokenizer(folder, tiny_library())
    return resolve(str(folder))


def set_config(folder: Path, **config: Any) -> None:
    file = folder / "config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | config))


def save_tokenizer(folder: Path, library: Library, **config: Any) -> None:
    library.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps(config))


def logits_of(folder: Path, **where: Any) -> torch.Tensor:
    """Of each position of `IDS`, computed by transformers in float32."""
    model: Any = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, **where)
    with torch.no_grad():
        logits: torch.Tensor = model(torch.tensor([IDS])).logits[0]
    return logits
