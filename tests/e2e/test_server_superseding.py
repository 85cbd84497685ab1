"""The newest request of a document wins; what it takes the place of is answered and stopped."""

from collections.abc import Callable
from pathlib import Path

import pytest

from codegen_lsp.evaluate.json_rpc import LspError, Pending
from tests.e2e.conftest import Start
from tests.e2e.editor import CARET, Editor, Place

_CANCELLED = -32800


@pytest.fixture
def under_way(
    editor: Editor, tmp_path: Path, until: Callable[[Path], None]
) -> Callable[..., tuple[Pending, Place]]:
    """`under_way(said, more="", invoked=False)`: a request that works until it is stopped.

    The document goes on with `more`, and the file "go" lets it end.
    """

    def ask(said: str, more: str = "", *, invoked: bool = False) -> tuple[Pending, Place]:
        begun = tmp_path / said
        directive = f"touch={begun} wait_for={tmp_path / 'go'}"
        place = editor.put(f"# scripted: text={said} {directive}\n{CARET}\n{more}")
        pending = editor.ask(place, invoked=invoked)
        until(begun)
        return pending, place

    return ask


def test_the_older_of_two_is_answered_while_the_newer_works(
    editor: Editor, tmp_path: Path, under_way: Callable[..., tuple[Pending, Place]]
) -> None:
    newer_directive = f"# scripted: text=newer1 wait_for={tmp_path / 'go'}\n"
    older, place = under_way("older1", newer_directive)
    newer = editor.inline_completion(place.uri, 3, 0)
    assert older.wait() == {"items": []}
    assert editor.reason(place) == "superseded"
    assert not newer.finished(0)
    (tmp_path / "go").touch()
    assert newer.wait()["items"][0]["insertText"] == "newer1"
    ((_, finish),) = editor.log_of("older1")
    assert finish == "cancelled"


def test_an_answer_from_the_cache_supersedes_too(
    editor: Editor, under_way: Callable[..., tuple[Pending, Place]]
) -> None:
    older, place = under_way("older2", "# scripted: text=known\n")
    assert editor.inline_completion(place.uri, 3, 0).wait()["items"]
    assert older.wait() == {"items": []}
    again = editor.ask(place)
    assert editor.inline_completion(place.uri, 3, 0).wait()["items"]
    known = {"line": 3, "character": 0}
    assert editor.explain(place.uri, known).wait()["source"] == "cache"
    assert again.wait() == {"items": []}


def test_of_many_only_the_newest_is_answered(editor: Editor) -> None:
    place = editor.put(f"# scripted: text=x delay_ms=20\n{CARET}\n{'y' * 30}")
    pending = [editor.inline_completion(place.uri, 2, column) for column in range(30)]
    assert [len(each.wait()["items"]) for each in pending] == [0] * 29 + [1]


def test_requests_of_other_documents_are_not_superseded(
    editor: Editor, tmp_path: Path, under_way: Callable[..., tuple[Pending, Place]]
) -> None:
    first, place = under_way("first3")
    second = editor.ask(editor.put(f"# scripted: text=second3\n{CARET}"))
    editor.settle()
    assert not first.finished(0)
    (tmp_path / "go").touch()
    assert first.wait()["items"][0]["insertText"] == "first3"
    assert second.wait()["items"][0]["insertText"] == "second3"
    assert editor.why(place)["decision"] == "suggested"


@pytest.mark.parametrize("invoked", [False, True])
def test_a_change_supersedes(
    editor: Editor, under_way: Callable[..., tuple[Pending, Place]], invoked: bool
) -> None:
    said = f"changed{invoked}"
    pending, place = under_way(said, invoked=invoked)
    editor.change(place.uri, 2, {"start": place.position, "end": place.position}, "x")
    assert pending.wait() == {"items": []}
    why = editor.why(place)
    assert (why["reason"]["code"], why["version"]) == ("superseded", 1)
    assert why["trigger"] == ("invoked" if invoked else "automatic")
    assert [finish for _, finish in editor.log_of(said)] == ["cancelled"]


