"""Which sequence a prompt goes on with, and which are dropped."""

import torch

from codegen_lsp.engine.kv_cache import GROWTH_STEP, KVCache
from codegen_lsp.engine.sequences import FORK_TOKENS, SequencePool

SHAPE = (1, 1, 4 * GROWTH_STEP, 2)
STEP_BYTES = 2 * 2 * 4 * GROWTH_STEP
LONG = FORK_TOKENS + 1


def pool_for(steps: int) -> SequencePool:
    """A pool whose budget is that of `steps` growth steps."""
    return SequencePool(KVCache(SHAPE, dtype=torch.float32, device="cpu"), steps * STEP_BYTES)


def read(pool: SequencePool, prompt: list[int], generated: int = 0) -> int:
    """Do with the pool what a request does; how much of `prompt` was there already."""
    pool.begin(prompt)
    cached = len(pool.current.ids)
    assert pool.current.ids == prompt[:cached]
    new = prompt[cached:] + [9] * generated
    pool.reserve(cached + len(new))
    pool.current.extend(new)
    return cached


def test_typing_on_goes_on_in_place() -> None:
    pool = pool_for(8)
    assert read(pool, [1] * 300) == 0
    assert read(pool, [1] * 300 + [2]) == 300
    assert len(pool) == 1


def test_what_was_generated_and_not_wanted_is_not_worth_a_sequence() -> None:
    pool = pool_for(8)
    read(pool, [1] * 300, generated=200)
    assert read(pool, [1] * 300 + [2]) == 300
    assert len(pool) == 1


def test_a_few_lost_tokens_are_not_worth_a_sequence() -> None:
    pool = pool_for(8)
    read(pool, [1] * 300)
    assert read(pool, [1] * (300 - FORK_TOKENS) + [2]) == 300 - FORK_TOKENS
    assert len(pool) == 1


def test_a_jump_and_the_jump_back_find_their_places() -> None:
    pool = pool_for(8)
    here, there = [1] * 300 + [2] * LONG, [1] * 300 + [3] * LONG
    assert read(pool, here) == 0
    assert read(pool, there) == 300
    assert read(pool, [*here, 4]) == len(here)
    assert read(pool, [*there, 5]) == len(there)
    assert len(pool) == 2


def test_documents_that_share_nothing_have_a_sequence_each() -> None:
    pool = pool_for(8)
    read(pool, [1] * LONG)
    assert read(pool, [2] * LONG) == 0
    assert read(pool, [1] * LONG) == LONG


def test_the_sequence_that_loses_least_is_taken() -> None:
    pool = pool_for(8)
    read(pool, [1] * 300 + [2] * LONG)
    read(pool, [1] * 300 + [3])
    assert read(pool, [1] * 300 + [4] * LONG) == 300
    assert read(pool, [1] * 300 + [2] * LONG) == 300 + LONG


def test_the_least_recently_used_is_dropped_first() -> None:
    pool = pool_for(2)
    read(pool, [1] * LONG)
    read(pool, [2] * LONG)
    read(pool, [1] * LONG)
    read(pool, [3] * LONG)
    assert pool.num_bytes == 2 * STEP_BYTES
    assert read(pool, [1] * LONG) == LONG
    assert read(pool, [2] * LONG) == 0


def test_where_a_copy_does_not_fit_the_sequence_is_cut() -> None:
    pool = pool_for(1)
    read(pool, [1] * 300 + [2] * LONG)
    assert read(pool, [1] * 300 + [3] * LONG) == 300
    assert len(pool) == 1


def test_a_budget_smaller_than_one_prompt_holds_one_sequence() -> None:
    pool = pool_for(0)
    for first in (1, 2, 3):
        assert read(pool, [first] * (GROWTH_STEP + 1)) == 0
        assert len(pool) == 1
    assert read(pool, [3] * (GROWTH_STEP + 1)) == GROWTH_STEP + 1


def test_growing_drops_others_to_stay_within_the_budget() -> None:
    pool = pool_for(3)
    read(pool, [1] * LONG)
    read(pool, [2] * LONG)
    read(pool, [2] * LONG + [3] * 2 * GROWTH_STEP)
    assert len(pool) == 1
    assert pool.num_bytes == 3 * STEP_BYTES


def test_a_prompt_read_in_part_counts_for_that_part() -> None:
    pool = pool_for(8)
    pool.begin([1] * 300)
    pool.current.extend([1] * 10)  # cancelled after this
    assert read(pool, [1] * 5 + [2]) == 5
    assert len(pool) == 1


def test_two_prompts_are_held_where_the_budget_has_room_for_both() -> None:
    assert pool_for(4).holds_two(2 * GROWTH_STEP)
    assert not pool_for(3).holds_two(2 * GROWTH_STEP)
