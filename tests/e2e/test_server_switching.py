"""The model, the document or its text becomes another while an answer is under way."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from codegen_lsp.evaluate.json_rpc import Pending
from codegen_lsp.evaluate.lsp_client import items_of
from tests.e2e.conftest import Start
from tests.e2e.editor import CARET, Editor, Place

DEADLINE_S = 30
# Whoever answers tells its process, and each model has one of its own.
WHO = "# scripted: report=request"


def switch_model(editor: Editor, model: str) -> None:
    settings = {"codegen-lsp": {"model": model}}
    editor.notify("workspace/didChangeConfiguration", {"settings": settings})


def worker_of(text: str) -> int:
    pid: int = json.loads(text)["pid"]
    return pid


def workers(pending: Pending) -> list[int]:
    """Which process made each of the suggestions."""
    return [worker_of(item["insertText"]) for item in items_of(pending.wait())]


def begin(editor: Editor, folder: Path, until: Callable[[Path], None]) -> tuple[Pending, Place]:
    """A request that works until there is a file `go`, and then says who has answered."""
    begun = folder / "begun"
    place = editor.put(f"{WHO} touch={begun} wait_for={folder / 'go'}\n{CARET}")
    pending = editor.ask(place)
    until(begun)
    return pending, place


def test_a_model_switched_while_it_generates_answers_nothing_more(
    start: Start, tmp_path: Path, until: Callable[[Path], None]
) -> None:
    editor = start(options={"model": "first"})
    old = worker_of(editor.texts(editor.put(f"{WHO}\n{CARET}"))[0])
    pending, place = begin(editor, tmp_path, until)
    since = len(editor.notifications)
    switch_model(editor, "second")
    assert pending.wait() == {"items": []}
    assert editor.reason(place) == "superseded"
    (tmp_path / "go").touch()
    editor.wait_ready(since)
    (new,) = workers(editor.ask(place))
    assert new != old
    why = editor.why(place)
    assert (why["model"]["name"], why["source"]) == ("second", "model")
    assert editor.answers[pending.id] == 1


def test_an_answer_and_a_switch_at_the_same_moment(start: Start, tmp_path: Path) -> None:
    editor = start(options={"model": "model-0"})
    for number in range(1, 5):
        (old,) = workers(editor.ask(editor.put(f"{WHO}\n{CARET}")))
        go = tmp_path / f"go-{number}"
        place = editor.put(f"{WHO} wait_for={go}\n{CARET}")
        pending = editor.ask(place)
        since = len(editor.notifications)
        go.touch()
        time.sleep(0.004 * number)  # the worker looks for the file every 10 ms
        switch_model(editor, f"model-{number}")
        assert workers(pending) in ([], [old])
        editor.wait_ready(since)
        (new,) = workers(editor.ask(place))
        assert new != old
        assert editor.why(place)["source"] == "model"
        assert editor.answers[pending.id] == 1


def test_going_back_to_a_model_brings_back_none_of_its_suggestions(start: Start) -> None:
    editor = start(options={"model": "first"})
    place = editor.put(f"{WHO}\n{CARET}")
    seen: list[int] = []
    for model in ("second", "first", "second"):
        (who,) = workers(editor.ask(place))
        assert who not in seen
        assert workers(editor.ask(place)) == [who]
        assert editor.why(place)["source"] == "cache"
        seen.append(who)
        since = len(editor.notifications)
        switch_model(editor, model)
        editor.wait_ready(since)


def test_what_the_old_model_completed_ahead_is_not_shown(start: Start) -> None:
    editor = start("--prefetch", "true", options={"model": "first"})
    accepted = _prefetched(editor)
    (old,) = editor.texts(accepted)
    assert editor.why(accepted)["source"] == "cache"
    since = len(editor.notifications)
    switch_model(editor, "second")
    editor.wait_ready(since)
    (new,) = editor.texts(editor.type(accepted, 3, accepted.text + CARET))
    assert editor.why(accepted)["source"] == "model"
    assert worker_of(new) != worker_of(old)


def test_a_model_switched_while_it_completes_ahead(
    start: Start, tmp_path: Path, until: Callable[[Path], None]
) -> None:
    editor = start("--prefetch", "true", options={"model": "first"})
    begun = tmp_path / "begun"
    ahead = f"{WHO} touch={begun} wait_for={tmp_path / 'go'}"
    # What is suggested holds another directive, which is in force once it is accepted.
    suggested = json.dumps(f"x\n{ahead}\n")
    place = editor.put(f"# scripted: text={suggested}\n{CARET}")
    (item,) = editor.items(place)
    until(begun)
    since = len(editor.notifications)
    switch_model(editor, "second")
    (tmp_path / "go").touch()
    editor.wait_ready(since)
    accepted = editor.type(place, 2, editor.apply(place.text, item) + CARET)
    (text,) = editor.texts(accepted)
    assert editor.why(accepted)["source"] == "model"
    assert worker_of(text) == worker_of(editor.texts(editor.put(f"{WHO}\n{CARET}"))[0])


@pytest.mark.parametrize("closes", [True, False])
def test_a_document_reopened_with_another_text_under_the_same_version(
    editor: Editor, tmp_path: Path, until: Callable[[Path], None], closes: bool
) -> None:
    older, place = begin(editor, tmp_path, until)
    if closes:
        editor.close(place.uri)
    said = f"reopened{closes}"
    reopened = editor.put(f"# scripted: text={said}\nx = {CARET}", uri=place.uri)
    (tmp_path / "go").touch()
    assert older.wait() == {"items": []}
    assert editor.texts(reopened) == [said]
    assert editor.why(reopened)["source"] == "model"


def test_documents_of_the_same_text_do_not_mix(editor: Editor) -> None:
    text = f"{WHO}\nx = {CARET}"
    first, second = editor.put(text), editor.put(text)
    for place in (first, second):
        (said,) = editor.texts(place)
        assert json.loads(said)["uri"] == place.uri
        assert editor.why(place)["source"] == "model"
    editor.change(first.uri, 2, None, "y = 1\n" + first.text)
    assert [json.loads(said)["uri"] for said in editor.texts(second)] == [second.uri]
    assert editor.why(second)["source"] == "cache"
    editor.close(first.uri)
    assert editor.texts(second)
    assert editor.why(second)["source"] == "cache"


def test_an_edit_in_one_document_stops_nothing_in_its_twin(
    editor: Editor, tmp_path: Path, until: Callable[[Path], None]
) -> None:
    pending, place = begin(editor, tmp_path, until)
    twin = editor.put(place.text + CARET)
    editor.change(twin.uri, 2, None, "")
    editor.close(twin.uri)
    (tmp_path / "go").touch()
    (item,) = items_of(pending.wait())
    assert json.loads(item["insertText"])["uri"] == place.uri


@pytest.mark.parametrize("version", [2, 1])
def test_a_document_replaced_whole_while_its_answer_is_under_way(
    editor: Editor, tmp_path: Path, until: Callable[[Path], None], version: int
) -> None:
    pending, place = begin(editor, tmp_path, until)
    said = f"replaced{version}"
    replaced = editor.type(place, version, f"# scripted: text={said}\n\n\ny = {CARET}")
    (tmp_path / "go").touch()
    assert pending.wait() == {"items": []}
    assert editor.texts(replaced) == [said]
    assert editor.why(replaced)["source"] == "model"
    # At the old place there is another text now.
    assert editor.texts(Place(place.uri, replaced.text, place.line, place.character)) == [said]


def test_a_document_replaced_whole_and_back_has_its_answer_again(editor: Editor) -> None:
    head = "# scripted: text=abc\n"
    place = editor.put(head + CARET)
    assert editor.texts(place) == ["abc"]
    other = editor.type(place, 2, f"# scripted: text=def\n{CARET}")
    assert editor.texts(other) == ["def"]
    place = editor.type(place, 3, head + CARET)
    assert editor.texts(place) == ["abc"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_what_was_typed_along_and_deleted_again(editor: Editor, line_end: str) -> None:
    said = "alpha(beta)"
    head, tail = f"# scripted: text={said}{line_end}", f"{line_end}y = 1{line_end}"
    whole = head + said + tail
    place = editor.put(head + CARET + tail)
    assert _accepted(editor, place) == whole
    steps = ["a", "al", "alp", "al", "a", "", "x", "", "alpha", "alpha()", "alpha", ""]
    for version, typed in enumerate(steps, 2):
        kept, closed = typed.removesuffix(")"), typed[len(typed.removesuffix(")")) :]
        place = editor.type(place, version, head + kept + CARET + closed + tail)
        result = _accepted(editor, place)
        assert editor.why(place)["version"] == version
        if typed == "x":  # not what was suggested: the model is asked, and says the same
            assert result == head + "x" + said + tail
            assert editor.why(place)["source"] == "model"
        else:
            assert result == whole
            # What was deleted does not come back from memory, if it is more than a slip.
            is_deleted = not typed and steps[version - 3] == "alpha"
            assert editor.why(place)["source"] == ("model" if is_deleted else "cache")


def test_an_accepted_suggestion_undone(editor: Editor) -> None:
    text = f"# scripted: text=abc\n{CARET}\nz = 1\n"
    place = editor.put(text)
    for version in (2, 4, 6):
        (item,) = editor.items(place)
        assert item["insertText"] == "abc"
        accepted = editor.apply(place.text, item)
        assert accepted == text.replace(CARET, "abc")
        editor.change(place.uri, version, item["range"], item["insertText"])
        end = {"line": 1, "character": 3}
        editor.change(place.uri, version + 1, {"start": place.position, "end": end}, "")
        assert editor.why(place)["version"] == version - 1
    assert editor.texts(place) == ["abc"]
    assert editor.why(place)["source"] == "cache"


def _accepted(editor: Editor, place: Place) -> str:
    (item,) = editor.items(place)
    return editor.apply(place.text, item)


def _prefetched(editor: Editor) -> Place:
    """The end of a document of version 2, whose suggestion was completed ahead."""
    suggested = json.dumps(f"x\n{WHO}\n")
    deadline = time.monotonic() + DEADLINE_S
    while True:  # a request that comes too early ends the prefetch
        assert time.monotonic() < deadline
        place = editor.put(f"# scripted: text={suggested}\n{CARET}")
        (item,) = editor.items(place)
        time.sleep(0.05)
        accepted = editor.type(place, 2, editor.apply(place.text, item) + CARET)
        editor.texts(accepted)
        if editor.why(accepted)["source"] == "cache":
            return accepted
