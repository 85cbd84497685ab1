"""How pieces come of candidates: what fits, in which order, and what is said of each."""

from pathlib import PurePath

import pytest

from codegen_lsp.context.candidates import Candidate
from codegen_lsp.context.excerpts import Excerpt
from codegen_lsp.context.records import Symbol
from codegen_lsp.context.rendering import Pages

FILE = "shop.py"
PLENTY = 10_000
LINE = len("def pay(): ...\n")
PATH = len(FILE) + 12


def function(name: str, line: int, *, docstring: str = "", file: str = FILE) -> Symbol:
    return Symbol(file, name, "function", "", f"def {name}():", docstring, line, line + 2)


def method(name: str, line: int, owner: Symbol) -> Symbol:
    return Symbol(owner.file, name, "method", owner.name, f"def {name}(self):", "", line, line)


def candidate(symbol: Symbol, score: float = 0.9, owner: Symbol | None = None) -> Candidate:
    return Candidate(symbol, owner, "import", score)


def excerpt(line: int, text: str) -> Excerpt:
    return Excerpt(FILE, line, text, "similar", 0.5)


def texts(pages: Pages) -> list[str]:
    return [piece.text for piece in pages.pieces()]


@pytest.mark.parametrize(
    ("budget", "shown"),
    [
        (PATH + LINE - 1, []),
        (PATH + LINE, ["def pay(): ..."]),
        (PATH + 2 * LINE - 1, ["def pay(): ..."]),
        (PATH + 2 * LINE, ["def pay(): ...\ndef ask(): ..."]),
    ],
)
def test_the_budget_is_used_up_and_a_path_paid_once(budget: int, shown: list[str]) -> None:
    pages = Pages(budget)
    pages.add(candidate(function("pay", 1)))
    pages.add(candidate(function("ask", 5)))
    assert texts(pages) == shown


def test_what_is_cheaper_still_fits_where_something_did_not() -> None:
    pages = Pages(PATH + LINE)
    pages.add(candidate(function("pay_with_a_card", 1)))
    pages.add(candidate(function("pay", 5)))
    assert texts(pages) == ["def pay(): ..."]


def test_a_file_is_told_in_its_own_order() -> None:
    shop = Symbol(FILE, "Shop", "class", "", "class Shop:", "", 10, 30)
    pages = Pages(PLENTY)
    pages.add(candidate(method("leave", 20, shop), 0.9, shop))
    pages.add(candidate(method("enter", 12, shop), 0.8, shop))
    pages.add(candidate(function("pay", 1), 0.7))
    assert texts(pages) == [
        "def pay(): ...\nclass Shop:\n    def enter(self): ...\n    def leave(self): ..."
    ]


def test_the_best_file_comes_last() -> None:
    pages = Pages(PLENTY)
    pages.add(candidate(function("pay", 1, file="a.py"), 0.9))
    pages.add(candidate(function("ask", 1, file="b.py"), 0.5))
    assert [PurePath(piece.path).stem for piece in pages.pieces()] == ["b", "a"]


@pytest.mark.parametrize(("score", "is_told"), [(0.45, True), (0.44, False)])
def test_the_docstring_of_what_is_likely_needed_is_told(score: float, is_told: bool) -> None:
    pages = Pages(PLENTY)
    pages.add(candidate(function("pay", 1, docstring="Pay all."), score))
    pages.document()
    assert ('"""Pay all."""' in texts(pages)[0]) is is_told


@pytest.mark.parametrize(
    ("docstring", "text"),
    [("", "class Shop:\n    ..."), ("Sells.", 'class Shop:\n    """Sells."""')],
)
def test_a_class_without_members_is_whole(docstring: str, text: str) -> None:
    pages = Pages(PLENTY)
    pages.add(candidate(Symbol(FILE, "Shop", "class", "", "class Shop:", docstring, 1, 9)))
    pages.document()
    assert texts(pages) == [text]


def test_signatures_come_before_docstrings() -> None:
    pages = Pages(PATH + 2 * LINE)
    pages.add(candidate(function("pay", 1, docstring="Pay all.")))
    pages.add(candidate(function("ask", 5)))
    pages.document()
    assert texts(pages) == ["def pay(): ...\ndef ask(): ..."]


@pytest.mark.parametrize(
    ("line", "is_told"), [(1, False), (3, False), (4, True), (7, True), (8, False), (12, False)]
)
def test_code_of_a_definition_that_is_told_is_no_news(line: int, is_told: bool) -> None:
    pages = Pages(PLENTY)
    pages.add(candidate(function("pay", 1)))  # to line 3
    pages.add(candidate(function("ask", 9)))  # to line 11
    there = excerpt(line, "total = 1\nrest = 2") if line != 12 else excerpt(11, "total = 1")
    assert pages.add_excerpt(there) is is_told


@pytest.mark.parametrize(("line", "is_told"), [(3, True), (4, False), (5, False), (6, True)])
def test_a_definition_that_code_shows_is_not_told_again(line: int, is_told: bool) -> None:
    pages = Pages(PLENTY)
    assert pages.add_excerpt(excerpt(4, "def pay():\n    return 1"))
    symbol = Symbol(FILE, "pay", "function", "", "def pay():", "", line, line)
    pages.add(candidate(symbol))
    assert ("def pay(): ..." in texts(pages)[0]) is is_told


def test_code_without_room_is_not_shown() -> None:
    pages = Pages(PATH + len("total = 1\n") - 1)
    assert not pages.add_excerpt(excerpt(1, "total = 1"))
    assert pages.pieces() == ()
