"""What the client tells of its folders and of files on disk."""

from collections.abc import Iterable

from lsprotocol import types

from codegen_lsp.server.client import path_of
from codegen_lsp.server.folders import SOURCE_FILES
from codegen_lsp.server.session import Session
from codegen_lsp.worker.messages import Changed

_REGISTRATION = "codegen-lsp-files"


def did_change_folders(session: Session, params: types.DidChangeWorkspaceFoldersParams) -> None:
    """`workspace/didChangeWorkspaceFolders`."""
    event = params.event
    session.folders.change(
        [folder.uri for folder in event.added], [folder.uri for folder in event.removed]
    )


def did_save(session: Session, params: types.DidSaveTextDocumentParams) -> None:
    """`textDocument/didSave`."""
    _changed(session, [params.text_document.uri])
    session.hints.changed(params.text_document.uri, pause_s=0.0)


def did_change_files(session: Session, params: types.DidChangeWatchedFilesParams) -> None:
    """`workspace/didChangeWatchedFiles`."""
    _changed(session, [change.uri for change in params.changes])


def watch_files(session: Session) -> None:
    """Have the client tell of files that others than its user change."""
    if not session.client.watches_files:
        return
    options = types.DidChangeWatchedFilesRegistrationOptions(
        [types.FileSystemWatcher(SOURCE_FILES)]
    )
    method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
    registration = types.Registration(_REGISTRATION, method, options)
    session.client_register_capability(types.RegistrationParams([registration]))


def _changed(session: Session, uris: Iterable[str]) -> None:
    paths = [path for path in map(path_of, uris) if path is not None]
    if paths and session.resolved.settings.context:
        session.supervisor.tell(Changed(tuple(paths)))
