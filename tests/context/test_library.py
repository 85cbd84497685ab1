"""The symbols of the workspace as one of its files sees them."""

from collections.abc import Sequence

from codegen_lsp.context.library import Library
from codegen_lsp.context.place import place_at
from codegen_lsp.context.records import Chunk, Symbol


def symbol(file: str, name: str = "pay", container: str = "", line: int = 1) -> Symbol:
    return Symbol(file, name, "function", container, f"def {name}():", "", line, line)


class Shelf:
    """An index of given symbols and chunks, which counts what it is asked."""

    def __init__(self, symbols: Sequence[Symbol], chunks: Sequence[Chunk] = ()) -> None:
        self._symbols = list(symbols)
        self._chunks = list(chunks)
        self.asked = 0

    def symbols(self, names: Sequence[str], limit: int) -> list[Symbol]:
        self.asked += 1
        return [each for each in self._symbols if each.name in names][:limit]

    def symbols_of(self, file: str) -> list[Symbol]:
        self.asked += 1
        return [each for each in self._symbols if each.file == file]

    def search(self, terms: Sequence[str], limit: int) -> list[Chunk]:
        del terms
        return self._chunks[:limit]


def library(shelf: Shelf, name: str = "shop/till/main.py", text: str = "x = 1\n") -> Library:
    place = place_at("python", text, 0)
    assert place is not None
    return Library(shelf, name, place)


def test_the_closest_files_come_first_then_by_name() -> None:
    files = ["a.py", "shop/b.py", "shop/a.py", "shop/till/z.py", "till/a.py"]
    found = library(Shelf([symbol(file) for file in files])).named("pay")
    assert [each.file for each in found] == [
        "shop/till/z.py",
        "shop/a.py",
        "shop/b.py",
        "a.py",
        "till/a.py",
    ]


def test_of_its_own_file_the_text_counts_and_not_the_index() -> None:
    name = "shop/till/main.py"
    old = symbol(name, "pay", line=70)
    seen = library(Shelf([old, symbol("a.py")]), name, "def pay(amount): ...\n")
    own, other = seen.named("pay")
    assert (own.file, own.signature, own.start_line) == (name, "def pay(amount):", 1)
    assert other.file == "a.py"
    assert seen.of_file(name) == [own]


def test_chunks_of_its_own_file_are_left_out() -> None:
    chunks = [Chunk(file, 1, 2, "x\n", 1.0) for file in ("shop/till/main.py", "a.py")]
    found = library(Shelf([], chunks)).search(["x"], 5)
    assert [each.file for each in found] == ["a.py"]


def test_a_member_is_told_once_and_its_class_is_the_one_around_it() -> None:
    classes = [
        Symbol("a.py", "Shop", "class", "", "class Shop:", "", start, start + 5)
        for start in (1, 20)
    ]
    members = [symbol("a.py", "pay", "Shop", line) for line in (2, 21)]
    seen = library(Shelf([*classes, *members]))
    assert seen.members(classes[0]) == members[:1]
    assert [seen.owner(member) for member in members] == classes
    assert seen.owner(symbol("a.py", "pay", "Shop", line=50)) is None


def test_what_was_looked_up_is_remembered() -> None:
    shelf = Shelf([symbol("a.py")])
    seen = library(shelf)
    for _ in range(3):
        seen.named("pay")
        seen.of_file("a.py")
    assert shelf.asked == 2
