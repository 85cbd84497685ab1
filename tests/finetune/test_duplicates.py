"""What is taken for the same."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finetune.corpus import SourceFile
from finetune.duplicates import groups, without_duplicates
from tests.finetune.repositories import module


def source(path: str, text: str) -> SourceFile:
    return SourceFile(path, "python", text)


def test_the_first_of_several_is_kept_and_named() -> None:
    text = module("total", 12)
    files = [
        source("a.py", text),
        source("b.py", module("other", 12)),
        source("c.py", text.replace("    ", "\t").replace("\n\n\n", "\n")),
        source("d.py", text + "EXTRA = 1\n"),
    ]
    kept, rejected = without_duplicates(files)
    assert [file.path for file in kept] == ["a.py", "b.py"]
    assert [(file.path, file.reason) for file in rejected] == [
        ("c.py", "duplicate of a.py"),
        ("d.py", "near-duplicate of a.py"),
    ]


@pytest.mark.parametrize(("changed", "is_near"), [(0.01, True), (0.03, True), (0.2, False)])
def test_near_is_a_matter_of_how_much_was_changed(changed: float, *, is_near: bool) -> None:
    chance = random.Random(1)
    words = [f"word{chance.randint(0, 5000)}" for _ in range(2000)]
    other = [f"new{n}" if chance.random() < changed else word for n, word in enumerate(words)]
    first, second = groups([" ".join(words), " ".join(other)])
    assert (first == second) == is_near


def test_what_is_near_to_one_of_a_group_belongs_to_it() -> None:
    words = [f"w{n}" for n in range(1000)]
    shifted = [" ".join(words[n : n + 600]) for n in (0, 80, 160)]
    assert groups(shifted) == [0, 0, 0]
    assert groups([shifted[0], shifted[2]]) == [0, 1]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(["", "a", "a b", "x = 1\n", module("m", 2), module("n", 2)])))
def test_equal_texts_are_in_one_group_whatever_their_order(texts: list[str]) -> None:
    found = groups(texts)
    for one, first in zip(texts, found, strict=True):
        for other, second in zip(texts, found, strict=True):
            if one == other:
                assert first == second


def test_many_short_files_that_are_alike_are_one() -> None:
    assert set(groups(["from a import b\n"] * 3000)) == {0}
