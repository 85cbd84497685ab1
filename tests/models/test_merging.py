"""Merged weights against peft's own, on a tiny model."""

from pathlib import Path
from typing import Any

import pytest
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM

from codegen_lsp.engine.decoder import Decoder
from codegen_lsp.engine.load import load_engine
from codegen_lsp.errors import DamagedModelError
from codegen_lsp.models.adapters import base_sha256, read_adapter, seal
from codegen_lsp.models.merging import Merge, MergedTensors
from codegen_lsp.models.weights import load_tensors
from tests.adapters import make_adapter
from tests.engine.tiny_models import lean_configs, other_configs, save_tiny_model

IDS = [7, 300, 12, 5, 250, 41, 3]
VARIANTS: dict[str, dict[str, Any]] = {
    "LoRA": {},
    "rsLoRA": {"use_rslora": True, "std": 0.03},
    "DoRA": {"use_dora": True},
    "only attention": {"modules": ("q_proj", "o_proj")},
}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(lean_configs()["qwen2"], tmp_path_factory.mktemp("base"))


def logits_of_peft(base: Path, adapter: Path, scale: float) -> torch.Tensor:
    model: Any = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    tuned: Any = PeftModel.from_pretrained(model, str(adapter))
    for module in tuned.modules():
        if hasattr(module, "set_scale"):
            module.set_scale("default", scale)
    merged = tuned.merge_and_unload()
    with torch.no_grad():
        logits: torch.Tensor = merged(torch.tensor([IDS])).logits[0]
    return logits


def logits(decoder: Decoder) -> torch.Tensor:
    return decoder.forward(IDS, len(IDS))


@pytest.mark.parametrize("scale", [1.0, 0.6])
@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_both_decoders_compute_what_peft_does(
    base: Path, tmp_path: Path, variant: dict[str, Any], scale: float
) -> None:
    adapter = make_adapter(tmp_path / "adapter", base, **variant)
    merge = Merge(read_adapter(adapter), scale)
    expected = logits_of_peft(base, adapter, scale)
    plain = logits(load_engine(base, precision="fp32").decoder)
    assert (plain - expected).abs().max() > 1  # the adapter makes a difference
    for decoder in ("lean", "transformers"):
        engine = load_engine(base, precision="fp32", decoder=decoder, merge=merge)
        torch.testing.assert_close(logits(engine.decoder), expected, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("variant", [{}, {"use_rslora": True}, {"use_dora": True}])
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_what_peft_itself_has_saved(base: Path, tmp_path: Path, variant: dict[str, Any]) -> None:
    config = LoraConfig(
        r=4, lora_alpha=8, target_modules="all-linear", init_lora_weights=False, **variant
    )
    model: Any = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    torch.manual_seed(0)
    get_peft_model(model, config).save_pretrained(str(tmp_path))
    seal(tmp_path, base="tiny", base_sha256=base_sha256(base), format_id="qwen2.5-coder")
    engine = load_engine(base, precision="fp32", merge=Merge(read_adapter(tmp_path)))
    expected = logits_of_peft(base, tmp_path, 1.0)
    torch.testing.assert_close(logits(engine.decoder), expected, rtol=1e-3, atol=1e-3)


@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_a_model_that_only_transformers_runs(tmp_path: Path) -> None:
    base = save_tiny_model(other_configs()["mistral"], tmp_path / "mistral")
    adapter = make_adapter(tmp_path / "adapter", base)
    engine = load_engine(base, precision="fp32", merge=Merge(read_adapter(adapter)))
    expected = logits_of_peft(base, adapter, 1.0)
    torch.testing.assert_close(logits(engine.decoder), expected, rtol=1e-3, atol=1e-3)


def test_int8_sees_the_adapter_too(base: Path, tmp_path: Path) -> None:
    merge = Merge(read_adapter(make_adapter(tmp_path / "adapter", base)))
    exact = logits(load_engine(base, precision="fp32", merge=merge).decoder)
    int8 = logits(load_engine(base, precision="int8", merge=merge).decoder)
    plain = logits(load_engine(base, precision="int8").decoder)
    assert (int8 - exact).abs().mean() < 0.1 * (plain - exact).abs().mean()


def test_tensors_keep_their_dtype_and_what_the_adapter_leaves_alone(
    base: Path, tmp_path: Path
) -> None:
    weights = load_tensors(base)
    half = {name: weights[name].bfloat16() for name in weights}
    kept = {name: tensor.clone() for name, tensor in half.items()}
    merge = Merge(read_adapter(make_adapter(tmp_path / "adapter", base)))
    merged = MergedTensors(half, merge)
    assert set(merged) == set(half)
    changed = {name for name in merged if not torch.equal(merged[name], kept[name])}
    assert changed == {f"{module}.weight" for module in merge.modules}
    assert {merged[name].dtype for name in merged} == {torch.bfloat16}
    assert all(torch.equal(half[name], kept[name]) for name in half)  # the base stays as it is


def test_an_adapter_of_other_sizes_is_refused(base: Path, tmp_path: Path) -> None:
    config = lean_configs()["qwen2"]
    config.intermediate_size = 128
    wider = save_tiny_model(config, tmp_path / "wider")
    merge = Merge(read_adapter(make_adapter(tmp_path / "adapter", wider)))
    for decoder in ("lean", "transformers"):
        with pytest.raises(DamagedModelError, match=r"mlp.* is of another size than"):
            load_engine(base, precision="fp32", decoder=decoder, merge=merge)


def test_an_adapter_of_layers_that_the_model_has_not_is_refused(base: Path, tmp_path: Path) -> None:
    config = lean_configs()["qwen2"]
    config.num_hidden_layers = 4
    config.layer_types = ["full_attention"] * 4
    deeper = save_tiny_model(config, tmp_path / "deeper")
    merge = Merge(read_adapter(make_adapter(tmp_path / "adapter", deeper)))
    for decoder in ("lean", "transformers"):
        with pytest.raises(DamagedModelError, match=r"layers\.3.* is not in the model"):
            load_engine(base, precision="fp32", decoder=decoder, merge=merge)
