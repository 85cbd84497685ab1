"""Tiny models with random weights, saved as a hub download would be."""

from pathlib import Path
from typing import Any

import torch
from transformers import (
    AutoModelForCausalLM,
    GPTNeoXConfig,
    LlamaConfig,
    MistralConfig,
    PreTrainedConfig,
    Qwen2Config,
)

_SIZES: dict[str, Any] = {
    "vocab_size": 320,
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "max_position_embeddings": 1024,
    "bos_token_id": None,
    "eos_token_id": None,
    "pad_token_id": None,
}


def lean_configs() -> dict[str, PreTrainedConfig]:
    """Models of the families that the lean decoder serves, one of each variation."""
    return {
        "qwen2": Qwen2Config(**_SIZES, num_key_value_heads=2, tie_word_embeddings=True),
        "llama": LlamaConfig(**_SIZES, num_key_value_heads=4, tie_word_embeddings=False),
        "llama with biases": LlamaConfig(
            **_SIZES, num_key_value_heads=1, attention_bias=True, mlp_bias=True
        ),
        "llama with linear rope": LlamaConfig(
            **_SIZES,
            num_key_value_heads=2,
            head_dim=32,
            rope_parameters={"rope_type": "linear", "factor": 4.0, "rope_theta": 100_000.0},
        ),
    }


def other_configs() -> dict[str, PreTrainedConfig]:
    """Models that only transformers runs: another architecture, and a sliding window."""
    return {
        "gpt-neox": GPTNeoXConfig(**_SIZES),
        "mistral": MistralConfig(**_SIZES, num_key_value_heads=2, sliding_window=16),
    }


def save_tiny_model(config: PreTrainedConfig, folder: Path) -> Path:
    """Save a random float32 model of `config` whose greedy output is varied; returns `folder`."""
    torch.manual_seed(0)
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    for parameter in model.parameters():
        # The default initialisation is so narrow that every position gives the same token.
        torch.nn.init.normal_(parameter, std=0.2 if parameter.dim() > 1 else 0.5)
    model.save_pretrained(folder)
    return folder