def test_a_request_that_is_refused_supersedes(
    editor: Editor, under_way: Callable[..., tuple[Pending, Place]]
) -> None:
    pending, place = under_way("refused4")
    document = {"uri": place.uri, "version": 7}
    params = {"textDocument": document, "position": place.position, "context": {"triggerKind": 2}}
    assert editor.request("textDocument/inlineCompletion", params) == {"items": []}
    assert pending.wait() == {"items": []}
    assert editor.reason(place) == "outdated"
    assert [finish for _, finish in editor.log_of("refused4")] == ["cancelled"]


def test_switching_off_ends_what_is_under_way(
    start: Start, tmp_path: Path, until: Callable[[Path], None]
) -> None:
    editor = start()
    begun = tmp_path / "begun"
    place = editor.put(f"# scripted: text=off touch={begun} wait_for={tmp_path / 'never'}\n{CARET}")
    older = editor.ask(place)
    until(begun)
    settings = {"codegen-lsp": {"disabledLanguages": ["python"]}}
    editor.notify("workspace/didChangeConfiguration", {"settings": settings})
    newer = editor.ask(place)
    assert (older.wait(), newer.wait()) == ({"items": []}, {"items": []})
    assert editor.reason(place) == "disabled"
    settings = {"codegen-lsp": {"disabledLanguages": []}}
    editor.notify("workspace/didChangeConfiguration", {"settings": settings})
    assert [finish for _, finish in editor.log_of("off")] == ["cancelled"]


def test_closing_the_document_ends_its_request(
    editor: Editor, under_way: Callable[..., tuple[Pending, Place]]
) -> None:
    pending, place = under_way("closed5")
    editor.close(place.uri)
    assert pending.wait() == {"items": []}
    assert editor.why(place)["decision"] == "none"
    assert [finish for _, finish in editor.log_of("closed5")] == ["cancelled"]


def test_cancelling_is_answered_with_its_error_and_stops_the_model(
    editor: Editor, under_way: Callable[..., tuple[Pending, Place]]
) -> None:
    pending, _ = under_way("cancelled6")
    editor.cancel(pending)
    with pytest.raises(LspError) as caught:
        pending.wait()
    assert caught.value.code == _CANCELLED
    assert [finish for _, finish in editor.log_of("cancelled6")] == ["cancelled"]


def test_cancelling_before_and_after_changes_nothing(editor: Editor) -> None:
    place = editor.put(f"# scripted: text=late7\n{CARET}")
    editor.notify("$/cancelRequest", {"id": "not sent yet"})
    pending = editor.ask(place)
    assert pending.wait()["items"]
    editor.cancel(pending)
    editor.cancel(pending)
    editor.settle()
    assert editor.answers[pending.id] == 1


def test_what_waits_behind_another_document_is_cancelled_without_being_begun(
    editor: Editor, tmp_path: Path, under_way: Callable[..., tuple[Pending, Place]]
) -> None:
    first, _ = under_way("first8")
    waiting = editor.ask(editor.put(f"# scripted: text=waiting8\n{CARET}"))
    editor.cancel(waiting)
    with pytest.raises(LspError):
        waiting.wait()
    (tmp_path / "go").touch()
    assert first.wait()["items"]
    assert editor.log_of("waiting8") == []


def test_a_response_with_the_id_of_a_request_under_way_does_no_harm(
    editor: Editor, tmp_path: Path, under_way: Callable[..., tuple[Pending, Place]]
) -> None:
    pending, _ = under_way("answered9")
    for id_ in (pending.id, "of nobody"):
        editor.send({"jsonrpc": "2.0", "id": id_, "result": None})
        editor.send({"jsonrpc": "2.0", "id": id_, "error": {"code": 1, "message": "x"}})
    editor.settle()
    (tmp_path / "go").touch()
    assert pending.wait()["items"][0]["insertText"] == "answered9"
