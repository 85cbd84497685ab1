"""Context while folders do not answer, fail, come and go: the completion never waits for long."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from codegen_lsp.context import documents
from codegen_lsp.context.chosen import NOTHING, Context, Piece
from codegen_lsp.context.unknown_names import UnknownName
from codegen_lsp.text import RecentEdit, Snapshot
from codegen_lsp.worker import surroundings as module
from codegen_lsp.worker.messages import Indexing, Workspace
from codegen_lsp.worker.surroundings import Surroundings
from codegen_lsp.worker.usage import Usage

SNAPSHOT = Snapshot("file:///shop/main.py", 1, "python", "x = 1\n")
FOUND = Context((Piece("till.py", "class Till: ...\n", "import", 1.0),), None, "shop", "main.py")
SHOP, OTHER = Workspace((Path("/shop"),)), Workspace((Path("/other"),))


class Shop:
    """Stands for folders that are open; answers once `gate` is open, or raises.

    Attributes:
        recent: what was told of recent files at each choice.
        edits: what was told of recent edits at each choice.
        updated: each list of changed files.
    """

    def __init__(self, gate: threading.Event, error: type[Exception] | None = None) -> None:
        self._gate = gate
        self._error = error
        self.recent: list[tuple[Path, ...]] = []
        self.edits: list[tuple[RecentEdit, ...]] = []
        self.updated: list[Sequence[Path]] = []
        self.is_closed = False

    def inspect(self, _snapshot: Snapshot, _offset: int, text: str) -> Sequence[UnknownName]:
        self._gate.wait()
        if self._error is not None:
            raise self._error
        return (UnknownName(text, "", "certain"),)

    def choose(
        self,
        _snapshot: Snapshot,
        _offset: int,
        recent: Sequence[Path],
        edits: Sequence[RecentEdit],
    ) -> Context:
        self._gate.wait()
        if self._error is not None:
            raise self._error
        self.recent.append(tuple(recent))
        self.edits.append(tuple(edits))
        return FOUND

    def usage(self, snapshot: Snapshot, name: str) -> Usage:
        self._gate.wait()
        return Usage((f"{name}({snapshot.uri})",))

    def update(self, paths: Sequence[Path]) -> None:
        self.updated.append(paths)
        self._gate.set()

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Open in the end, so that no thread stays behind."""
    event = threading.Event()
    yield event
    event.set()


def around(*shops: Shop, workspace: Workspace = SHOP) -> Surroundings:
    """Surroundings that open each of `shops` in turn, the first one already."""
    opened = iter(shops)

    def opens(_workspace: Workspace, _report: Callable[[Indexing], None]) -> Shop:
        return next(opened)

    surroundings = Surroundings(lambda report: None, opens)
    assert surroundings.change(workspace)
    return surroundings


def ask(surroundings: Surroundings) -> Context | None:
    return surroundings.choose(SNAPSHOT, 0)


def test_without_folders_nothing_is_opened() -> None:
    surroundings = Surroundings(lambda report: None)
    assert surroundings.choose(SNAPSHOT, 0) is NOTHING
    assert not surroundings.change(Workspace())


def test_what_the_folders_hold_is_chosen(gate: threading.Event) -> None:
    gate.set()
    shop = Shop(gate)
    assert ask(around(shop, workspace=Workspace(SHOP.folders, (Path("/shop/a"),)))) == FOUND
    assert shop.recent == [(Path("/shop/a"),)]


def test_recent_edits_are_told_at_the_next_choice_and_change_nothing_before(
    gate: threading.Event,
) -> None:
    gate.set()
    shop = Shop(gate)
    surroundings = around(shop)
    edit = RecentEdit(Path("/shop/a"), "x = 1", "x = 2")
    assert not surroundings.change(replace(SHOP, edits=(edit,)))
    assert ask(surroundings) == FOUND
    assert shop.edits == [(edit,)]


def test_a_folder_that_does_not_answer_is_not_waited_for(gate: threading.Event) -> None:
    surroundings = around(Shop(gate))
    assert [ask(surroundings) for _ in range(3)] == [None] * 3
    gate.set()
    while ask(surroundings) is None:  # until the first choice is through
        pass
    assert ask(surroundings) == FOUND


