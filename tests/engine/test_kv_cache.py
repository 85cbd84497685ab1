"""One sequence: what it has in common with another, and that growing and forking lose nothing."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from codegen_lsp.engine.kv_cache import GROWTH_STEP, KVCache, common_prefix_length

SHAPE = (2, 1, 3 * GROWTH_STEP, 4)


@given(
    shared=st.lists(st.integers(0, 3), max_size=300),
    first=st.lists(st.integers(0, 3), max_size=5),
    second=st.lists(st.integers(0, 3), max_size=5),
)
def test_common_prefix_is_that_of_a_plain_loop(
    shared: list[int], first: list[int], second: list[int]
) -> None:
    one, two = shared + first, shared + second
    expected = 0
    while expected < min(len(one), len(two)) and one[expected] == two[expected]:
        expected += 1
    assert common_prefix_length(one, two) == expected


def filled(length: int) -> KVCache:
    cache = KVCache(SHAPE, dtype=torch.float32, device="cpu")
    cache.reserve(length)
    cache.keys[:, :, :length] = torch.arange(length)[:, None]
    cache.values[:, :, :length] = -torch.arange(length)[:, None]
    cache.extend(list(range(length)))
    return cache


@pytest.mark.parametrize(
    ("length", "capacity"),
    [(1, 1), (GROWTH_STEP, 1), (GROWTH_STEP + 1, 2), (3 * GROWTH_STEP, 3)],
)
def test_buffers_grow_in_steps(length: int, capacity: int) -> None:
    cache = KVCache(SHAPE, dtype=torch.float32, device="cpu")
    assert cache.num_bytes == 0
    announced = cache.bytes_for(length)
    cache.reserve(length)
    assert cache.keys.shape[2] == cache.values.shape[2] == capacity * GROWTH_STEP
    assert cache.num_bytes == announced == 2 * 2 * 4 * 4 * capacity * GROWTH_STEP


def test_growing_keeps_what_is_written() -> None:
    cache = filled(7)
    cache.reserve(GROWTH_STEP + 1)
    assert cache.keys[1, 0, :7, 0].tolist() == list(range(7))
    assert cache.values[1, 0, :7, 3].tolist() == [-i for i in range(7)]


def test_a_fork_has_buffers_of_its_own() -> None:
    cache = filled(7)
    fork = cache.fork(5, GROWTH_STEP + 1)
    assert fork.ids == [0, 1, 2, 3, 4]
    assert fork.keys.shape[2] == 2 * GROWTH_STEP
    fork.keys.zero_()
    fork.truncate(2)
    assert cache.ids == list(range(7))
    assert cache.keys[0, 0, :7, 0].tolist() == list(range(7))
    assert fork.values[0, 0, :5, 0].tolist() == [0, -1, -2, -3, -4]
