"""Holes that need another file: which are cut, and where."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from codegen_lsp.errors import UsageError
from codegen_lsp.evaluate.holes import Hole, cut
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


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path.resolve()


def cut_from(folder: Path, sources: Sequence[Source], count: int, seed: int) -> list[Hole]:
    for each in sources:
        (folder / each.name).write_text(each.text, encoding="utf-8")
    return cut(folder, sources, count, seed)


def test_a_hole_uses_a_name_of_another_file_and_stands_in_code(folder: Path) -> None:
    holes = cut_from(folder, FILES, 10, seed=0)
    assert {hole.case.path for hole in holes} == {"user.py"}
    assert sorted(hole.names for hole in holes) == [("open_basket",), ("total_price",)]
    for hole in holes:
        assert hole.case.prefix + hole.case.middle + hole.case.suffix == USER
        assert hole.names[0] in hole.case.middle
        assert "\n" not in hole.case.middle


def test_the_same_seed_cuts_the_same_holes(folder: Path) -> None:
    assert cut_from(folder, FILES, 10, seed=3) == cut_from(folder, FILES, 10, seed=3)
    cuts = {
        tuple(hole.case.prefix for hole in cut_from(folder, FILES, 1, seed)) for seed in range(12)
    }
    assert len(cuts) > 1


def test_every_file_gives_one_before_any_gives_a_second(folder: Path) -> None:
    more = [source(f"user_{number}.py", USER) for number in range(3)]
    files = [hole.case.path for hole in cut_from(folder, [*FILES, *more], 4, seed=0)]
    assert len(set(files)) == 4


def test_what_the_file_itself_or_a_library_defines_is_no_reason_for_a_hole(folder: Path) -> None:
    own = source("own.py", "def open_basket():\n    return 1\n\n\nx = open_basket()\n")
    same = source("same.py", "class A:\n    def dumps(self):\n        return 1\n")
    caller = source("caller.py", "import json\n\n\ndef f(values):\n    json.dumps(values)\n")
    with pytest.raises(UsageError, match="no Python file"):
        cut_from(folder, [own, same, caller], 5, seed=0)


def test_members_are_found_by_the_type_of_what_they_belong_to(folder: Path) -> None:
    text = "from shop import Basket\n\n\ndef pay(basket: Basket):\n    basket.total_price()\n"
    (hole,) = cut_from(folder, [source("shop.py", SHOP), source("pay.py", text)], 5, seed=0)
    assert hole.names == ("total_price",)


def test_a_folder_inside_a_package_is_read_as_the_package(folder: Path) -> None:
    inner = folder / "market"
    inner.mkdir()
    (inner / "__init__.py").write_text("", encoding="utf-8")
    text = "from market.shop import open_basket\n\n\nopen_basket('x')\n"
    (hole,) = cut_from(inner, [source("shop.py", SHOP), source("pay.py", text)], 5, seed=0)
    assert hole.names == ("open_basket",)


def test_without_jedi_it_says_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jedi", None)
    with pytest.raises(UsageError, match=r"codegen-lsp\[bench\]"):
        cut_from(folder, FILES, 1, seed=0)
