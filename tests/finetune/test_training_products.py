"""The hand-written gradients against autograd's, and the int8 product against the exact one."""

import pytest
import torch
from torch.nn import functional

from codegen_lsp.engine.vnni_linear import is_available
from finetune.training.attention import attend
from finetune.training.functions import rms_norm, rotate, swiglu
from finetune.training.loss import label_loss
from finetune.training.products import Int8Frozen, PlainFrozen


def drawn(*shape: int, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed + sum(shape))
    return torch.randn(*shape, generator=generator, requires_grad=True)


def compare(ours: torch.Tensor, reference: torch.Tensor, inputs: list[torch.Tensor]) -> None:
    """Both results and both gradients of `inputs` are the same."""
    torch.testing.assert_close(ours, reference, rtol=1e-4, atol=1e-5)
    above = torch.randn_like(reference)
    expected = torch.autograd.grad(reference, inputs, above)
    for gradient, wanted in zip(torch.autograd.grad(ours, inputs, above), expected, strict=True):
        torch.testing.assert_close(gradient, wanted, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("length", [1, 2, 127, 128, 129, 300])
@pytest.mark.parametrize(("heads", "kv_heads"), [(6, 2), (4, 4), (3, 1)])
def test_attention_in_blocks_is_that_of_torch(length: int, heads: int, kv_heads: int) -> None:
    queries, keys = drawn(length, heads, 16), drawn(length, kv_heads, 16, seed=1)
    values = drawn(length, kv_heads, 16, seed=2)
    reference = functional.scaled_dot_product_attention(
        queries.transpose(0, 1)[None],
        keys.transpose(0, 1)[None],
        values.transpose(0, 1)[None],
        is_causal=True,
        enable_gqa=True,
    )
    compare(
        attend(queries, keys, values),
        reference[0].transpose(0, 1).flatten(1),
        [queries, keys, values],
    )


def test_norm() -> None:
    x, weight = drawn(5, 24), drawn(24).detach()
    reference = x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-6) * weight
    compare(rms_norm(x, weight, 1e-6, torch.float32), reference, [x])


def test_gated_activation() -> None:
    x = drawn(5, 24)
    gate, up = x.chunk(2, dim=-1)
    compare(swiglu(x), functional.silu(gate) * up, [x])


def test_rotation_keeps_lengths_and_turns_back() -> None:
    heads, angles = drawn(7, 3, 8), drawn(7, 1, 4).detach()
    rotated = rotate(heads, angles.cos(), angles.sin())
    torch.testing.assert_close(rotated.norm(dim=-1), heads.norm(dim=-1))
    (gradient,) = torch.autograd.grad(rotated, heads, rotated.detach())
    torch.testing.assert_close(gradient, heads)


@pytest.mark.parametrize("rows", [1, 128, 300])
def test_loss_of_labels_in_chunks(rows: int) -> None:
    hidden, head = drawn(rows, 16), drawn(50, 16).detach()
    labels = torch.arange(rows) % 50
    weights = torch.rand(rows)
    losses = functional.cross_entropy(hidden @ head.T, labels, reduction="none")
    loss = label_loss(hidden, head, labels, weights)
    compare(loss, (losses * weights).sum(), [hidden])


@pytest.mark.skipif(not is_available(), reason="this CPU has no VNNI")
def test_int8_products_are_nearly_exact_in_both_directions() -> None:
    weight, bias = drawn(48, 32).detach(), drawn(48).detach()
    exact, narrow = PlainFrozen(weight, bias), Int8Frozen(weight, bias)
    rows, gradient = drawn(9, 32).detach(), drawn(9, 48).detach()
    pairs = (
        (exact(rows), narrow(rows)),
        (exact.backward(gradient), narrow.backward(gradient)),
    )
    for wanted, got in pairs:
        assert (got - wanted).norm() < 0.02 * wanted.norm()
