"""didOpen, didChange and didClose, of documents and of the cells of notebooks."""

import logging
from collections.abc import Iterable, Sequence

from lsprotocol import types

from codegen_lsp.errors import UnknownDocumentError
from codegen_lsp.server.documents import Change
from codegen_lsp.server.session import Session
from codegen_lsp.text import Position

_log = logging.getLogger(__name__)


def did_open(session: Session, params: types.DidOpenTextDocumentParams) -> None:
    """`textDocument/didOpen`."""
    _open(session, [params.text_document])


def did_change(session: Session, params: types.DidChangeTextDocumentParams) -> None:
    """`textDocument/didChange`."""
    document = params.text_document
    _change(session, document.uri, document.version, params.content_changes)


def did_close(session: Session, params: types.DidCloseTextDocumentParams) -> None:
    """`textDocument/didClose`."""
    _close(session, [params.text_document])


def notebook_did_open(session: Session, params: types.DidOpenNotebookDocumentParams) -> None:
    """`notebookDocument/didOpen`: each cell is a document."""
    _open(session, params.cell_text_documents)


def notebook_did_change(session: Session, params: types.DidChangeNotebookDocumentParams) -> None:
    """`notebookDocument/didChange`: cells come, change and go."""
    cells = params.change.cells
    if cells is None:
        return
    if cells.structure is not None:
        _close(session, cells.structure.did_close or ())
        _open(session, cells.structure.did_open or ())
    for content in cells.text_content or ():
        _change(session, content.document.uri, content.document.version, content.changes)


def notebook_did_close(session: Session, params: types.DidCloseNotebookDocumentParams) -> None:
    """`notebookDocument/didClose`."""
    _close(session, params.cell_text_documents)


def position_of(position: types.Position) -> Position:
    """A position as lsprotocol has it."""
    return Position(position.line, position.character)


def _open(session: Session, items: Iterable[types.TextDocumentItem]) -> None:
    for item in items:
        session.suggester.closed(item.uri)  # what is remembered of an earlier opening
        session.fates.closed(item.uri)
        session.documents.open(item.uri, str(item.language_id), item.version, item.text)
        session.hints.changed(item.uri)
        session.folders.touched(item.uri)


def _change(
    session: Session,
    uri: str,
    version: int,
    events: Sequence[types.TextDocumentContentChangeEvent],
) -> None:
    session.suggester.changed(uri)
    session.docstrings.changed(uri)
    session.folders.touched(uri)
    document = session.documents.get(uri)
    changes = [_change_of(event) for event in events]
    # Where characters are only added, nothing is deleted: no need to join the lines twice a key.
    deletes = any(each.range is None or each.range[0] != each.range[1] for each in changes)
    before = document.snapshot().text if document and deletes else ""
    try:
        edits = session.documents.change(uri, version, changes)
        session.fates.edited(uri, edits)
        session.hints.changed(uri)
        if document is not None:
            after = document.snapshot().text if deletes else ""
            session.suggester.edited(uri, before, after)
    except UnknownDocumentError as error:
        _log.warning("ignored a change: %s", error)


def _close(session: Session, identifiers: Iterable[types.TextDocumentIdentifier]) -> None:
    for identifier in identifiers:
        session.suggester.closed(identifier.uri)
        session.docstrings.changed(identifier.uri)
        session.hints.closed(identifier.uri)
        session.fates.closed(identifier.uri)
        try:
            session.documents.close(identifier.uri)
        except UnknownDocumentError as error:
            _log.warning("ignored a closing: %s", error)


def _change_of(event: types.TextDocumentContentChangeEvent) -> Change:
    if isinstance(event, types.TextDocumentContentChangeWholeDocument):
        return Change(None, event.text)
    return Change((position_of(event.range.start), position_of(event.range.end)), event.text)
