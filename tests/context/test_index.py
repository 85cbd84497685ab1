"""Reading the index: what is found, in which order, and that nothing broken gets through."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from codegen_lsp.context import database, index, indexing, writing
from codegen_lsp.context.index import Index, IndexState
from codegen_lsp.context.indexing import build, update
from codegen_lsp.context.packing import pack
from tests.context.indexed import RULES, index_files, readings_in_process, write

SHOP = '''"""Buying things."""

import money

TAX = 0.2


class Basket:
    """What somebody wants to buy."""

    def add_item(self, item: str, count: int = 1) -> None:
        """Put `count` of `item` in."""
        def helper():
            return item

    @property
    def total(self) -> money.Amount:
        return money.sum(self.items)


def checkout(basket: Basket) -> None:
    """Pay and empty `basket`."""
    basket.pay()
'''
CLIENT = """export class Basket {
  addItem(item: string): void {}
}

export function removeBasketLine(basket: Basket): void {
  basket.items.pop();
  console.log("gone");
}
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty workspace, its index in a cache folder of its own."""
    monkeypatch.setattr(indexing, "readings", readings_in_process)
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(tmp_path / "cache"))
    folder = tmp_path / "workspace"
    folder.mkdir()
    return folder


@pytest.fixture
def shop(root: Path) -> Index:
    """The index of a small workspace."""
    index_files(root, {"shop/basket.py": SHOP, "web/client.ts": CLIENT})
    return Index.open(root)


def everything(found: Index) -> list[object]:
    """Whatever the index can be asked for."""
    return [
        found.symbols(["Basket", "checkout"], 5),
        found.symbols_of("shop/basket.py"),
        found.search(["add_item", "pay"], 5),
        found.files(),
    ]


NOTHING: list[object] = [[], [], [], []]


def test_a_symbol_says_what_where_and_how(shop: Index) -> None:
    (found,) = shop.symbols(["add_item"], 5)
    assert found == index.Symbol(
        file="shop/basket.py",
        name="add_item",
        kind="method",
        container="Basket",
        signature="def add_item(self, item: str, count: int = 1) -> None:",
        docstring="Put `count` of `item` in.",
        start_line=11,
        end_line=14,
    )


def test_symbols_come_in_the_order_of_names_and_files(shop: Index) -> None:
    found = shop.symbols(["checkout", "Basket", "no_such_name", "checkout"], 5)
    assert [(symbol.name, symbol.file) for symbol in found] == [
        ("checkout", "shop/basket.py"),
        ("Basket", "shop/basket.py"),
        ("Basket", "web/client.ts"),
    ]


def test_the_limit_holds_for_each_name(shop: Index) -> None:
    found = shop.symbols(["Basket", "checkout"], 1)
    assert [symbol.name for symbol in found] == ["Basket", "checkout"]


def test_names_are_exact(shop: Index) -> None:
    assert shop.symbols(["basket", "Bask", "check%", ""], 5) == []


def test_a_file_gives_its_symbols_in_order_without_local_ones(shop: Index) -> None:
    names = [symbol.name for symbol in shop.symbols_of("shop/basket.py")]
    assert names == ["TAX", "Basket", "add_item", "total", "checkout"]
    assert shop.symbols_of("basket.py") == []


@pytest.mark.parametrize("term", ["remove_basket_line", "removeBasketLine", "REMOVE_BASKET_LINE"])
def test_a_search_knows_an_identifier_however_it_is_spelled(shop: Index, term: str) -> None:
    best = shop.search([term], 5)[0]
    assert (best.file, best.start_line, best.end_line) == ("web/client.ts", 5, 8)
    assert best.text == "".join(CLIENT.splitlines(keepends=True)[4:])
    assert best.score > 0


def test_a_search_knows_the_parts_of_identifiers(shop: Index) -> None:
    assert {chunk.file for chunk in shop.search(["item"], 5)} == {"shop/basket.py", "web/client.ts"}


def test_a_search_puts_the_best_first_and_keeps_to_its_limit(shop: Index) -> None:
    found = shop.search(["checkout basket pay"], 10)
    assert found[0].text.startswith("def checkout")
    assert [chunk.score for chunk in found] == sorted((c.score for c in found), reverse=True)
    assert shop.search(["checkout basket pay"], 1) == found[:1]


@pytest.mark.parametrize("terms", [[], [""], ["zebra"], ["1", "x", "+ -"], ["x" * 5000]])
def test_a_search_for_what_is_not_there_finds_nothing(shop: Index, terms: list[str]) -> None:
    assert shop.search(terms, 5) == []


@pytest.mark.parametrize(
    "hostile", ['pay" OR "', "pay AND NOT", "pay*", "NEAR(pay", "{pay}: ^", "pay\0"]
)
def test_what_is_searched_for_is_no_query_language(shop: Index, hostile: str) -> None:
    assert shop.search([hostile], 5) == shop.search(["pay", *hostile.replace("pay", "").split()], 5)


def test_lines_end_in_one_way(root: Path) -> None:
    index_files(root, {"a.py": "def one():\r\n    x = 1\r\n    y = 2\r\n    return banana\r\n"})
    (chunk,) = Index.open(root).search(["banana"], 5)
    assert chunk.text == "def one():\n    x = 1\n    y = 2\n    return banana\n"
    assert (chunk.start_line, chunk.end_line) == (1, 4)


def test_which_of_equals_come_first_does_not_hang_on_when_they_came(root: Path) -> None:
    text = "def peel(banana):\n    a = 1\n    b = 2\n    return banana\n"
    index_files(root, {"c.py": text})
    for name in ("b.py", "a.py"):
        write(root, {name: text})
        assert update(root, [root / name], RULES)
    assert [chunk.file for chunk in Index.open(root).search(["banana"], 2)] == ["a.py", "b.py"]


@pytest.fixture
def common(root: Path, monkeypatch: pytest.MonkeyPatch) -> Index:
    """An index in which "common" stands in more chunks than a search looks at."""
    monkeypatch.setattr(writing, "FREQUENT", 2)
    monkeypatch.setattr(index, "MOST_MATCHES", 5)
    index_files(root, {f"f{number}.py": f"common = rare{number}\n" for number in range(8)})
    return Index.open(root)


def test_common_words_do_not_count_beside_rare_ones(common: Index) -> None:
    assert [chunk.file for chunk in common.search(["common", "rare3"], 9)] == ["f3.py"]


def test_common_words_alone_find_nothing(common: Index) -> None:
    assert common.search(["common"], 9) == []


def test_secrets_are_not_in_the_index(root: Path) -> None:
    key = "AKIA" + "Z7QK3MX2VN4TB6WD"
    text = f'def connect(key="{key}"):\n    """Use {key}."""\n    a = 1\n    return "{key}"\n'
    index_files(root, {"cloud.py": text})
    found = Index.open(root)
    (chunk,) = found.search(["connect"], 5)
    (symbol,) = found.symbols(["connect"], 5)
    assert key not in chunk.text + symbol.signature + symbol.docstring
    assert found.search([key], 5) == []


def test_two_workspaces_have_nothing_in_common(root: Path) -> None:
    for name in ("one", "two"):
        index_files(root / name, {"a.py": f"{name} = 1\n"})
    assert Index.open(root / "one").symbols(["one", "two"], 5)[0].name == "one"
    assert Index.open(root / "two").symbols(["one"], 5) == []


def test_a_workspace_is_known_by_its_real_path(shop: Index, root: Path) -> None:
    link = root.parent / "link"
    link.symlink_to(root)
    assert everything(Index.open(link)) == everything(shop)


def test_several_threads_may_ask(shop: Index) -> None:
    expected = everything(shop)
    with ThreadPoolExecutor(8) as threads:
        answers = [threads.submit(everything, shop) for _ in range(50)]
    assert all(answer.result() == expected for answer in answers)


def test_without_an_index_nothing_is_found(root: Path) -> None:
    found = Index.open(root)
    assert everything(found) == NOTHING
    assert found.state() == IndexState(0, 0, 0, is_complete=False, is_building=False)
    assert not database.database_file(root).exists()


def test_the_state_counts(shop: Index) -> None:
    assert shop.state() == IndexState(2, 8, 5, is_complete=True, is_building=False)


def _garbage(file: Path) -> None:
    file.write_bytes(b"This is no database. " * 1000)


def _truncated(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def _header_only(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:100])


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _overwritten(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))


def _without_a_table(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript("DROP TABLE chunks; DROP TABLE symbols; DROP TABLE files")


def _of_another_version(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 999")


@pytest.mark.parametrize(
    "damage",
    [
        _garbage,
        _truncated,
        _header_only,
        _empty,
        _overwritten,
        _without_a_table,
        _of_another_version,
    ],
)
def test_a_damaged_index_is_as_good_as_none_until_it_is_rebuilt(
    shop: Index, root: Path, damage: Callable[[Path], None]
) -> None:
    expected = everything(shop)
    shop.close()
    damage(database.database_file(root))
    assert everything(shop) == NOTHING
    assert not shop.state().is_complete
    assert build(root, RULES)
    assert everything(shop) == expected
    assert shop.state().is_complete


@pytest.mark.parametrize("damage", [_garbage, _truncated, _overwritten, _of_another_version])
def test_a_build_finds_damage_that_nobody_has_met(
    shop: Index, root: Path, damage: Callable[[Path], None]
) -> None:
    expected = everything(shop)
    shop.close()
    damage(database.database_file(root))
    assert build(root, RULES)
    assert everything(Index.open(root)) == expected


@pytest.mark.parametrize("packed", [b"garbage", pack("x")[:-3], b""])
def test_a_damaged_chunk_makes_the_index_be_rebuilt(shop: Index, root: Path, packed: bytes) -> None:
    expected = everything(shop)
    with closing(sqlite3.connect(database.database_file(root))) as connection:
        connection.execute("UPDATE chunks SET text = ?", (packed,))
        connection.commit()
    assert shop.search(["pay"], 5) == []
    assert build(root, RULES)
    assert everything(shop) == expected


def test_a_rebuilt_index_is_seen_by_who_has_the_old_one_open(shop: Index, root: Path) -> None:
    expected = everything(shop)
    file = database.database_file(root)
    database.remove(file)
    assert everything(shop) == NOTHING
    assert build(root, RULES)
    assert everything(shop) == expected


def test_a_new_index_is_seen_though_nobody_asked_while_there_was_none(root: Path) -> None:
    index_files(root, {"old.py": "x = 1\n"})
    index = Index.open(root)
    assert index.files() == ["old.py"]
    (root / "old.py").rename(root / "new.py")
    database.remove(database.database_file(root))
    assert build(root, RULES)
    assert index.files() == ["new.py"]


def test_a_locked_index_is_as_good_as_none(shop: Index, root: Path) -> None:
    expected = everything(shop)
    shop.close()
    with closing(sqlite3.connect(database.database_file(root), isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        assert everything(shop) == NOTHING
        other.execute("ROLLBACK")
    assert everything(shop) == expected


def test_writing_does_not_keep_from_reading(shop: Index, root: Path) -> None:
    expected = everything(shop)
    with closing(sqlite3.connect(database.database_file(root), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM symbols")
        assert everything(Index.open(root)) == expected
        other.execute("ROLLBACK")


def test_a_folder_in_the_place_of_the_index_is_as_good_as_none(root: Path) -> None:
    database.database_file(root).mkdir(parents=True)
    assert everything(Index.open(root)) == NOTHING
