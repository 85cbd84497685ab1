"""Holes that need another file: which are cut, and where."""

import pytest

from codegen_lsp.errors import UsageError
from codegen_lsp.evaluate.holes import cut
from codegen_lsp.evaluate.replay_text import Source

SHOP = """\
class Basket:
    def total_price(self):
        return 1


def open_basket(name):
    return Basket()
"""
USER = """\
from shop import (
    open_basket,
)


def report(name):
    # open_basket in a comment
    basket = open_basket(name)
    print(basket.total_price())
    return "open_basket"
"""


def source(name: str, text: str, language: str = "python") -> Source:
    return Source(name, language, text)


FILES = [source("shop.py", SHOP), source("user.py", USER), source("notes.md", USER, "markdown")]


def test_a_hole_uses_a_name_of_another_file_and_stands_in_code() -> None:
    holes = cut(FILES, 10, seed=0)
    assert {hole.case.path for hole in holes} == {"user.py"}
    assert sorted(hole.names for hole in holes) == [("open_basket",), ("total_price",)]
    for hole in holes:
        assert hole.case.prefix + hole.case.middle + hole.case.suffix == USER
        assert hole.names[0] in hole.case.middle
        assert "\n" not in hole.case.middle


def test_the_same_seed_cuts_the_same_holes() -> None:
    assert cut(FILES, 10, seed=3) == cut(FILES, 10, seed=3)
    cuts = {tuple(hole.case.prefix for hole in cut(FILES, 1, seed)) for seed in range(12)}
    assert len(cuts) > 1


def test_every_file_gives_one_before_any_gives_a_second() -> None:
    more = [source(f"user_{number}.py", USER) for number in range(3)]
    files = [hole.case.path for hole in cut([*FILES, *more], 4, seed=0)]
    assert len(set(files)) == 4


def test_names_that_everything_has_or_the_file_itself_defines_say_nothing() -> None:
    own = source("own.py", "def open_basket():\n    return 1\n\n\nx = open_basket()\n")
    builtin = source("data.py", "class A:\n    def items(self):\n        return 1\n")
    caller = source("caller.py", "def f(values):\n    return values.items()\n")
    with pytest.raises(UsageError, match="no Python file"):
        cut([own, builtin, caller], 5, seed=0)
