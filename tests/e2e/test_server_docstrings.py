"""Docstrings in the editor: offered, written, cancelled and hinted at, over the protocol."""

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from codegen_lsp.evaluate.json_rpc import LspError, Message, Pending
from codegen_lsp.evaluate.lsp_client import replace
from tests.e2e.conftest import Start
from tests.e2e.editor import CARET, Editor, Place

KIND, TITLE = "refactor.rewrite.docstring", "Generate docstring for area"
CANCELLED, MODIFIED, FAILED = -32800, -32801, -32803
LAZY: Message = {
    "codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}},
    "dataSupport": True,
    "resolveSupport": {"properties": ["edit"]},
}
SAID = "Do it with 0 callers."
CODE = "def area(side):\n    ‸return side * side\n"
DOCSTRING = (
    f'    """{SAID}\n\n    Args:\n        side: {SAID}\n\n    Returns:\n        {SAID}\n    """\n'
)
STALE = (
    'def area(side):\n    """Compute.\n\n    Args:\n        length: Of it.\n    """\n    ‸pass\n'
)


def capabilities(action: Message | None = None, *, versioned: bool = True) -> Message:
    edits = {"workspaceEdit": {"documentChanges": versioned}, "applyEdit": True}
    actions = LAZY if action is None else action
    return {
        "textDocument": {"inlineCompletion": {}, "codeAction": actions},
        "window": {"workDoneProgress": True},
        "workspace": edits,
    }


def actions(editor: Editor, place: Place, **context: Any) -> list[Message]:
    """The code actions at the caret."""
    params = {
        "textDocument": {"uri": place.uri},
        "range": {"start": place.position, "end": place.position},
        "context": {"diagnostics": [], **context},
    }
    found: list[Message] = editor.request("textDocument/codeAction", params)
    return found


def applied(editor: Editor, place: Place, edit: Message) -> str:
    """The text after a workspace edit, which must be one of the place's document."""
    (change,) = edit["documentChanges"]
    assert change["textDocument"] == {"uri": place.uri, "version": 1}
    (one,) = change["edits"]
    return replace(place.text, one["range"], one["newText"], editor.position_encoding)


def begun(editor: Editor, tmp_path: Path, until: Callable[[Path], None]) -> tuple[Pending, Place]:
    """A docstring that is being written until it is stopped, or the file "go" exists."""
    directive = f"# scripted: touch={tmp_path / 'begun'} wait_for={tmp_path / 'go'}"
    place = editor.put(CODE.replace(CARET, f"{CARET}{directive}\n    "))
    (action,) = actions(editor, place)
    pending = editor.start("codeAction/resolve", action)
    until(tmp_path / "begun")
    return pending, place


@pytest.mark.parametrize("encodings", [["utf-8"], ["utf-16"], ["utf-32"]])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_docstring_is_offered_and_written_when_it_is_chosen(
    start: Start, encodings: list[str], ending: str
) -> None:
    editor = start(capabilities=capabilities(), encodings=encodings)
    before = f'x = "😀é"; y = 1\n\n\n{CODE}'.replace("(side)", "(side, é='😀')")
    place = editor.put(before.replace("\n", ending))
    (action,) = actions(editor, place)
    assert (action["title"], action["kind"]) == (TITLE, KIND)
    assert "edit" not in action
    resolved = editor.request("codeAction/resolve", action)
    said = DOCSTRING.replace(f"side: {SAID}\n", f"side: {SAID}\n        é: {SAID}\n")
    expected = before.replace(f"    {CARET}", f"{said}    ").replace("\n", ending)
    assert applied(editor, place, resolved["edit"]) == expected


def test_progress_lasts_as_long_as_the_work(
    start: Start, tmp_path: Path, until: Callable[[Path], None]
) -> None:
    editor = start(capabilities=capabilities())

    def reported(kind: str) -> None:
        def is_it(method: str, params: Any) -> bool:
            return method == "$/progress" and (
                ("docstring" in params["token"], params["value"]["kind"]) == (True, kind)
            )

        editor.wait_for(is_it)

    pending, _ = begun(editor, tmp_path, until)
    reported("begin")
    assert not pending.finished(0)
    (tmp_path / "go").touch()
    assert "edit" in pending.wait()
    reported("end")


@pytest.mark.parametrize("action", [{"codeActionLiteralSupport": {}}, {}])
def test_clients_that_cannot_resolve_get_a_command(start: Start, action: Message) -> None:
    edits: list[Message] = []

    def apply(params: Message) -> Message:
        edits.append(params["edit"])
        return {"applied": True}

    editor = start(
        capabilities=capabilities(action, versioned=False),
        responders={"workspace/applyEdit": apply},
    )
    place = editor.put(CODE)
    (found,) = actions(editor, place)
    command = found["command"] if action else found
    params = {"command": command["command"], "arguments": command["arguments"]}
    assert editor.request("workspace/executeCommand", params | {"workDoneToken": "ours"}) is None
    (edit,) = edits
    (one,) = edit["changes"][place.uri]
    after = replace(place.text, one["range"], one["newText"], editor.position_encoding)
    assert after == CODE.replace(f"    {CARET}", f"{DOCSTRING}    ")
    tokens = {each["token"] for each in editor.said("$/progress")}
    assert "ours" in tokens
    refused = editor.put(CODE.replace(CARET, '# scripted: sentence=""\n    '))
    editor.run("codegen.docstring", refused.uri, 1, 0)
    shown = [each["message"] for each in editor.said("window/showMessage")]
    assert any("no docstring" in each for each in shown)
    assert len(edits) == 1


