"""What is read from `initialize`, whatever a client leaves out or gets wrong."""

from pathlib import Path
from typing import Any

import pytest

from codegen_lsp.server.client import Client, path_of, read_client
from codegen_lsp.text import Encoding

NOTHING = Client(Encoding.UTF16, (), None, *[False] * 8)


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"capabilities": None},
        {"capabilities": [], "workspaceFolders": {}, "rootUri": 3, "rootPath": ""},
        {"capabilities": {"general": {"positionEncodings": "utf-8"}, "window": True}},
        {"capabilities": {"general": {"positionEncodings": [1, None, "ucs-2"]}}},
        {"capabilities": {"window": {"workDoneProgress": "yes"}}, "workspaceFolders": [None]},
        {"rootUri": "untitled:x"},
    ],
)
def test_what_is_missing_or_odd_counts_as_absent(params: dict[str, Any]) -> None:
    assert read_client(params) == NOTHING


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (["utf-8", "utf-16"], Encoding.UTF8),
        (["utf-32"], Encoding.UTF32),
        (["ucs-2", "utf-32", "utf-8"], Encoding.UTF32),
        ([], Encoding.UTF16),
    ],
)
def test_the_first_known_encoding_is_chosen(offered: list[str], chosen: Encoding) -> None:
    params = {"capabilities": {"general": {"positionEncodings": offered}}}
    assert read_client(params).encoding is chosen


def test_all_folders_are_read_and_the_first_is_the_projects() -> None:
    folders = [{"uri": "file:///a%20b/%C3%A9", "name": "x"}, {"uri": "file:///c", "name": "y"}]
    params: dict[str, Any] = {"workspaceFolders": folders, "rootUri": "file:///r", "rootPath": "/p"}
    assert read_client(params).folders == (Path("/a b/é"), Path("/c"))
    assert read_client(params).folder == Path("/a b/é")
    assert read_client({**params, "workspaceFolders": []}).folder == Path("/r")
    assert read_client({"rootPath": "/p"}).folder == Path("/p")


def test_a_full_client_is_read() -> None:
    client = read_client(
        {
            "capabilities": {
                "window": {"workDoneProgress": True},
                "workspace": {
                    "configuration": True,
                    "workspaceEdit": {"documentChanges": True},
                    "didChangeWatchedFiles": {"dynamicRegistration": True},
                },
                "textDocument": {
                    "completion": {"dynamicRegistration": True},
                    "codeAction": {
                        "codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}},
                        "dataSupport": True,
                        "resolveSupport": {"properties": ["command", "edit"]},
                    },
                },
            },
            "initializationOptions": {"editorInfo": {"name": "Emacs"}},
        }
    )
    assert client.shows_progress
    assert client.has_configuration
    assert client.watches_files
    assert client.registers_completion
    assert client.has_actions
    assert client.resolves_edits
    assert client.has_document_changes
    assert client.is_copilot_client
    assert client.options == {"editorInfo": {"name": "Emacs"}}


@pytest.mark.parametrize("uri", [None, 5, "", "http://h/x", "file://[", "untitled:a"])
def test_only_file_uris_name_a_path(uri: object) -> None:
    assert path_of(uri) is None
