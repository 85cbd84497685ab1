"""Attention by our own code: that of torch, and blind to the queries beside a query."""

import math
from collections.abc import Iterator

import pytest
import torch
from torch.nn import functional

from codegen_lsp.engine.attention import Attention, can_attend

SIZES = [(14, 2, 64), (4, 4, 32), (4, 1, 16), (12, 2, 128), (9, 3, 48), (16, 1, 16)]
CAPACITY = 300

pytestmark = pytest.mark.skipif(not can_attend(4, 1, 16), reason="no VNNI, or no OpenMP to join")


@pytest.fixture(params=[1, 2, 3])
def threads(request: pytest.FixtureRequest) -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield
    torch.set_num_threads(before)


def tensors(
    sizes: tuple[int, int, int], length: int, count: int, spread: float = 2.0
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Queries for the last `count` of `length` positions; what is beyond these is not a number."""
    heads, kv_heads, head_dim = sizes
    generator = torch.Generator().manual_seed(length)
    queries = torch.randn(count, heads, head_dim, generator=generator) * spread
    keys = torch.randn(kv_heads, CAPACITY, head_dim, generator=generator) * spread
    values = torch.randn(kv_heads, CAPACITY, head_dim, generator=generator)
    keys[:, length:] = values[:, length:] = math.nan
    return queries, keys, values


def by_torch(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, start: int
) -> torch.Tensor:
    count, length = queries.shape[0], start + queries.shape[0]
    mask = torch.ones(count, length, dtype=torch.bool).tril(start)
    output = functional.scaled_dot_product_attention(
        queries.double().transpose(0, 1).unsqueeze(0),
        keys[:, :length].double().unsqueeze(0),
        values[:, :length].double().unsqueeze(0),
        attn_mask=mask,
        enable_gqa=True,
    )
    return output.squeeze(0).transpose(0, 1).reshape(count, -1)


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize(
    ("length", "count"), [(1, 1), (2, 2), (33, 1), (40, 7), (255, 40), (CAPACITY, CAPACITY)]
)
def test_result_is_that_of_torch(
    threads: None, sizes: tuple[int, int, int], length: int, count: int
) -> None:
    given = tensors(sizes, length, count)
    found = Attention(*sizes)(*given, length - count)
    expected = by_torch(*given, length - count)
    torch.testing.assert_close(found.double(), expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("sizes", SIZES)
def test_result_of_a_query_does_not_depend_on_the_queries_beside_it(
    threads: None, sizes: tuple[int, int, int]
) -> None:
    queries, keys, values = tensors(sizes, CAPACITY, 100)
    attend, start = Attention(*sizes), CAPACITY - 100
    alone = [attend(queries[i : i + 1], keys, values, start + i) for i in range(100)]
    for width in (2, 8, 33, 100):
        blocks = [
            attend(queries[i : i + width], keys, values, start + i) for i in range(0, 100, width)
        ]
        assert torch.equal(torch.cat(blocks), torch.cat(alone)), width


def test_huge_scores_do_not_overflow() -> None:
    sizes = SIZES[0]
    given = tensors(sizes, 64, 3, spread=1e3)
    found = Attention(*sizes)(*given, 61)
    torch.testing.assert_close(found.double(), by_torch(*given, 61), rtol=1e-3, atol=1e-3)


def test_sizes_that_do_not_fit_are_left_to_torch() -> None:
    assert not can_attend(4, 1, 20)
    assert not can_attend(64, 1, 64)
