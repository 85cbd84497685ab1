"""The plain implementation, for the families and variants that ours does not know."""

from dataclasses import replace
from pathlib import Path

import peft
import pytest
import torch
from transformers import AutoModelForCausalLM

from codegen_lsp.errors import DamagedModelError, UsageError
from finetune.training.load import load_training_model
from finetune.training.lora import LoraSettings
from finetune.training.model import LlamaTraining
from finetune.training.peft_model import PeftTraining
from tests.engine.tiny_models import lean_configs, other_configs, save_tiny_model
from tests.finetune.training_toys import example

# peft asks transformers for a name that it is about to drop
pytestmark = pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is:FutureWarning")

LORA = LoraSettings(rank=4, alpha=8)
BATCH = [example(40, 7, 1), example(60, 1, 2), example(5, 4, 3)]


@pytest.fixture(scope="module")
def qwen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(lean_configs()["qwen2"], tmp_path_factory.mktemp("qwen"))


def test_both_implementations_compute_the_same(qwen: Path, tmp_path: Path) -> None:
    ours = load_training_model(qwen, base="tiny", lora=LORA, precision="fp32")
    for parameter in ours.parameters():
        parameter.data.normal_(std=0.05, generator=torch.Generator().manual_seed(1))
    theirs = PeftTraining(qwen, LORA, base="tiny", precision="fp32", device="cpu")
    theirs.load_state_dict(ours.state_dict())
    assert isinstance(ours, LlamaTraining)
    torch.testing.assert_close(theirs.loss(BATCH)[0], ours.loss(BATCH)[0])
    assert theirs.loss(BATCH)[1] == ours.loss(BATCH)[1] == 12
    theirs.save(tmp_path / "theirs")
    ours.save(tmp_path / "ours")
    files = [(tmp_path / each / "adapter_model.safetensors") for each in ("theirs", "ours")]
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize("family", sorted(other_configs()))
def test_other_families_learn(family: str, tmp_path: Path) -> None:
    folder = save_tiny_model(other_configs()[family], tmp_path / "base")
    model = load_training_model(folder, base="tiny", lora=LORA, precision="fp32")
    assert isinstance(model, PeftTraining)
    assert falls(model)


def test_dora_learns_and_peft_loads_it(qwen: Path, tmp_path: Path) -> None:
    lora = replace(LORA, is_decomposed=True)
    model = load_training_model(qwen, base="tiny", lora=lora, precision="fp32")
    assert falls(model)
    model.save(tmp_path)
    base = AutoModelForCausalLM.from_pretrained(qwen, dtype=torch.float32)
    loaded = peft.PeftModel.from_pretrained(base, tmp_path)
    settings = loaded.peft_config["default"]
    assert isinstance(settings, peft.LoraConfig)
    assert settings.use_dora


def falls(model: PeftTraining | object) -> bool:
    """Whether some steps on one batch lower its loss."""
    assert isinstance(model, PeftTraining)
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-2)
    losses = []
    for _ in range(5):
        loss = model.loss(BATCH)[0]
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
        losses.append(loss.item())
    return losses[-1] < 0.95 * losses[0]


@pytest.mark.parametrize("family", ["qwen2", *sorted(other_configs())])
def test_gradient_checkpointing_computes_layers_again_and_changes_no_gradient(
    family: str, tmp_path: Path
) -> None:
    config = (lean_configs() | other_configs())[family]
    folder = save_tiny_model(config, tmp_path)
    passes, grads = [], []
    for is_checkpointed in (False, True):
        model = PeftTraining(
            folder,
            LORA,
            base="tiny",
            precision="fp32",
            device="cpu",
            is_checkpointed=is_checkpointed,
        )
        counted = Counter(model)
        model.loss(BATCH)[0].backward()
        passes.append(counted.passes)
        grads.append([parameter.grad for parameter in model.parameters()])
    assert passes[1] == 2 * passes[0] > 0
    for plain, again in zip(*grads, strict=True):
        torch.testing.assert_close(plain, again)


class Counter:
    """Counts how often an adapter's A is multiplied with."""

    def __init__(self, model: PeftTraining) -> None:
        self.passes = 0
        for name, module in model._model.named_modules():
            if name.endswith("lora_A.default"):
                module.register_forward_hook(self._count)

    def _count(self, *_: object) -> None:
        self.passes += 1


def test_dropout_is_the_adapter_s_alone(tmp_path: Path) -> None:
    config = other_configs()["gpt-neox"]
    config.attention_dropout = config.hidden_dropout = 0.5
    folder = save_tiny_model(config, tmp_path)
    for dropout in (0.0, 0.5):
        model = PeftTraining(
            folder,
            replace(LORA, dropout=dropout),
            base="tiny",
            precision="fp32",
            device="cpu",
            is_checkpointed=True,
        )
        for parameter in model.parameters():
            parameter.data.normal_(std=0.5, generator=torch.Generator().manual_seed(1))
        first, second = (model.loss(BATCH)[0].item() for _ in range(2))
        assert (first != second) == (dropout > 0)


def test_four_bits_on_a_cpu_are_refused(qwen: Path) -> None:
    with pytest.raises(UsageError, match=r"4 bits .* needs a CUDA device"):
        load_training_model(qwen, base="tiny", lora=replace(LORA, has_4bit_base=True))


def test_another_adapter_is_refused(qwen: Path) -> None:
    model = load_training_model(qwen, base="tiny", lora=LORA, precision="fp32")
    larger = load_training_model(qwen, base="tiny", lora=replace(LORA, rank=8), precision="fp32")
    with pytest.raises(DamagedModelError, match="another rank"):
        model.load_state_dict(larger.state_dict())
