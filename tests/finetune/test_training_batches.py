import random

import pytest

from finetune.examples import Example
from finetune.training.batches import steps_of


def examples(count: int, seed: int = 0) -> list[Example]:
    chance = random.Random(seed)
    return [
        Example(
            tuple(range(number * 1000, number * 1000 + chance.randint(10, 400))),
            number % 7 + 1,
            "a.py",
            "statement",
            has_context=False,
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("num_processes", [1, 2, 3])
def test_every_example_is_learned_once_and_in_its_step(num_processes: int) -> None:
    drawn = examples(21)
    of_processes = [
        steps_of(
            drawn,
            sequences_per_step=8,
            tokens_per_batch=500,
            rank=rank,
            num_processes=num_processes,
        )
        for rank in range(num_processes)
    ]
    assert {len(steps) for steps in of_processes} == {3}
    for index, start in enumerate(range(0, 21, 8)):
        members = drawn[start : start + 8]
        together = [steps[index] for steps in of_processes]
        learned = [one for step in together for batch in step.batches for one in batch]
        assert sorted(one.ids for one in learned) == sorted(one.ids for one in members)
        assert {step.num_labels for step in together} == {sum(one.num_labels for one in members)}
        assert {step.weight for step in together} == {sum(one.num_labels for one in members)}
        assert {step.num_tokens for step in together} == {sum(len(one.ids) for one in members)}


def test_batches_stay_within_their_tokens_and_hold_like_lengths() -> None:
    (step,) = steps_of(examples(40), sequences_per_step=40, tokens_per_batch=600)
    sizes = [[len(one.ids) for one in batch] for batch in step.batches]
    assert all(sum(batch) <= 600 for batch in sizes)
    assert [size for batch in sizes for size in batch] == sorted(
        size for batch in sizes for size in batch
    )
    assert len(sizes) < 40


def test_an_example_longer_than_a_batch_is_one_by_itself() -> None:
    (step,) = steps_of(examples(4), sequences_per_step=4, tokens_per_batch=5)
    assert [len(batch) for batch in step.batches] == [1, 1, 1, 1]


def test_processes_share_the_tokens_evenly() -> None:
    shares = [
        sum(
            len(one.ids)
            for step in steps_of(
                examples(64),
                sequences_per_step=16,
                tokens_per_batch=600,
                rank=rank,
                num_processes=2,
            )
            for batch in step.batches
            for one in batch
        )
        for rank in range(2)
    ]
    assert abs(shares[0] - shares[1]) < 0.15 * sum(shares)
