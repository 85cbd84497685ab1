"""The int8 product: accurate, and blind to the rows beside a row."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from codegen_lsp.engine import precision
from codegen_lsp.engine.linear import FbgemmLinear, PlainLinear

pytestmark = pytest.mark.skipif(
    precision.choose_placement().precision != "int8",
    reason="this CPU has no VNNI: int8 is not used",
)

WIDTHS = (1, 2, 3, 7, 8, 16, 33, 128, 512)


@pytest.fixture(scope="module")
def weight() -> torch.Tensor:
    return torch.randn(320, 192, generator=torch.Generator().manual_seed(0)) * 0.05


def rows(count: int, seed: int = 1) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    spread = torch.logspace(-3, 3, count).unsqueeze(1)  # rows of very different magnitudes
    return torch.randn(count, 192, generator=generator) * spread


def test_result_of_a_row_does_not_depend_on_the_rows_beside_it(weight: torch.Tensor) -> None:
    linear = FbgemmLinear(weight, torch.randn(320))
    x = rows(512)
    alone = torch.cat([linear(x[i : i + 1]) for i in range(512)])
    for width in WIDTHS:
        together = torch.cat([linear(block) for block in x.split(width)])
        assert torch.equal(together, alone), width


@settings(max_examples=30, deadline=None)
@given(order=st.permutations(range(12)))
def test_rows_may_come_in_any_order(order: list[int]) -> None:
    linear = FbgemmLinear(torch.randn(64, 192, generator=torch.Generator().manual_seed(3)), None)
    x = rows(12)
    assert torch.equal(linear(x[order]), linear(x)[order])


def test_close_to_the_exact_product(weight: torch.Tensor) -> None:
    bias = torch.randn(320)
    x = rows(64)
    exact = PlainLinear(weight, bias)(x) - bias
    errors = (FbgemmLinear(weight, bias)(x) - bias - exact).norm(dim=1) / exact.norm(dim=1)
    assert errors.max() < 0.02


def test_bias_is_not_scaled_with_the_row(weight: torch.Tensor) -> None:
    bias = torch.arange(320, dtype=torch.float32)
    assert torch.equal(FbgemmLinear(weight, bias)(torch.zeros(3, 192)), bias.expand(3, -1))


def test_weights_given_are_left_as_they_are(weight: torch.Tensor) -> None:
    before = weight.clone()
    FbgemmLinear(weight, None)
    assert torch.equal(weight, before)


def test_head_packed_in_blocks_gives_the_rows_of_each_block() -> None:
    weight = torch.randn(40_000, 16, generator=torch.Generator().manual_seed(5))
    x = torch.randn(2, 16, generator=torch.Generator().manual_seed(6))
    whole = FbgemmLinear(weight, None)(x)
    part = FbgemmLinear(weight[20_000:20_100].contiguous(), None)(x)
    assert torch.equal(whole[:, 20_000:20_100], part)