def test_only_the_kinds_that_are_asked_for_are_offered(start: Start) -> None:
    editor = start(capabilities=capabilities())
    place = editor.put(CODE)
    for only in (["refactor"], ["refactor.rewrite"], [KIND], ["source", KIND], [""]):
        assert len(actions(editor, place, only=only)) == 1
    for only in (["refactor.extract"], ["quickfix"], ["ref"], []):
        assert actions(editor, place, only=only) == []
    assert actions(editor, editor.put(f"x = 1{CARET}\n")) == []
    assert actions(editor, Place("file:///unknown.py", "", 0, 0)) == []


def test_what_the_settings_or_its_name_deny_is_not_offered(start: Start, tmp_path: Path) -> None:
    editor = start(
        capabilities=capabilities(),
        options={"disabledLanguages": ["go"], "deniedFiles": ["*.sql"], "maxDocumentKb": 1},
    )
    assert actions(editor, editor.put("func ‸F() {}\n", "go")) == []
    denied = editor.put(CODE, uri=(tmp_path / "a.sql").as_uri())
    assert actions(editor, denied) == []
    data = {"uri": denied.uri, "version": 1, "start": 0}
    with pytest.raises(LspError, match="holds secrets"):
        editor.request("codeAction/resolve", {"title": "", "data": data})
    assert actions(editor, editor.put(CODE + "#" * 1024)) == []


def test_a_large_document_is_looked_at_only_when_the_user_asks(start: Start) -> None:
    editor = start(capabilities=capabilities(), options={"docstringHints": True})
    large = editor.put(STALE + "#" * 200_000)
    automatic, invoked = 2, 1
    assert actions(editor, large, triggerKind=automatic) == []
    assert len(actions(editor, large, triggerKind=invoked)) == 1
    small = editor.put(STALE)
    assert len(actions(editor, small, triggerKind=automatic)) == 1
    _, params = editor.wait_for(lambda method, _: method == "textDocument/publishDiagnostics")
    assert params["uri"] == small.uri  # and not the large one's, opened before


def test_a_definition_without_a_docstring_to_write_gets_the_reason(start: Start) -> None:
    editor = start(capabilities=capabilities())
    place = editor.put(CODE.replace(CARET, f'{CARET}# scripted: sentence=""\n    '))
    (action,) = actions(editor, place)
    with pytest.raises(LspError, match="a sentence that was wanted is missing") as refused:
        editor.request("codeAction/resolve", action)
    assert refused.value.code == FAILED
    with pytest.raises(LspError):
        editor.request("codeAction/resolve", {"title": "another server's"})


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {"uri": 5, "version": 1, "start": 0},
        {"uri": "file:///unknown.py", "version": 1, "start": 0},
        {"version": None, "start": 0},
        {"version": 1, "start": -1},
        {"version": 1, "start": 10**9},
        {"version": 1, "start": "0"},
    ],
)
def test_odd_requests_get_an_error_each(editor: Editor, data: Any) -> None:
    place = editor.put(CODE)
    whole = {"uri": place.uri, **data} if isinstance(data, dict) else data
    with pytest.raises(LspError):
        editor.request("codeAction/resolve", {"title": "a", "data": whole, "workDoneToken": {}})
    arguments = list(whole.values()) if isinstance(whole, dict) else []
    params = {"command": "codegen.docstring", "arguments": arguments, "workDoneToken": [1]}
    with contextlib.suppress(LspError):  # an internal one would be in the log
        editor.request("workspace/executeCommand", params)
    editor.settle()


def test_a_document_that_has_changed_gets_no_edit(start: Start) -> None:
    editor = start(capabilities=capabilities())
    place = editor.put(CODE)
    (action,) = actions(editor, place)
    editor.type(place, 2, f"\n{CODE}")
    with pytest.raises(LspError) as refused:
        editor.request("codeAction/resolve", action)
    assert refused.value.code == MODIFIED
    editor.close(place.uri)
    with pytest.raises(LspError) as refused:
        editor.request("codeAction/resolve", action)
    assert refused.value.code == MODIFIED


