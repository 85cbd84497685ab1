"""The model's way to the first suggestion: loading, missing, fetched, failing."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from codegen_lsp.evaluate.json_rpc import LspError, frame
from tests.e2e.conftest import Start
from tests.e2e.editor import CARET, Editor
from tests.e2e.hostile import Hostile, call

SIMPLE = f"# scripted: text=abc\n{CARET}"
OFFER = "window/showMessageRequest"
FETCH = {"title": "Fetch it"}


def test_requests_while_the_model_loads_are_answered_empty_at_once(
    start: Start, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    editor = start(loaded=False, SCRIPTED_LOAD_WAIT_FOR=str(go))
    place = editor.put(SIMPLE)
    for invoked in (False, True):
        assert editor.items(place, invoked=invoked) == []
        assert editor.reason(place) == "model_loading"
    assert editor.wait_status("loading")["busy"] is True
    go.touch()
    editor.wait_ready()
    assert editor.texts(place) == ["abc"]
    assert editor.asked_by_server(OFFER) == []


def test_the_progress_bar_of_loading(start: Start) -> None:
    editor = start()
    editor.wait_for(lambda method, params: _kind(method, params) == "end")
    assert editor.server_requests == [
        ("window/workDoneProgress/create", {"token": editor.said("$/progress")[0]["token"]})
    ]
    kinds = [each["value"]["kind"] for each in editor.said("$/progress")]
    assert kinds[0] == "begin"
    assert kinds[-1] == "end"
    assert set(kinds[1:-1]) <= {"report"}


def test_without_the_capability_no_progress(start: Start) -> None:
    editor = start(capabilities={})
    assert editor.texts(editor.put(SIMPLE)) == ["abc"]
    assert editor.server_requests == []
    assert editor.said("$/progress") == []


@pytest.mark.parametrize("answer", [None, {"title": "Not now"}])
def test_a_missing_model_is_offered_once_and_not_fetched_unasked(
    start: Start, tmp_path: Path, answer: Any
) -> None:
    editor = _missing(start, tmp_path, lambda params: answer)
    status = editor.wait_status("not on this machine")
    assert (status["busy"], status["kind"]) == (False, "Warning")
    assert status["command"]["command"] == "codegen.fetchModel"
    place = editor.put(SIMPLE)
    for invoked in (False, True):
        assert editor.items(place, invoked=invoked) == []
        assert editor.reason(place) == "model_missing"
    assert editor.why(place)["model"]["state"] == "missing"
    (offer,) = editor.asked_by_server(OFFER)
    assert "not on this machine" in offer["message"]
    assert [action["title"] for action in offer["actions"]] == ["Fetch it", "Not now"]
    assert not (tmp_path / "fetched").exists()


def test_fetching_from_the_offer_shows_how_far_it_is(start: Start, tmp_path: Path) -> None:
    go = tmp_path / "go"
    editor = _missing(start, tmp_path, lambda params: FETCH, SCRIPTED_PULL_WAIT_FOR=str(go))
    editor.wait_for(_is_half)
    place = editor.put(SIMPLE)
    assert editor.items(place) == []
    assert editor.reason(place) == "model_fetching"
    go.touch()
    editor.wait_ready()
    assert editor.texts(place) == ["abc"]
    assert len(editor.asked_by_server(OFFER)) == 1


def test_the_command_fetches_what_was_not_wanted_at_first(start: Start, tmp_path: Path) -> None:
    editor = _missing(start, tmp_path)
    editor.wait_status("not on this machine")
    assert editor.run("codegen.fetchModel") is None
    editor.wait_ready()
    assert editor.texts(editor.put(SIMPLE)) == ["abc"]


def test_the_cancel_button_of_the_progress_bar_ends_a_fetch(start: Start, tmp_path: Path) -> None:
    editor = _missing(start, tmp_path, SCRIPTED_PULL_WAIT_FOR=str(tmp_path / "never"))
    editor.wait_status("not on this machine")
    editor.run("codegen.fetchModel")
    _, report = editor.wait_for(_is_half)
    editor.notify("window/workDoneProgress/cancel", {"token": report["token"]})
    status = editor.wait_status("cancelled")
    assert (status["busy"], status["command"]["command"]) == (False, "codegen.fetchModel")
    editor.wait_for(lambda *said: _kind(*said) == "end" and said[1]["token"] == report["token"])
    assert not (tmp_path / "fetched").exists()
    asked = [method for method, _ in editor.server_requests].count("window/showMessageRequest")
    assert asked == 1
    assert editor.said("window/showMessage") == []  # the user knows what the user has done


def test_an_offer_is_for_the_model_that_was_missing(
    start: Start, tmp_path: Path, until: Callable[[Path], None]
) -> None:
    offered, answered = threading.Event(), threading.Event()

    def take_time(_params: object) -> Any:
        offered.set()
        assert answered.wait(30)
        return FETCH

    error, hold, go, loading = (tmp_path / name for name in ("error", "hold", "go", "loading"))
    error.write_text("NotFetchedError")
    editor = start(
        loaded=False,
        options={"model": "first"},
        responders={OFFER: take_time},
        SCRIPTED_LOAD=f"@{error}",
        SCRIPTED_LOAD_TOUCH=str(loading),
        SCRIPTED_LOAD_WAIT_FOR=f"@{hold}",
    )
    assert offered.wait(30)
    error.unlink()
    hold.write_text(str(go))
    loading.unlink()
    editor.notify(
        "workspace/didChangeConfiguration", {"settings": {"codegen-lsp": {"model": "second"}}}
    )
    until(loading)
    answered.set()
    editor.settle()  # the answer is on its way
    editor.settle()  # and has arrived
    go.touch()
    editor.wait_ready()
    assert not any("fetching" in status["message"] for status in editor.said("didChangeStatus"))
    assert editor.texts(editor.put(SIMPLE)) == ["abc"]


@pytest.mark.parametrize("error", ["FetchError", "ChecksumError", "DiskFullError"])
def test_a_fetch_that_fails_says_why(start: Start, tmp_path: Path, error: str) -> None:
    why = tmp_path / "why"
    why.write_text(error)
    editor = _missing(start, tmp_path, SCRIPTED_PULL=f"@{why}")
    editor.wait_status("not on this machine")
    editor.run("codegen.fetchModel")
    status = editor.wait_status("as the script says")
    assert (status["busy"], status["kind"]) == (False, "Warning")
    why.unlink()
    editor.run("codegen.fetchModel")
    editor.wait_ready()


@pytest.mark.parametrize("error", ["DamagedModelError", "UnknownModelError", "UsageError"])
def test_a_model_that_cannot_be_loaded_says_why(start: Start, error: str) -> None:
    editor = start(loaded=False, SCRIPTED_LOAD=error)
    status = editor.wait_status("as the script says")
    assert status["busy"] is False
    assert status["kind"] in ("Warning", "Error")
    place = editor.put(SIMPLE)
    assert editor.items(place) == []
    assert "as the script says" in editor.why(place)["model"]["message"]


@pytest.mark.parametrize("fault", ["exit=137", "raise=MemoryError"])
def test_a_failing_engine_is_told_of_and_restarted(start: Start, fault: str) -> None:
    editor = start()
    place = editor.put(f"# scripted: {fault}\n{CARET}")
    since = len(editor.notifications)
    assert editor.items(place) == []
    assert editor.reason(place) == "engine_failed"
    assert editor.wait_status("restarting", since)["kind"] == "Error"
    editor.wait_ready(since)
    assert editor.texts(editor.put(SIMPLE)) == ["abc"]


def test_a_client_that_does_not_know_the_question_can_still_fetch(
    start: Start, tmp_path: Path
) -> None:
    def unknown(_params: object) -> None:
        raise LspError(-32601, "what is that?")

    editor = _missing(start, tmp_path, unknown)
    editor.wait_status("not on this machine")
    editor.run("codegen.fetchModel")
    editor.wait_ready()


@pytest.mark.parametrize("attempt", range(4))
def test_a_client_that_asks_and_leaves_in_one_breath_gets_every_answer(
    tmp_path: Path, attempt: int
) -> None:
    with Hostile(tmp_path, SCRIPTED_FETCHED=str(tmp_path / "fetched")) as client:
        client.initialize()
        client.wait_status("not on this machine")
        place = client.put(SIMPLE)
        params = {
            "textDocument": {"uri": place.uri},
            "position": place.position,
            "context": {"triggerKind": 1 + attempt % 2},
        }
        client.asked.update(["ask", "leave"])
        client.send_raw(
            frame(call("ask", "textDocument/inlineCompletion", params))
            + frame(call("leave", "shutdown"))
            + frame(call(None, "exit"))
        )
        assert client.wait_exit() == 0
        client.kill()  # and all of its output is read
        assert (client.unanswered(), client.surplus(), client.malformed) == ({}, {}, [])
        assert client.heard["leave"][0]["result"] is None


def test_leaving_during_everything_ends_everything(
    start: Start, tmp_path: Path, until: Callable[[Path], None]
) -> None:
    begun = tmp_path / "begun"
    waiting = start()
    waiting.ask(waiting.put(f"# scripted: touch={begun} wait_for=/never\n{CARET}"))
    until(begun)
    loading = tmp_path / "loading"
    start(loaded=False, SCRIPTED_LOAD_TOUCH=str(loading), SCRIPTED_LOAD_WAIT_FOR="/never")
    until(loading)


def _missing(
    start: Start, folder: Path, offered: Callable[[Any], Any] = lambda params: None, **environ: Any
) -> Editor:
    """A server whose model is not there; `offered` answers for the user."""
    fetched = str(folder / "fetched")
    responders = {OFFER: offered}
    return start(loaded=False, responders=responders, SCRIPTED_FETCHED=fetched, **environ)


def _kind(method: str, params: Any) -> str | None:
    return params["value"]["kind"] if method == "$/progress" else None


def _is_half(method: str, params: Any) -> bool:
    """Whether the bar shows what the scripted worker says half-way through a fetch."""
    value = params["value"] if method == "$/progress" else {}
    return value.get("message") == "half of it is here" and 0 <= value["percentage"] <= 50
