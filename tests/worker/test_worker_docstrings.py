"""Questions about docstrings, answered without a model: its words are the test's."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from codegen_lsp.completion.reasons import Reason
from codegen_lsp.docstrings.content import Content, Entry, SectionKind
from codegen_lsp.docstrings.words import Code, Wanted, Words
from codegen_lsp.text import Snapshot
from codegen_lsp.worker.docstring_messages import (
    Definition,
    Document,
    Documented,
    FindDefinitions,
    FindStale,
    Refused,
)
from codegen_lsp.worker.docstrings import Docstrings
from codegen_lsp.worker.messages import Workspace
from codegen_lsp.worker.surroundings import Folders, Surroundings
from codegen_lsp.worker.usage import Usage

CARET = "‸"
CLASS = '''class Till:
    """Hold money."""

    def pay(self, amount, currency):
        """Pay in.

        Args:
            amount: How much.
        """
        self.sum += amount

    def sum_up(self):
        return self.sum
'''


def words(code: Code, wanted: Wanted, cancel: threading.Event) -> Words:
    """Say the same everywhere, and how many callers there are."""
    del cancel
    sections: dict[SectionKind, tuple[Entry, ...]] = {}
    for kind, name in wanted.entries:
        sections[kind] = (*sections.get(kind, ()), Entry(name, "What it says."))
    summary = f"Do it for {len(code.callers)}." if wanted.summary else ""
    return Words(Content(summary, sections))


def failing(code: Code, wanted: Wanted, cancel: threading.Event) -> Words:
    del code, wanted, cancel
    return Words(Content())


def cancelled(code: Code, wanted: Wanted, cancel: threading.Event) -> Words:
    cancel.set()
    return words(code, wanted, cancel)


def docstrings(
    write: Callable[[Code, Wanted, threading.Event], Words] = words,
    workspace: Workspace | None = None,
) -> Docstrings:
    surroundings = Surroundings(lambda report: None)
    surroundings.change(workspace or Workspace())
    return Docstrings(write, surroundings)


def snapshot_of(text: str, language: str = "python", uri: str = "file:///till.py") -> Snapshot:
    return Snapshot(uri, 1, language, text.replace(CARET, ""))


def names_at(text: str) -> list[tuple[str, bool]]:
    """Name of each definition that is offered at the caret, and whether it has a docstring."""
    question = FindDefinitions(snapshot_of(text), text.index(CARET))
    found = docstrings().answer(question, threading.Event())
    assert isinstance(found, tuple)
    return [(each.name, each.docstring is not None) for each in found]


@pytest.mark.parametrize(
    ("place", "names"),
    [
        ("self.sum += amount", [("pay", True)]),
        ("Pay in", [("pay", True)]),
        ("return self", [("sum_up", False)]),
        ("Hold money", []),
    ],
)
def test_definitions_at_the_cursor_are_those_that_lack_something(
    place: str, names: list[tuple[str, bool]]
) -> None:
    assert names_at(CLASS.replace(place, CARET + place)) == names


def test_the_innermost_definition_comes_first_and_broken_ones_do_not_come() -> None:
    assert names_at("class A:\n    def f(self):\n        ‸pass\n") == [("f", False), ("A", False)]
    assert names_at("def f(:\n    ‸pass\n") == []
    overload = "@overload\ndef f(x: int) -> int: ‸...\n\n\ndef f(x):\n    return x\n"
    assert names_at(overload) == []


def test_stale_docstrings_are_found_with_their_first_line() -> None:
    (found,) = docstrings().answer(FindStale(snapshot_of(CLASS)), threading.Event())  # type: ignore[misc]
    assert isinstance(found, Definition)
    assert found.docstring is not None
    start, end = found.docstring
    assert CLASS[start:end] == '"""Pay in.'
    assert "currency" in "".join(found.messages)


