"""The training forward against transformers with peft, on tiny models of every variation."""

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import peft
import pytest
import torch
from torch.nn import functional
from transformers import AutoModelForCausalLM

from codegen_lsp.engine.vnni_linear import is_available
from finetune.examples import Example
from finetune.training.load import load_training_model
from finetune.training.lora import LoraSettings
from finetune.training.model import LlamaTraining
from tests.engine.tiny_models import lean_configs, save_tiny_model

# peft asks transformers for a name that it is about to drop
pytestmark = pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is:FutureWarning")

FAMILIES = sorted(lean_configs())
LORA = LoraSettings(rank=4, alpha=8)


@pytest.fixture(scope="module", params=FAMILIES)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(lean_configs()[request.param], tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def qwen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(lean_configs()["qwen2"], tmp_path_factory.mktemp("qwen"))


def example(length: int, num_labels: int, seed: int) -> Example:
    ids = tuple(random.Random(seed).choices(range(320), k=length))
    return Example(ids, num_labels, "a.py", "statement", has_context=False)


BATCH = [example(40, 7, 1), example(300, 1, 2), example(5, 4, 3)]


def load(folder: Path, **options: Any) -> LlamaTraining:
    given: dict[str, Any] = {"lora": LORA, "precision": "fp32"} | options
    model = load_training_model(folder, base="tiny", **given)
    assert isinstance(model, LlamaTraining)
    generator = torch.Generator().manual_seed(1)
    for parameter in model.parameters():  # B is zero at first, and would hide A's gradients
        parameter.data.normal_(std=0.05, generator=generator)
    return model


def gradients(model: LlamaTraining, batch: list[Example] = BATCH) -> dict[str, torch.Tensor]:
    """The loss's gradients by peft's names."""
    model.loss(batch)[0].backward()
    trained = model.state_dict()
    with torch.no_grad():
        for parameter in model.parameters():
            assert parameter.grad is not None
            parameter.copy_(parameter.grad)
    found = model.state_dict()
    model.load_state_dict(trained)
    return found


def reference_loss(model: Any, batch: list[Example]) -> torch.Tensor:
    total = torch.zeros(())
    for one in batch:
        logits = model(input_ids=torch.tensor([one.ids])).logits[0, -one.num_labels - 1 : -1]
        labels = torch.tensor(one.ids[-one.num_labels :])
        total = total + functional.cross_entropy(logits, labels, reduction="sum")
    return total


@pytest.mark.parametrize("is_rank_stabilised", [False, True])
def test_loss_and_gradients_are_those_of_peft(
    folder: Path, tmp_path: Path, *, is_rank_stabilised: bool
) -> None:
    ours = load(folder, lora=LoraSettings(4, 8, is_rank_stabilised=is_rank_stabilised))
    ours.save(tmp_path)
    base = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    theirs = peft.PeftModel.from_pretrained(base, tmp_path, is_trainable=True)
    loss, weight = ours.loss(BATCH)
    reference = reference_loss(theirs, BATCH)
    assert weight == 12
    torch.testing.assert_close(loss, reference, rtol=1e-5, atol=1e-4)
    reference.backward()
    names = {
        name.replace(".default", ""): parameter.grad
        for name, parameter in theirs.named_parameters()
        if parameter.requires_grad
    }
    ours_by_name = gradients(ours)
    assert names.keys() == ours_by_name.keys()
    for name, gradient in names.items():
        torch.testing.assert_close(ours_by_name[name], gradient, rtol=1e-3, atol=1e-4)


def test_sequences_of_a_batch_do_not_see_each_other(qwen: Path) -> None:
    model = load(qwen)
    together = model.loss(BATCH)[0]
    singly = sum(model.loss([one])[0] for one in BATCH)
    torch.testing.assert_close(together, singly)


def test_the_text_before_the_cursor_is_learnt_by_its_weight(qwen: Path) -> None:
    model = load(qwen)
    (labels, _), (both, _), (weighted, weight) = (
        model.loss([one])
        for one in (
            BATCH[0],
            replace(BATCH[0], num_labels=BATCH[0].num_labels + 5),
            replace(BATCH[0], num_prefix=5, prefix_weight=0.25),
        )
    )
    torch.testing.assert_close(weighted, labels + 0.25 * (both - labels))
    assert weight == BATCH[0].num_labels + 1.25


def test_gradient_checkpointing_changes_no_gradient(qwen: Path) -> None:
    plain, again = gradients(load(qwen)), gradients(load(qwen, is_checkpointed=True))
    for name, gradient in plain.items():
        assert torch.equal(again[name], gradient), name


@pytest.mark.parametrize("precision", ["bf16", "int8"])
def test_narrow_products_have_nearly_the_same_gradients(qwen: Path, precision: str) -> None:
    if precision == "int8" and not is_available():
        pytest.skip("this CPU has no VNNI")
    exact, narrow = gradients(load(qwen)), gradients(load(qwen, precision=precision))
    for name, gradient in exact.items():
        likeness = functional.cosine_similarity(gradient.flatten(), narrow[name].flatten(), dim=0)
        assert likeness > 0.95, (name, likeness)


def test_dropout_is_drawn_anew_and_by_the_seed(qwen: Path) -> None:
    model = load(qwen, lora=LoraSettings(4, 8, dropout=0.3))
    torch.manual_seed(5)
    first, second = model.loss(BATCH)[0], model.loss(BATCH)[0]
    torch.manual_seed(5)
    assert model.loss(BATCH)[0] == first
    assert first != second
    assert load(qwen).loss(BATCH)[0] == load(qwen).loss(BATCH)[0]


def test_a_new_adapter_changes_nothing_and_hangs_on_the_seed(qwen: Path) -> None:
    def first(seed: int) -> dict[str, torch.Tensor]:
        model = load_training_model(
            qwen, base="tiny", lora=LoraSettings(4, 8, seed=seed), precision="fp32"
        )
        base = AutoModelForCausalLM.from_pretrained(qwen, dtype=torch.float32)
        torch.testing.assert_close(model.loss(BATCH)[0], reference_loss(base, BATCH))
        return model.state_dict()

    drawn, again, other = first(1), first(1), first(2)
    assert all(torch.equal(drawn[name], again[name]) for name in drawn)
    assert any(not torch.equal(drawn[name], other[name]) for name in drawn)
