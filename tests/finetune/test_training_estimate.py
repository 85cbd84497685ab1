from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from codegen_lsp.errors import DamagedModelError, UsageError
from finetune.training.estimate import (
    Memory,
    Sizes,
    available_memory,
    check_memory,
    memory_of,
    serving_memory,
)
from finetune.training.load import load_training_model
from finetune.training.lora import LoraSettings
from finetune.training.settings import TrainingSettings
from tests.engine.tiny_models import lean_configs, other_configs, save_tiny_model

QWEN_05B = Sizes(
    hidden_size=896,
    intermediate_size=4864,
    vocab_size=151936,
    num_layers=24,
    num_heads=14,
    num_kv_heads=2,
    head_dim=64,
)
LORA = LoraSettings()


def memory(sizes: Sizes = QWEN_05B, lora: LoraSettings = LORA, **changes: Any) -> Memory:
    options: dict[str, Any] = {
        "precision": "bf16",
        "tokens_per_batch": 1024,
        "longest": 1024,
    }
    return memory_of(sizes, lora, **options | changes)


def test_sizes_are_those_of_the_model(tmp_path: Path) -> None:
    folder = save_tiny_model(lean_configs()["qwen2"], tmp_path)
    sizes = Sizes.read(folder)
    model = load_training_model(folder, base="tiny", lora=replace(LORA, rank=4))
    trained = sum(parameter.numel() for parameter in model.parameters())
    assert sizes.adapter_parameters(4) == trained
    assert sizes.is_ours
    assert QWEN_05B.layer_weights == 357_826_560


@pytest.mark.parametrize("family", sorted(other_configs()))
def test_other_families_have_sizes_too(family: str, tmp_path: Path) -> None:
    config = other_configs()[family]
    sizes = Sizes.read(save_tiny_model(config, tmp_path))
    assert not sizes.is_ours
    assert sizes.num_layers == config.num_hidden_layers
    assert sizes.hidden_size == config.hidden_size
    assert memory(sizes).total > 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"model_type": "qwen2"}', "lacks or misstates 'num_attention_heads'"),
        ('{"model_type": "unheard-of"}', "transformers cannot load"),
        ("{", "cannot be read"),
    ],
)
def test_a_broken_configuration_is_one_line(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "config.json").write_text(text)
    with pytest.raises(DamagedModelError, match=says) as caught:
        Sizes.read(tmp_path)
    assert "\n" not in str(caught.value)


def test_the_default_model_takes_less_than_8_gigabytes() -> None:
    assert 3e9 < memory().total < 8e9
    assert memory(longest=1536).total < 8e9
    assert memory(longest=2048).total < 8e9


def test_what_lowers_memory_lowers_the_estimate() -> None:
    whole = memory(longest=1024, tokens_per_batch=1024)
    assert memory(longest=500, tokens_per_batch=500).activations < 0.5 * whole.activations
    checkpointed = memory(longest=1024, tokens_per_batch=1024, is_checkpointed=True)
    assert checkpointed.activations < 0.25 * whole.activations
    assert memory(tokens_per_batch=8192).activations < 2 * whole.activations


def test_what_peft_computes_takes_more() -> None:
    ours, dora = memory(), replace(LORA, is_decomposed=True)
    other = memory(replace(QWEN_05B, is_ours=False))
    assert other.weights == ours.weights
    assert memory(lora=dora).activations > 1.5 * other.activations
    assert memory(lora=dora, is_checkpointed=True).activations < 0.2 * memory(lora=dora).activations
    # Nothing is checkpointed by itself in long batches, as ours are.
    assert memory(replace(QWEN_05B, is_ours=False), tokens_per_batch=8192).activations > (
        7 * other.activations
    )
    untied = memory(replace(QWEN_05B, is_ours=False, has_own_head=True))
    assert untied.weights == other.weights + 2 * QWEN_05B.head_weights


def test_a_base_in_4_bits_takes_a_quarter() -> None:
    four_bits = memory(lora=replace(LORA, has_4bit_base=True)).weights - 2 * QWEN_05B.head_weights
    assert 0.25 < four_bits / (2 * QWEN_05B.layer_weights) < 0.3


def test_validation_loads_the_base_once_more() -> None:
    assert serving_memory(QWEN_05B, 1, 10**6) == 357_826_560 + 151936 * 896 + 10**6


@pytest.mark.parametrize(
    ("needed", "is_checkpointed", "remedy"),
    [
        (Memory(1, 1, 10**12, 1), False, "turn gradient_checkpointing on"),
        (Memory(1, 1, 10**12, 1), True, r"lower tokens_per_batch \(512\)"),
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
        check_memory(needed.total, needed, 16 * 10**9, settings, is_checkpointed=is_checkpointed)
    check_memory(needed.total, needed, 10**13, settings, is_checkpointed=is_checkpointed)


def test_free_memory_of_this_machine() -> None:
    assert available_memory("cpu") > 10**8