@pytest.mark.parametrize("way", ["request", "progress", "change"])
def test_what_is_being_written_can_be_stopped(
    start: Start, tmp_path: Path, until: Callable[[Path], None], way: str
) -> None:
    editor = start(capabilities=capabilities())
    pending, place = begun(editor, tmp_path, until)
    if way == "request":
        editor.notify("$/cancelRequest", {"id": pending.id})
    elif way == "change":
        editor.type(place, 2, f"\n{CODE}")
    else:
        editor.wait_for(lambda method, params: "docstring" in str(params.get("token")))
        token = editor.said("$/progress")[-1]["token"]
        editor.notify("window/workDoneProgress/cancel", {"token": token})
    with pytest.raises(LspError) as stopped:
        pending.wait()
    assert stopped.value.code == (MODIFIED if way == "change" else CANCELLED)
    # The worker has stopped too: else nothing else would be answered.
    (action,) = actions(editor, editor.put(CODE))
    assert "edit" in editor.request("codeAction/resolve", action)


def test_a_server_that_ends_has_answered(
    start: Start, tmp_path: Path, until: Callable[[Path], None]
) -> None:
    begun(start(capabilities=capabilities()), tmp_path, until)  # `start` looks, in the end


def test_typing_the_opening_quotes_offers_the_docstring(editor: Editor) -> None:
    place = editor.put(CODE.replace(f"    {CARET}", f'    """{CARET}"""\n    '))
    (item,) = editor.items(place)
    after = CODE.replace(f"    {CARET}", f"{DOCSTRING}    ")
    assert editor.apply(place.text, item) == after
    typed = CODE.replace(f"    {CARET}", f'    """Do{CARET}"""\n    ')
    (item,) = editor.items(editor.type(place, 2, typed))  # from memory
    assert editor.apply(typed.replace(CARET, ""), item) == after
    assert editor.why(place)["source"] == "cache"


def test_an_opening_that_gets_no_docstring_is_a_silence_with_a_reason(editor: Editor) -> None:
    place = editor.put(
        f'def area(side):\n    """{CARET}\n    # scripted: sentence=""\n    return side * side\n'
    )
    assert editor.texts(place) == []
    assert editor.reason(place) == "no_docstring"


def test_where_one_line_is_wanted_quotes_open_no_docstring(start: Start) -> None:
    editor = start(options={"multiline": "never"})
    place = editor.put(f'# scripted: text=abc\ndef f():\n    """{CARET}\n    pass\n')
    assert editor.texts(place) == ["abc"]


def hints_of(editor: Editor, place: Place) -> list[Message] | None:
    """The latest hints in the document; None if there have been none."""
    told = [
        each for each in editor.said("textDocument/publishDiagnostics") if each["uri"] == place.uri
    ]
    latest: list[Message] | None = told[-1]["diagnostics"] if told else None
    return latest


def test_stale_docstrings_are_hinted_at_with_a_quick_fix(start: Start) -> None:
    editor = start(capabilities=capabilities(), options={"docstringHints": True})

    def told(method: str, params: Message) -> bool:
        return method == "textDocument/publishDiagnostics"

    place = editor.put(STALE)
    since = len(editor.notifications)
    _, params = editor.wait_for(told)
    (hint,) = params["diagnostics"]
    assert (params["uri"], params["version"]) == (place.uri, 1)
    assert (hint["code"], hint["source"], hint["severity"]) == ("docstring.stale", "codegen-lsp", 4)
    assert "`side`" in hint["message"]
    assert "`length`" in hint["message"]
    fix, rewrite = actions(editor, place, diagnostics=[hint])
    assert (fix["kind"], fix["diagnostics"], fix["isPreferred"]) == ("quickfix", [hint], True)
    assert (rewrite["kind"], rewrite["title"]) == (KIND, "Update docstring of area")
    resolved = editor.request("codeAction/resolve", fix)
    mended = applied(editor, place, resolved["edit"])
    assert mended == STALE.replace(CARET, "").replace("length: Of it.", f"side: {SAID}")
    since = len(editor.notifications)
    editor.type(place, 2, mended.replace("pass", f"pass{CARET}"))
    assert editor.wait_for(told, since=since)[1] == {
        "uri": place.uri,
        "version": 2,
        "diagnostics": [],
    }


def test_hints_come_and_go_with_the_setting_and_the_document(start: Start) -> None:
    editor = start(capabilities=capabilities())

    def told(method: str, params: Message) -> bool:
        return method == "textDocument/publishDiagnostics"

    place = editor.put(STALE)
    for wanted, count in ((True, 1), (False, 0), (True, 1)):
        since = len(editor.notifications)
        settings = {"codegen-lsp": {"docstringHints": wanted}}
        editor.notify("workspace/didChangeConfiguration", {"settings": settings})
        assert len(editor.wait_for(told, since=since)[1]["diagnostics"]) == count
    since = len(editor.notifications)
    editor.close(place.uri)
    assert editor.wait_for(told, since=since)[1]["diagnostics"] == []
    assert len(editor.said("textDocument/publishDiagnostics")) == 4


def test_without_the_setting_nothing_is_hinted_at(start: Start) -> None:
    editor = start(capabilities=capabilities())
    place = editor.put(STALE)
    editor.notify("textDocument/didSave", {"textDocument": {"uri": place.uri}})
    editor.settle()
    assert len(actions(editor, place)) == 1  # behind a look at the document, if there were one
    assert editor.said("textDocument/publishDiagnostics") == []
