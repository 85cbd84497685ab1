import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from codegen_lsp.errors import UsageError
from finetune.training.estimate import (
    Memory,
    Sizes,
    available_memory,
    check_memory,
    memory_of,
    seconds_per_token,
)
from finetune.training.load import load_training_model
from finetune.training.lora import LoraSettings
from finetune.training.settings import TrainingSettings
from tests.engine.tiny_models import lean_configs, other_configs, save_tiny_model
from tests.finetune.training_toys import example

QWEN_05B = {
    "model_type": "qwen2",
    "vocab_size": 151936,
    "hidden_size": 896,
    "intermediate_size": 4864,
    "num_hidden_layers": 24,
    "num_attention_heads": 14,
    "num_key_value_heads": 2,
    "max_position_embeddings": 32768,
    "rms_norm_eps": 1e-06,
}
LORA = LoraSettings()


def sizes_of(config: dict[str, Any]) -> Sizes:
    sizes = Sizes.read(config)
    assert sizes is not None
    return sizes


def memory(**changes: Any) -> Memory:
    options: dict[str, Any] = {
        "precision": "bf16",
        "tokens_per_batch": 1024,
        "longest": 1024,
    }
    return memory_of(sizes_of(QWEN_05B), LORA, **options | changes)


def test_sizes_are_those_of_the_model(tmp_path: Path) -> None:
    config = lean_configs()["qwen2"]
    folder = save_tiny_model(config, tmp_path)
    sizes = sizes_of(json.loads((folder / "config.json").read_text("utf-8")))
    model = load_training_model(folder, base="tiny", lora=replace(LORA, rank=4))
    trained = sum(parameter.numel() for parameter in model.parameters())
    assert sizes.adapter_parameters(4) == trained
    assert sizes_of(QWEN_05B).layer_weights == 357_826_560
    assert Sizes.read(other_configs()["gpt-neox"].to_dict()) is None


def test_the_default_model_takes_less_than_8_gigabytes() -> None:
    assert 3e9 < memory().total < 8e9
    assert memory(longest=1536).total < 8e9
    assert memory(longest=2048).total < 8e9


def test_what_lowers_memory_lowers_the_estimate() -> None:
    whole = memory(longest=1500, tokens_per_batch=1500)
    assert memory(longest=500, tokens_per_batch=500).activations < 0.4 * whole.activations
    checkpointed = memory(longest=1500, tokens_per_batch=1500, is_checkpointed=True)
    assert checkpointed.activations < 0.2 * whole.activations
    assert memory(tokens_per_batch=8192).activations < 2 * whole.activations


@pytest.mark.parametrize(
    ("needed", "is_checkpointed", "remedy"),
    [
        (Memory(1, 1, 10**12, 1), False, "turn gradient_checkpointing on"),
        (Memory(1, 1, 10**12, 1), True, r"lower tokens_per_batch \(1024\)"),
        (Memory(10**12, 1, 1, 1), False, "choose a smaller model"),
    ],
)
def test_too_little_memory_names_what_lowers_it(
    needed: Memory, remedy: str, *, is_checkpointed: bool
) -> None:
    settings = TrainingSettings()
    with pytest.raises(
        UsageError, match=rf"would take 14\d\d\.\d GB .* 16\.0 GB are free: {remedy}"
    ):
        check_memory(needed, 16 * 10**9, settings, is_checkpointed=is_checkpointed)
    check_memory(needed, 10**13, settings, is_checkpointed=is_checkpointed)


def test_a_probe_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = save_tiny_model(lean_configs()["qwen2"], tmp_path)
    lora = LoraSettings(rank=4, dropout=0.5)
    model = load_training_model(folder, base="tiny", lora=lora, precision="fp32")
    torch.manual_seed(1)
    before = model.state_dict()
    assert seconds_per_token(model, [example(20, 2, 0), example(30, 2, 1)]) > 0
    drawn = torch.rand(1)
    torch.manual_seed(1)
    assert torch.equal(torch.rand(1), drawn)
    assert all(parameter.grad is None for parameter in model.parameters())
    assert all(torch.equal(before[name], tensor) for name, tensor in model.state_dict().items())


def test_free_memory_of_this_machine() -> None:
    assert available_memory("cpu") > 10**8
