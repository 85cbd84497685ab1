"""What clients tell of suggestions, as copilot.el and others send it, and what they hear of it."""

from collections.abc import Iterator
from typing import Any

import pytest

from codegen_lsp.evaluate.lsp_client import items_of
from tests.e2e.conftest import Start
from tests.e2e.editor import CARET, Editor, Place

SIMPLE = f'# scripted: text="abc" text="def"\n{CARET}'

ODD: list[list[Any]] = [[], ["unknown"], [None, 1, {}, [[]]], [1, 2, 3], [{"uri": "x"}]]


@pytest.fixture(scope="module")
def copilot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """A client of the Copilot server: it says in its options which editor it is."""
    with Editor(tmp_path_factory.mktemp("copilot")) as client:
        plugin = {"name": "copilot.el", "version": "0.2"}
        options = {"editorInfo": {"name": "Emacs", "version": "30"}, "editorPluginInfo": plugin}
        client.initialize(options=options)
        client.wait_ready()
        assert client.said("window/showMessage") == []
        yield client
        client.leave()


def test_executing_the_items_command_is_accepting(editor: Editor) -> None:
    place = editor.put(SIMPLE)
    first, second = editor.items(place, invoked=True)
    assert _outcomes(editor, place) == [("sent", 0), ("sent", 0)]
    assert editor.run(first["command"]["command"], *first["command"]["arguments"]) is None
    assert editor.run("codegen.reject", *second["command"]["arguments"]) is None
    assert _outcomes(editor, place) == [("accepted", 0), ("rejected", 0)]


@pytest.mark.parametrize("as_list", [False, True])
def test_rejecting_several(editor: Editor, as_list: bool) -> None:
    place = editor.put(SIMPLE)
    ids = [item["command"]["arguments"][0] for item in editor.items(place, invoked=True)]
    editor.run("codegen.reject", *([ids] if as_list else ids))
    assert _outcomes(editor, place) == [("rejected", 0), ("rejected", 0)]


def test_commands_with_odd_arguments_are_answered_and_change_nothing(editor: Editor) -> None:
    place = editor.put(SIMPLE)
    editor.items(place)
    for command in ("codegen.accept", "codegen.reject"):
        for arguments in ODD:
            assert editor.run(command, *arguments) is None
    for arguments in ODD:
        assert editor.run("codegen.explain", *arguments)["decision"] == "none"
    assert _outcomes(editor, place) == [("sent", 0)]


def test_the_life_of_a_suggestion_in_copilot_el(copilot: Editor) -> None:
    place = copilot.put(SIMPLE)
    position = {"textDocument": {"uri": place.uri, "version": 1}, "position": place.position}
    extra = {"context": {"triggerKind": 2}, "formattingOptions": {"tabSize": 4}}
    (item,) = items_of(copilot.request("textDocument/inlineCompletion", position | extra))
    shown: dict[str, Any] = {"item": {"command": item["command"]}}
    copilot.notify("textDocument/didShowCompletion", shown)
    assert _outcomes(copilot, place) == [("shown", 0)]
    copilot.notify("textDocument/didPartiallyAcceptCompletion", shown | {"acceptedLength": 2})
    assert _outcomes(copilot, place) == [("partially_accepted", 2)]
    copilot.run(item["command"]["command"], *item["command"]["arguments"])
    assert _outcomes(copilot, place) == [("accepted", 0)]


@pytest.mark.parametrize(
    "params", [None, [], {}, {"item": None}, {"item": {"command": {"arguments": "x"}}}]
)
def test_events_without_a_known_item_are_ignored(editor: Editor, params: object) -> None:
    for method in ("didShowCompletion", "didPartiallyAcceptCompletion", "didFocus"):
        editor.notify(f"textDocument/{method}", params)
    assert editor.texts(editor.put(SIMPLE)) == ["abc"]


def test_explain_speaks_of_the_document_with_the_focus(copilot: Editor) -> None:
    place = copilot.put(SIMPLE)
    copilot.items(place)
    copilot.notify("textDocument/didFocus", {"textDocument": {"uri": place.uri}})
    assert copilot.request("codegen/explain", {})["uri"] == place.uri
    assert copilot.run("codegen.explain")["uri"] == place.uri
    copilot.notify("textDocument/didFocus", {})
    assert copilot.request("codegen/explain", {})["decision"] == "none"


def test_a_request_for_another_version_is_outdated(copilot: Editor) -> None:
    place = copilot.put(SIMPLE)
    place = copilot.type(place, 7, SIMPLE)
    for version in (1, 8):
        asked = {"textDocument": {"uri": place.uri, "version": version}}
        params = asked | {"position": place.position, "context": {"triggerKind": 2}}
        assert copilot.request("textDocument/inlineCompletion", params) == {"items": []}
        assert copilot.reason(place) == "outdated"
    params["textDocument"] = {"uri": place.uri, "version": 7}
    assert items_of(copilot.request("textDocument/inlineCompletion", params))


def test_a_copilot_client_hears_when_the_model_is_busy(copilot: Editor) -> None:
    since = len(copilot.said("didChangeStatus"))
    copilot.texts(copilot.put(SIMPLE))
    assert copilot.said("didChangeStatus")[since:] == [
        {"busy": True, "kind": "Normal", "message": "ready"},
        {"busy": False, "kind": "Normal", "message": "ready"},
    ]


def test_other_clients_hear_of_the_models_state_alone(start: Start) -> None:
    editor = start()
    editor.texts(editor.put(SIMPLE))
    told = [(status["busy"], status["kind"]) for status in editor.said("didChangeStatus")]
    assert told == [(True, "Normal"), (False, "Normal")]


def _outcomes(editor: Editor, place: Place) -> list[tuple[str, int]]:
    fates = editor.why(place)["suggestions"]
    return [(fate["outcome"], fate["acceptedLength"]) for fate in fates]
