"""Settings as editors send them, and what changes when they change."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Start
from tests.e2e.editor import CARET, Editor, Place

ASKED = f"# scripted: report=request\nx = {CARET}"
SIMPLE = f"# scripted: text=abc\n{CARET}"
PULLS: dict[str, Any] = {"workspace": {"configuration": True}}
REGISTERS: dict[str, Any] = {"textDocument": {"completion": {"dynamicRegistration": True}}}


@pytest.mark.parametrize(
    "options",
    [
        {"maxNewTokens": 9},
        {"max_new_tokens": 9},
        {"codegen-lsp": {"maxNewTokens": 9}},
        {"editorInfo": {"name": "x"}, "maxNewTokens": 9},
    ],
)
def test_initialization_options(start: Start, options: object) -> None:
    editor = start(options=options)
    assert _asked(editor)["options"]["max_new_tokens"] == 9
    assert editor.said("window/showMessage") == []


def test_changed_settings_hold_at_once_and_for_the_next_request(start: Start) -> None:
    editor = start(options={"maxNewTokens": 9, "candidates": 2})
    editor.notify(*_changed({"codegen-lsp": {"maxNewTokens": 11}}))
    assert _asked(editor)["options"]["max_new_tokens"] == 11
    assert _asked(editor, invoked=True)["options"]["candidates"] == 2
    others: list[Any] = [{}, None, [], {"python": {"maxNewTokens": 5}}]
    for other in others:
        editor.notify(*_changed(other))
    assert _asked(editor)["options"]["max_new_tokens"] == 9
    editor.notify(*_changed({"codegen-lsp": {"maxNewTokens": "many", "maxTokens": 3}}))
    assert _asked(editor)["options"]["max_new_tokens"] is None
    editor.notify(*_changed({"codegen-lsp": {"maxNewTokens": "many", "maxTokens": 3}}))
    editor.settle()
    first, second = editor.said("window/showMessage")
    assert "max_new_tokens" in first["message"]
    assert "maxTokens" in second["message"]


def test_settings_are_asked_for_at_the_start_and_after_a_change(start: Start) -> None:
    kept: dict[str, Any] = {"maxNewTokens": 9}
    responders = {"workspace/configuration": lambda params: [kept] * len(params["items"])}
    editor = start(capabilities=PULLS, responders=responders)
    (params,) = editor.asked_by_server("workspace/configuration")
    assert [item["section"] for item in params["items"]] == ["codegen-lsp"]
    _ask_until_most_tokens_are(editor, 9)
    kept["maxNewTokens"] = 11
    editor.notify(*_changed(None))
    _ask_until_most_tokens_are(editor, 11)
    assert len(editor.asked_by_server("workspace/configuration")) == 2


@pytest.mark.parametrize("answer", [None, [], [None], {}, {"a": 1}, 7, [7]])
def test_an_odd_answer_about_settings_does_not_keep_the_model_from_loading(
    start: Start, answer: object
) -> None:
    responders = {"workspace/configuration": lambda params: answer}
    editor = start(capabilities=PULLS, responders=responders)
    assert editor.texts(editor.put(SIMPLE)) == ["abc"]


def test_a_project_file_sets_what_it_may_and_names_what_it_may_not(
    start: Start, tmp_path: Path
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    text = '[tool.codegen-lsp]\nmodel = "evil"\nmax_new_tokens = 9\n'
    (project / "pyproject.toml").write_text(text)
    editor = start(folder=project)
    place = editor.put(SIMPLE)
    assert editor.why(place)["model"]["name"] != "evil"
    assert _asked(editor)["options"]["max_new_tokens"] == 9
    editor.notify(*_changed({"codegen-lsp": {"candidates": 2}}))
    editor.settle()
    (shown,) = editor.said("window/showMessage")
    assert shown["type"] == 2
    assert "may not set model" in shown["message"]
    assert "pyproject.toml" in shown["message"]


def test_a_folder_inside_the_project(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "project" / "src"
    folder.mkdir(parents=True)
    text = "[tool.codegen-lsp]\nmax_new_tokens = 9\n"
    (folder.parent / "pyproject.toml").write_text(text)
    assert _asked(start(folder=folder))["options"]["max_new_tokens"] == 9


def test_of_many_problems_the_first_are_shown_and_the_others_counted(
    start: Start, tmp_path: Path
) -> None:
    lines = [f"unknown_{number} = 1\n" for number in range(20)]
    (tmp_path / ".codegen-lsp.toml").write_text("".join(lines))
    editor = start(folder=tmp_path)
    editor.notify(*_changed({"codegen-lsp": {"candidates": 2}}))
    editor.settle()
    shown = [params["message"] for params in editor.said("window/showMessage")]
    assert len(shown) == 4
    assert all("unknown_" in message for message in shown[:3])
    assert "and 17 more" in shown[3]


def test_a_folder_named_by_its_path_alone(start: Start, tmp_path: Path) -> None:
    (tmp_path / ".codegen-lsp.toml").write_text("max_new_tokens = 9\n")
    with Editor(tmp_path) as editor:
        params: dict[str, Any] = {"processId": None, "capabilities": {}, "rootPath": str(tmp_path)}
        editor.request("initialize", params)
        editor.notify("initialized", {})
        editor.wait_ready()
        assert _asked(editor)["options"]["max_new_tokens"] == 9
        editor.leave()


def test_what_the_command_line_says_wins(start: Start) -> None:
    environ: dict[str, Any] = {"CODEGEN_LSP_MAX_NEW_TOKENS": "5", "CODEGEN_LSP_CANDIDATES": "4"}
    editor = start("--max-new-tokens", "9", options={"maxNewTokens": 7}, **environ)
    editor.notify(*_changed({"codegen-lsp": {"maxNewTokens": 11}}))
    options = _asked(editor, invoked=True)["options"]
    assert (options["max_new_tokens"], options["candidates"]) == (9, 4)


def test_switching_off(start: Start) -> None:
    editor = start(options={"automatic": False, "disabledLanguages": ["markdown"]})
    place = editor.put(SIMPLE)
    assert editor.texts(place) == []
    assert editor.reason(place) == "disabled"
    assert editor.texts(place, invoked=True) == ["abc"]
    prose = editor.put(SIMPLE, "markdown")
    assert editor.texts(prose, invoked=True) == []
    assert editor.reason(prose) == "disabled"
    editor.notify(*_changed({"codegen-lsp": {"automatic": True, "disabledLanguages": []}}))
    assert editor.texts(editor.put(SIMPLE)) == ["abc"]
    assert editor.texts(prose) == ["abc"]


def test_documents_that_are_too_large(start: Start) -> None:
    editor = start(options={"maxDocumentKb": 1})
    fits, too_large = (editor.put(SIMPLE + "\n" + "x" * size) for size in (900, 1024))
    assert editor.texts(fits) == ["abc"]
    assert editor.texts(too_large, invoked=True) == []
    assert editor.reason(too_large) == "document_too_large"


def test_another_model_restarts_the_worker(start: Start) -> None:
    editor = start(options={"model": "first"})
    pid = _asked(editor)["pid"]
    place = editor.put(SIMPLE)
    editor.notify(*_changed({"codegen-lsp": {"multiline": "never"}}))
    asked = _asked(editor)
    assert (asked["pid"], asked["options"]["multiline"]) == (pid, "never")
    since = len(editor.notifications)
    editor.notify(*_changed({"codegen-lsp": {"model": "second"}}))
    editor.wait_ready(since)
    assert editor.why(place)["model"]["name"] == "second"
    assert _asked(editor)["pid"] != pid


def test_another_models_suggestions_are_not_remembered(start: Start) -> None:
    editor = start(options={"model": "first"})
    place = editor.put(SIMPLE)
    assert editor.texts(place) == ["abc"]
    since = len(editor.notifications)
    editor.notify(*_changed({"codegen-lsp": {"model": "second"}}))
    editor.wait_ready(since)
    assert editor.texts(place) == ["abc"]
    assert editor.why(place)["source"] == "model"


def test_what_was_suggested_under_other_settings_is_not_remembered(start: Start) -> None:
    editor = start()
    place = editor.put(f'# scripted: text="a\\nb"\n{CARET}')
    for source in ("model", "cache"):
        assert editor.texts(place) == ["a\nb"]
        assert editor.why(place)["source"] == source
    editor.notify(*_changed({"codegen-lsp": {"multiline": "never"}}))
    editor.texts(place)
    assert editor.why(place)["source"] == "model"


def test_the_menu_item_where_the_setting_asks_for_it(start: Start) -> None:
    editor = start(loaded=False, options={"completionFallback": True})
    editor.wait_ready()
    head = '# scripted: text="nd(🙂)\\ny = 2" replaces=1\n'
    place = editor.put(f"{head}é🙂.éap{CARET})  # 🙂")
    result = _menu(editor, place)
    (item,) = result["items"]
    assert result["isIncomplete"] is True
    assert item["label"] == "éapnd(🙂)…"
    assert item["labelDetails"]["description"] == "generated"
    assert "generated" in item["detail"]
    assert item["sortText"] > "zzzz"
    assert item["filterText"] == "éapnd(🙂)"
    edit = {"range": item["textEdit"]["range"], "insertText": item["textEdit"]["newText"]}
    assert edit["insertText"].startswith("éapnd")
    assert editor.apply(place.text, edit) == head + "é🙂.éapnd(🙂)\ny = 2  # 🙂"
    editor.run(item["command"]["command"], *item["command"]["arguments"])
    assert editor.why(place)["suggestions"][0]["outcome"] == "accepted"
    silent = editor.put(f"# scripted: reason=empty\n{CARET}")
    assert _menu(editor, silent)["items"] == []


def test_the_menu_item_is_found_by_its_first_line_alone(start: Start) -> None:
    editor = start(options={"completionFallback": True})
    place = editor.put(f'# scripted: text="pend(1)\\r\\ny = 2"\r\nx.ap{CARET}\r\n')
    (item,) = _menu(editor, place)["items"]
    assert item["filterText"] == "append(1)"
    assert item["label"] == "append(1)…"
    assert item["textEdit"]["newText"] == "append(1)\r\ny = 2"


@pytest.mark.parametrize("menu_first", [False, True])
def test_the_menu_and_inline_completion_do_not_supersede_each_other(
    start: Start, tmp_path: Path, until: Callable[[Path], None], menu_first: bool
) -> None:
    editor = start(options={"completionFallback": True})
    begun, go = tmp_path / "begun", tmp_path / "go"
    place = editor.put(f"# scripted: text=both touch={begun} wait_for={go}\n{CARET}")
    if menu_first:
        menu = editor.start(*_menu_request(place))
        until(begun)
        inline = editor.ask(place)
    else:
        inline = editor.ask(place)
        until(begun)
        menu = editor.start(*_menu_request(place))
    editor.settle()
    assert not inline.finished(0)
    assert not menu.finished(0)
    go.touch()
    assert [item["insertText"] for item in inline.wait()["items"]] == ["both"]
    assert [item["textEdit"]["newText"] for item in menu.wait()["items"]] == ["both"]
    assert [finish for _, finish in editor.log_of("both")] == ["stop", "stop"]


@pytest.mark.parametrize("fallback", [False, True])
def test_menus_are_promised_only_with_the_setting(start: Start, fallback: bool) -> None:
    editor = start(options={"completionFallback": fallback})
    assert ("completionProvider" in editor.capabilities) is fallback
    assert (_menu(editor, editor.put(SIMPLE)) is not None) is fallback


def test_menus_are_registered_when_the_setting_changes(start: Start) -> None:
    editor = start(capabilities=REGISTERS)
    place = editor.put(SIMPLE)
    assert _menu(editor, place) is None
    for fallback in (True, True, False, False):
        editor.notify(*_changed({"codegen-lsp": {"completionFallback": fallback}}))
        editor.settle()
        assert (_menu(editor, place) is not None) is fallback
    (registered,) = editor.asked_by_server("client/registerCapability")
    (unregistered,) = editor.asked_by_server("client/unregisterCapability")
    (begun,) = registered["registrations"]
    (ended,) = unregistered["unregisterations"]
    assert begun["method"] == ended["method"] == "textDocument/completion"
    assert begun["id"] == ended["id"]
    assert "." in begun["registerOptions"]["triggerCharacters"]


def _asked(editor: Editor, *, invoked: bool = False) -> Any:
    """What the worker is asked for a request."""
    (text,) = editor.texts(editor.put(ASKED), invoked=invoked)
    return json.loads(text)


def _ask_until_most_tokens_are(editor: Editor, expected: int) -> None:
    """Ask until the settings that the client was asked for hold.

    Nothing tells when they have come, and what is under way then is answered empty.
    """
    place, version, most = editor.put(ASKED), 1, None
    while most != expected:
        version += 1
        place = editor.type(place, version, ASKED)
        texts = editor.texts(place)
        if texts:
            most = json.loads(texts[0])["options"]["max_new_tokens"]
        else:
            assert editor.reason(place) == "superseded"
        assert len(editor.asked_by_server("workspace/configuration")) <= 2


def _menu(editor: Editor, place: Place) -> Any:
    return editor.request(*_menu_request(place))


def _menu_request(place: Place) -> tuple[str, dict[str, object]]:
    params: dict[str, object] = {"textDocument": {"uri": place.uri}, "position": place.position}
    return "textDocument/completion", params


def _changed(settings: object) -> tuple[str, dict[str, object]]:
    return "workspace/didChangeConfiguration", {"settings": settings}
