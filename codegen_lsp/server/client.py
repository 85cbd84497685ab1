"""What a client says of itself in `initialize`, read from plain JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlparse
from urllib.request import url2pathname

from codegen_lsp.text import Encoding


@dataclass(frozen=True, slots=True)
class Client:
    """What the server needs to know of a client.

    Attributes:
        encoding: of the positions in all messages.
        folders: of the workspace; those that are no file's URI are left out.
        options: `initializationOptions` as they came.
        shows_progress: `window/workDoneProgress/create` may be sent.
        has_configuration: `workspace/configuration` may be asked.
        registers_completion: `textDocument/completion` may be registered later.
        has_actions: it knows code actions, and not only commands.
        resolves_edits: it asks for the edit of a code action when the user has chosen it.
        has_document_changes: edits may say which version of a document they are for.
        watches_files: `workspace/didChangeWatchedFiles` may be registered.
        is_copilot_client: it speaks the Copilot server's protocol, so it wants to know when the
            server is busy.
    """

    encoding: Encoding
    folders: tuple[Path, ...]
    options: object
    shows_progress: bool
    has_configuration: bool
    registers_completion: bool
    has_actions: bool
    resolves_edits: bool
    has_document_changes: bool
    watches_files: bool
    is_copilot_client: bool

    @property
    def folder(self) -> Path | None:
        """The first workspace folder, whose project file counts; None without one."""
        return self.folders[0] if self.folders else None


def read_client(params: Mapping[str, Any]) -> Client:
    """What the parameters of `initialize` say; whatever is missing or odd counts as absent."""
    capabilities = params.get("capabilities")
    options = params.get("initializationOptions")
    action = _at(capabilities, "textDocument", "codeAction")
    resolved = _at(action, "resolveSupport", "properties")
    return Client(
        encoding=_encoding(_at(capabilities, "general", "positionEncodings")),
        folders=_folders(params),
        options=options,
        shows_progress=_at(capabilities, "window", "workDoneProgress") is True,
        has_configuration=_at(capabilities, "workspace", "configuration") is True,
        registers_completion=(
            _at(capabilities, "textDocument", "completion", "dynamicRegistration") is True
        ),
        has_actions=_at(action, "codeActionLiteralSupport") is not None,
        resolves_edits=(
            _at(action, "dataSupport") is True and isinstance(resolved, list) and "edit" in resolved
        ),
        has_document_changes=(
            _at(capabilities, "workspace", "workspaceEdit", "documentChanges") is True
        ),
        watches_files=(
            _at(capabilities, "workspace", "didChangeWatchedFiles", "dynamicRegistration") is True
        ),
        is_copilot_client=_at(options, "editorInfo") is not None,
    )


def path_of(uri: object) -> Path | None:
    """The path that a `file:` URI names; None for everything else."""
    if not isinstance(uri, str):
        return None
    try:
        parts = urlparse(uri)
        return Path(url2pathname(parts.path)) if parts.scheme == "file" else None
    except ValueError:  # such as an unclosed [ in the host
        return None


def _at(value: object, *keys: str) -> object:
    """What lies in nested objects under `keys`; None where there is nothing."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _encoding(offered: object) -> Encoding:
    """The first encoding that the client offers and the protocol knows; UTF-16 without any."""
    for name in offered if isinstance(offered, list) else ():
        if name in list(Encoding):
            return Encoding(name)
    return Encoding.UTF16


def _folders(params: Mapping[str, Any]) -> tuple[Path, ...]:
    listed = params.get("workspaceFolders")
    uris = [_at(each, "uri") for each in listed] if isinstance(listed, list) else []
    root_path = params.get("rootPath")
    old = path_of(params.get("rootUri")) or (
        Path(root_path) if isinstance(root_path, str) and root_path else None
    )
    folders = [path for path in map(path_of, uris) if path is not None]
    if not folders and old is not None:
        folders = [old]
    return tuple(dict.fromkeys(folders))
