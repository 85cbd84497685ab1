"""Docstrings as code actions: offered at once, written when the user chooses one.

A client that can have the edit resolved later is told what `codeAction/resolve` needs. Any other
gets the command `codegen.docstring`, which asks it to apply the edit.
"""

import logging
from collections.abc import Iterator, Sequence

from lsprotocol import types
from pygls.exceptions import JsonRpcContentModified, JsonRpcInvalidParams

from codegen_lsp.errors import CodegenError
from codegen_lsp.server.docstring_hints import diagnostic_of, is_served
from codegen_lsp.server.document_sync import position_of
from codegen_lsp.server.protocol import raw_params
from codegen_lsp.server.session import Session
from codegen_lsp.text import Snapshot
from codegen_lsp.worker.docstring_messages import Definition, Documented, FindDefinitions, Refused

COMMAND = "codegen.docstring"
KIND = "refactor.rewrite.docstring"
_FIX = types.CodeActionKind.QuickFix

_log = logging.getLogger(__name__)


class RefusedError(CodegenError):
    """The definition gets no docstring; the text says why."""


async def code_action(
    session: Session, params: types.CodeActionParams
) -> list[types.CodeAction | types.Command]:
    """`textDocument/codeAction`: one for each definition around the cursor that needs it."""
    document = session.documents.get(params.text_document.uri)
    only = params.context.only
    is_asked = params.context.trigger_kind is not types.CodeActionTriggerKind.Automatic
    if document is None or not _wants(only, KIND, _FIX):
        return []
    if not is_served(document, session.resolved.settings, is_asked=is_asked):
        return []
    snapshot, offset = document.snapshot(), document.offset_at(position_of(params.range.start))
    if is_asked:
        session.suggester.prefetcher.stop()
    try:
        found = await session.supervisor.ask(FindDefinitions(snapshot, offset))
    except CodegenError as error:
        _log.info("no code actions: %s", error)
        return []
    hints = params.context.diagnostics
    return [
        each
        for definition in found
        for each in _actions(session, snapshot, definition, hints, only)
    ]


async def resolve(session: Session, action: types.CodeAction) -> types.CodeAction:
    """`codeAction/resolve`: write the docstring.

    Raises:
        JsonRpcException: there is none, with the reason; the document is another by now.
        CodegenError: the model is not ready.
    """
    action.edit = await _edit(session, action.data)
    return action


async def docstring_command(session: Session, *arguments: object) -> None:
    """`codegen.docstring`: write the docstring and have the client put it in.

    Raises:
        JsonRpcException: the document is another by now.
        CodegenError: the model is not ready.
    """
    data = dict(zip(("uri", "version", "start"), arguments, strict=False))
    try:
        edit = await _edit(session, data)
    except RefusedError as error:
        message = types.ShowMessageParams(types.MessageType.Warning, f"codegen-lsp: {error}")
        session.window_show_message(message)
        return
    params = types.ApplyWorkspaceEditParams(edit, "Docstring")
    answer = await session.workspace_apply_edit_async(params)
    _log.info("the client has applied the docstring: %s", answer.applied)


def _wants(only: Sequence[str | types.CodeActionKind] | None, *kinds: str) -> bool:
    """Whether the client asks for one of `kinds`, or for everything."""
    asked = [""] if only is None else [str(getattr(each, "value", each)) for each in only]
    return any(
        f"{kind}.".startswith(f"{each}." if each else "") for each in asked for kind in kinds
    )


def _actions(
    session: Session,
    snapshot: Snapshot,
    definition: Definition,
    hints: Sequence[types.Diagnostic],
    only: Sequence[str | types.CodeActionKind] | None,
) -> Iterator[types.CodeAction | types.Command]:
    """What a client may choose for `definition`: the quick fix of a hint, and the rewriting."""
    title = f"{_verb(definition)} {definition.name}"
    place = {"uri": snapshot.uri, "version": snapshot.version, "start": definition.start}
    command = types.Command(title, COMMAND, arguments=list(place.values()))
    if not session.client.has_actions:
        yield command
        return
    lazily = session.client.resolves_edits
    then = {"data": place} if lazily else {"command": command}
    own = diagnostic_of(definition, snapshot, session.client.encoding)
    fixed = [each for each in hints if own and _is_same(each, own)]
    if fixed and _wants(only, _FIX.value):
        yield types.CodeAction(title, kind=_FIX, diagnostics=fixed, is_preferred=True, **then)
    if _wants(only, KIND):
        yield types.CodeAction(title, kind=KIND, **then)


def _verb(definition: Definition) -> str:
    return "Generate docstring for" if definition.docstring is None else "Update docstring of"


def _is_same(one: types.Diagnostic, other: types.Diagnostic) -> bool:
    return (one.source, one.code, one.range) == (other.source, other.code, other.range)


async def _edit(session: Session, data: object) -> types.WorkspaceEdit:
    """The edit of the code action that `data` is of.

    Raises:
        JsonRpcException: `data` is of no action of ours; there is no docstring; the document is
            another by now.
        CodegenError: the model is not ready.
    """
    match data:
        case {"uri": str(uri), "version": int(version), "start": int(start)}:
            pass
        case _:
            raise JsonRpcInvalidParams("no action of this server")
    document = session.documents.get(uri)
    if document is None or document.version != version:
        raise JsonRpcContentModified("the document has changed")
    given = raw_params.get({}).get("workDoneToken")
    token = given if isinstance(given, int | str) else None
    session.suggester.prefetcher.stop()
    snapshot = document.snapshot()
    session.events.on_busy(True)
    try:
        written = await session.docstrings.write(snapshot, start, token)
    finally:
        session.events.on_busy(False)
    if isinstance(written, Refused):
        raise RefusedError(f"no docstring: {written.why}")
    return _workspace_edit(session, snapshot, written)


def _workspace_edit(
    session: Session, snapshot: Snapshot, written: Documented
) -> types.WorkspaceEdit:
    ends = (
        snapshot.position_at(each, session.client.encoding) for each in (written.start, written.end)
    )
    start, end = (types.Position(each.line, each.character) for each in ends)
    edit = types.TextEdit(types.Range(start, end), written.text)
    if not session.client.has_document_changes:
        return types.WorkspaceEdit(changes={snapshot.uri: [edit]})
    document = types.OptionalVersionedTextDocumentIdentifier(snapshot.uri, snapshot.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, [edit])])
