"""The server under the capabilities of real editors, driven by pytest-lsp's client."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_lsp
from lsprotocol import types
from pygls.exceptions import JsonRpcRequestCancelled
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from codegen_lsp.evaluate.lsp_client import replace
from codegen_lsp.text import Encoding, units
from tests.e2e.editor import SCRIPTED

ENCODINGS = {"neovim": "utf-8", "visual-studio-code": "utf-16", "emacs": "utf-32"}
URI = "file:///a.py"
COMMANDS = (
    *("codegen.accept", "codegen.reject", "codegen.explain", "codegen.fetchModel"),
    "codegen.docstring",
)


@pytest_lsp.fixture(  # type: ignore[untyped-decorator]
    config=ClientServerConfig(server_command=list(SCRIPTED)), params=list(ENCODINGS)
)
async def client(lsp_client: LanguageClient) -> AsyncIterator[None]:
    """A client that has said nothing yet; the session ends with the test."""
    yield
    await lsp_client.shutdown_session()


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """The editor whose capabilities the client has."""
    params: dict[str, str] = request.node.callspec.params
    return params["client"]


async def test_what_is_promised_to_each_editor(client: LanguageClient, name: str) -> None:
    assert getattr(client_capabilities(name).text_document, "inline_completion", None) is None
    promised = (await _begin(client, name)).capabilities
    assert promised.inline_completion_provider == types.InlineCompletionOptions()
    assert promised.position_encoding == ENCODINGS[name]
    assert promised.completion_provider is None
    assert promised.notebook_document_sync is not None
    assert promised.text_document_sync == types.TextDocumentSyncOptions(
        open_close=True, change=types.TextDocumentSyncKind.Incremental, save=True
    )
    assert promised.workspace is not None
    assert promised.workspace.workspace_folders == types.WorkspaceFoldersServerCapabilities(
        supported=True, change_notifications=True
    )
    assert promised.execute_command_provider == types.ExecuteCommandOptions(COMMANDS)
    kinds = ("refactor.rewrite.docstring", types.CodeActionKind.QuickFix)
    assert promised.code_action_provider == types.CodeActionOptions(kinds, resolve_provider=True)


async def test_a_suggestion_fits_into_the_text(client: LanguageClient, name: str) -> None:
    await _begin(client, name)
    head = '# scripted: text="🙂)" replaces=1\n'
    text = head + "é = '🙂'; print()  # 🙂\n"
    _open(client, text)
    before = "é = '🙂'; print("
    column = units(before, Encoding(ENCODINGS[name]))
    answer = await client.text_document_inline_completion_async(_asked(1, column))
    assert isinstance(answer, types.InlineCompletionList)
    (item,) = answer.items
    assert item.range is not None
    assert isinstance(item.insert_text, str)
    span = {"start": _plain(item.range.start), "end": _plain(item.range.end)}
    after = replace(text, span, item.insert_text, ENCODINGS[name])
    assert after == head + "é = '🙂'; print(🙂)  # 🙂\n"


async def test_cancelling_stops_the_model(
    client: LanguageClient, name: str, tmp_path: Path
) -> None:
    await _begin(client, name)
    begun = tmp_path / "begun"
    _open(client, f"# scripted: text=x touch={begun} wait_for=/never\n\n# scripted: report=log\n")
    method = types.TEXT_DOCUMENT_INLINE_COMPLETION
    asked = client.protocol.send_request_async(method, _asked(1, 0), msg_id="mine")  # type: ignore[no-untyped-call]
    request = asyncio.ensure_future(asked)
    while not begun.exists():
        await asyncio.sleep(0.005)
    client.cancel_request(types.CancelParams(id="mine"))
    with pytest.raises(JsonRpcRequestCancelled):
        await request
    answer = await client.text_document_inline_completion_async(_asked(3, 0))
    assert isinstance(answer, types.InlineCompletionList)
    ((text, _, finish),) = json.loads(str(answer.items[0].insert_text))
    assert (text, finish) == ("x", "cancelled")


async def test_each_editor_asks_for_a_docstring_in_its_own_way(
    client: LanguageClient, name: str
) -> None:
    applied: list[types.WorkspaceEdit] = []

    def apply(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        applied.append(params.edit)
        return types.ApplyWorkspaceEditResult(applied=True)

    client.protocol.fm.features[types.WORKSPACE_APPLY_EDIT] = apply
    await _begin(client, name)
    _open(client, "def f():\n    pass\n")
    document = types.TextDocumentIdentifier(URI)
    place = types.Range(types.Position(1, 4), types.Position(1, 4))
    asked = types.CodeActionParams(document, place, types.CodeActionContext([]))
    (action,) = await client.text_document_code_action_async(asked) or ()
    if name == "emacs":  # lsprotocol takes an action that holds a command for a command
        params = types.ExecuteCommandParams("codegen.docstring", [URI, 1, 0])
        await client.workspace_execute_command_async(params)
    else:
        assert isinstance(action, types.CodeAction)
        resolved = await client.code_action_resolve_async(action)
        assert resolved.edit is not None
        applied.append(resolved.edit)
    (edit,) = applied
    change: object
    if name == "neovim":
        ((uri, (change,)),) = (edit.changes or {}).items()
        assert uri == URI
    else:
        (versioned,) = edit.document_changes or ()
        assert isinstance(versioned, types.TextDocumentEdit)
        assert versioned.text_document == types.OptionalVersionedTextDocumentIdentifier(URI, 1)
        (change,) = versioned.edits
    assert isinstance(change, types.TextEdit | types.AnnotatedTextEdit)
    assert change.new_text.strip() == '"""Do it with 0 callers."""'


async def test_progress_of_loading(client: LanguageClient, name: str) -> None:
    await _begin(client, name)
    (token,) = client.progress_reports
    reports: list[Any] = client.progress_reports[token]
    assert isinstance(reports[0], types.WorkDoneProgressBegin)
    # None where the model is there before the client has made the bar.
    assert {type(each) for each in reports[1:-1]} <= {types.WorkDoneProgressReport}
    assert isinstance(reports[-1], types.WorkDoneProgressEnd)
    assert client.messages == []


async def _begin(client: LanguageClient, name: str) -> types.InitializeResult:
    """Shake hands as the editor `name`, and wait until the model's progress bar has ended."""
    ended = asyncio.Event()
    note: Callable[[types.ProgressParams], None] = client.protocol.fm.features[types.PROGRESS]

    def progress(params: types.ProgressParams) -> None:
        note(params)
        if params.value and params.value["kind"] == "end":
            ended.set()

    client.protocol.fm.features[types.PROGRESS] = progress
    # unknown to pytest-lsp
    client.protocol.fm.features["didChangeStatus"] = lambda params: None
    client.protocol.fm.features[types.CLIENT_REGISTER_CAPABILITY] = lambda params: None
    capabilities = client_capabilities(name)
    result = await client.initialize_session(types.InitializeParams(capabilities=capabilities))
    await asyncio.wait_for(ended.wait(), 30)
    return result


def _open(client: LanguageClient, text: str) -> None:
    document = types.TextDocumentItem(URI, "python", 1, text)
    client.text_document_did_open(types.DidOpenTextDocumentParams(document))


def _asked(line: int, character: int) -> types.InlineCompletionParams:
    return types.InlineCompletionParams(
        context=types.InlineCompletionContext(types.InlineCompletionTriggerKind.Automatic),
        text_document=types.TextDocumentIdentifier(URI),
        position=types.Position(line, character),
    )


def _plain(position: types.Position) -> dict[str, int]:
    return {"line": position.line, "character": position.character}