@pytest.mark.parametrize("error", [OSError, ValueError, RecursionError])
def test_a_fault_costs_no_more_than_the_context(
    gate: threading.Event, error: type[Exception]
) -> None:
    gate.set()
    surroundings = around(Shop(gate, error), Shop(gate))
    assert [ask(surroundings) for _ in range(2)] == [None] * 2
    surroundings.change(OTHER)
    assert ask(surroundings) == FOUND


def test_names_are_looked_up_in_the_folders_and_never_waited_for_long(
    gate: threading.Event,
) -> None:
    surroundings = around(Shop(gate))
    assert list(surroundings.inspect(SNAPSHOT, 0, "till")) == []
    gate.set()
    while not (found := surroundings.inspect(SNAPSHOT, 0, "till")):
        pass
    assert [each.name for each in found] == ["till"]


def test_what_other_files_say_for_a_docstring_is_waited_for_but_not_for_ever(
    gate: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_USAGE_S", 0.01)
    surroundings = around(Shop(gate))
    assert surroundings.usage(SNAPSHOT, "pay") is None
    gate.set()
    while (found := surroundings.usage(SNAPSHOT, "pay")) is None:
        pass
    assert found.callers == ("pay(file:///shop/main.py)",)
    assert Surroundings(lambda report: None).usage(SNAPSHOT, "pay") is None


def test_without_folders_the_document_alone_tells_which_names_exist() -> None:
    surroundings = Surroundings(lambda report: None)
    (found,) = surroundings.inspect(SNAPSHOT, 6, "y = x + zebra_count\n")
    assert (found.name, found.certainty) == ("zebra_count", "certain")


def test_only_other_sources_end_what_was_chosen(gate: threading.Event) -> None:
    gate.set()
    first, second = Shop(gate), Shop(gate)
    surroundings = around(first, second)
    assert not surroundings.change(Workspace(SHOP.folders, (Path("/shop/a"),)))
    assert surroundings.change(Workspace(SHOP.folders, (), ("*.sql",)))
    ask(surroundings)
    assert (first.is_closed, second.is_closed) == (True, False)
    assert surroundings.change(Workspace())
    assert ask(surroundings) is NOTHING


def test_switched_off_nothing_is_opened() -> None:
    surroundings = Surroundings(lambda report: None)
    assert not surroundings.change(Workspace(SHOP.folders, context=False))
    assert ask(surroundings) is NOTHING


@pytest.mark.parametrize("is_on", [True, False])
def test_documents_are_denied_by_name_and_by_the_users_patterns(
    gate: threading.Event, is_on: bool
) -> None:
    gate.set()
    surroundings = Surroundings(lambda report: None, lambda *_: Shop(gate))
    surroundings.change(Workspace(SHOP.folders, (), ("/customers/",), is_on))
    assert surroundings.denies("file:///shop/.env")
    assert surroundings.denies("untitled:/shop/id_rsa")
    assert surroundings.denies("file:///shop/customers/a.py")
    assert not surroundings.denies("file:///shop/old/customers/a.py")
    assert not surroundings.denies(SNAPSHOT.uri)
    for odd in ("untitled:Untitled-1", "http://[", "", "file:///a%00b.py", "%"):
        assert not surroundings.denies(odd)


def test_a_document_is_denied_by_what_its_link_leads_to(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").symlink_to(tmp_path / ".env")
    assert Surroundings(lambda report: None).denies((tmp_path / "notes.txt").as_uri())


def test_a_disk_that_does_not_say_where_a_link_leads_is_waited_for_once(
    gate: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []

    def stalling(path: Path, *_: object) -> bool:
        asked.append(path)
        return not gate.wait()

    monkeypatch.setattr(documents, "is_denied_document", stalling)
    monkeypatch.setattr(module, "_LINK_S", 0.05)
    surroundings = Surroundings(lambda report: None)
    assert not any(surroundings.denies(SNAPSHOT.uri) for _ in range(3))
    assert surroundings.denies("file:///shop/.env")
    assert asked == [Path("/shop/main.py")]


def test_changed_files_are_passed_on(gate: threading.Event) -> None:
    shop = Shop(gate)
    surroundings = around(shop)
    gate.set()
    ask(surroundings)  # it is open
    gate.clear()
    surroundings.update([Path("/shop/a.py")])
    assert gate.wait(10)
    assert shop.updated == [[Path("/shop/a.py")]]
