"""Which function handles which message."""

from collections.abc import Callable, Mapping, Sequence
from typing import IO, Any

from lsprotocol import types

from codegen_lsp.server import (
    completion,
    docstring,
    document_sync,
    events,
    explain,
    lifecycle,
    workspace_events,
)
from codegen_lsp.server.handshake import Greeting
from codegen_lsp.server.inline_completion import inline_completion
from codegen_lsp.server.session import Session

_FEATURES: Mapping[str, Callable[..., Any]] = {
    types.INITIALIZED: lifecycle.initialized,
    types.WORKSPACE_DID_CHANGE_CONFIGURATION: lifecycle.did_change_configuration,
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: workspace_events.did_change_folders,
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: workspace_events.did_change_files,
    types.WINDOW_WORK_DONE_PROGRESS_CANCEL: lifecycle.cancel_progress,
    types.TEXT_DOCUMENT_DID_OPEN: document_sync.did_open,
    types.TEXT_DOCUMENT_DID_CHANGE: document_sync.did_change,
    types.TEXT_DOCUMENT_DID_SAVE: workspace_events.did_save,
    types.TEXT_DOCUMENT_DID_CLOSE: document_sync.did_close,
    types.NOTEBOOK_DOCUMENT_DID_OPEN: document_sync.notebook_did_open,
    types.NOTEBOOK_DOCUMENT_DID_CHANGE: document_sync.notebook_did_change,
    types.NOTEBOOK_DOCUMENT_DID_CLOSE: document_sync.notebook_did_close,
    types.TEXT_DOCUMENT_INLINE_COMPLETION: inline_completion,
    types.TEXT_DOCUMENT_COMPLETION: completion.completion,
    types.TEXT_DOCUMENT_CODE_ACTION: docstring.code_action,
    types.CODE_ACTION_RESOLVE: docstring.resolve,
    "textDocument/didShowCompletion": events.did_show,
    "textDocument/didPartiallyAcceptCompletion": events.did_partially_accept,
    "textDocument/didFocus": events.did_focus,
    "codegen/explain": explain.explain,
}

_COMMANDS: Mapping[str, Callable[..., Any]] = {
    "codegen.accept": events.accept_command,
    "codegen.reject": events.reject_command,
    "codegen.explain": explain.explain_command,
    "codegen.fetchModel": events.fetch_command,
    docstring.COMMAND: docstring.docstring_command,
}


def create_session(greeting: Greeting, worker: Sequence[str], log: IO[Any]) -> Session:
    """The server for a client that has been greeted.

    Args:
        greeting: what was said so far.
        worker: starts the process that runs the model.
        log: where that process logs to.
    """
    session = Session(greeting, worker, log)
    for method, handler in _FEATURES.items():
        session.feature(method)(handler)
    for name, command in _COMMANDS.items():
        session.command(name)(command)
    return session