def test_a_definition_is_documented_or_there_is_a_reason() -> None:
    text = "def f(x):\n    pass\n"
    question = Document(snapshot_of(text), 0)
    found = docstrings().answer(question, threading.Event())
    assert isinstance(found, Documented)
    after = text[: found.start] + found.text + text[found.end :]
    said = '    """Do it for 0.\n\n    Args:\n        x: What it says.\n    """\n'
    assert after == f"def f(x):\n{said}    pass\n"
    refused = docstrings(failing).answer(question, threading.Event())
    assert isinstance(refused, Refused)
    assert "sentence" in refused.why
    gone = docstrings().answer(Document(snapshot_of(text), 3), threading.Event())
    assert isinstance(gone, Refused)


def test_the_setting_decides_the_style() -> None:
    workspace = Workspace(docstring_style="sphinx")
    question = Document(snapshot_of("def f(x):\n    pass\n"), 0)
    found = docstrings(workspace=workspace).answer(question, threading.Event())
    assert isinstance(found, Documented)
    assert ":param x: What it says." in found.text


class Shop:
    """Stands for folders that are open: of nothing else than usage they are asked here."""

    def usage(self, snapshot: Snapshot, name: str) -> Usage:
        assert snapshot.uri == "file:///till.py"
        return Usage((f"{name}(1)",), "sphinx")


@pytest.mark.parametrize(("context", "calls"), [(True, 1), (False, 0)])
def test_other_files_tell_callers_and_style_if_they_may_be_read(context: bool, calls: int) -> None:
    surroundings = Surroundings(lambda report: None, lambda *_: cast("Folders", Shop()))
    surroundings.change(Workspace((Path("/shop"),), context=context))
    question = Document(snapshot_of("def pay(x):\n    pass\n"), 0)
    found = Docstrings(words, surroundings).answer(question, threading.Event())
    assert isinstance(found, Documented)
    assert f"Do it for {calls}." in found.text
    assert (":param x: What it says." in found.text) == context


def test_denied_files_are_neither_documented_nor_looked_at() -> None:
    text = "def f(x):\n    pass\n"
    ours, event = docstrings(), threading.Event()
    snapshot = snapshot_of(text, uri="file:///a/.env")
    assert ours.answer(FindDefinitions(snapshot, 0), event) == ()
    assert ours.answer(FindStale(snapshot), event) == ()
    assert ours.answer(Document(snapshot, 0), event) == Refused(Reason.DENIED_FILE.meaning)


@pytest.mark.parametrize(
    ("language", "text", "after"),
    [
        (
            "python",
            'def f(x):\r\n    """‸"""\r\n    pass\r\n',
            'def f(x):\r\n    """Do it for 0.\r\n\r\n    Args:\r\n        x: What it says.\r\n'
            '    """\r\n    pass\r\n',
        ),
        ("python", "def f():\n    r'''‸", "def f():\n    r'''Do it for 0.'''"),
        (
            "javascript",
            "class A {\n  /**‸ */\n  f(x) {}\n}\n",
            "class A {\n  /**\n   * Does it for 0.\n   *\n   * @param x - What it says.\n   */\n"
            "  f(x) {}\n}\n",
        ),
        (
            "rust",
            "/// ‸\nfn f(x: i32) -> i32 { x }\n",
            "/// Does it for 0.\nfn f(x: i32) -> i32 { x }\n",
        ),
    ],
)
def test_the_docstring_follows_what_opens_it(language: str, text: str, after: str) -> None:
    snapshot, offset = snapshot_of(text, language), text.index(CARET)
    found = docstrings().complete(snapshot, offset, threading.Event())
    assert found is not None
    behind = snapshot.text[offset + found.replaces :]
    assert snapshot.text[:offset] + found.text + behind == after


def test_what_cannot_be_written_is_a_silence_and_other_places_are_not_ours() -> None:
    text = 'def f(x):\n    """‸\n    pass\n'
    snapshot, offset = snapshot_of(text), text.index(CARET)
    found = docstrings(failing).complete(snapshot, offset, threading.Event())
    assert found is not None
    assert (found.text, found.reason) == ("", Reason.NO_DOCSTRING)
    found = docstrings(cancelled).complete(snapshot, offset, threading.Event())
    assert found is not None
    assert found.reason is Reason.CANCELLED
    assert docstrings().complete(snapshot, offset - 1, threading.Event()) is None
