"""The `initialize` request, answered from plain JSON before pygls is loaded.

pygls and lsprotocol take 0.4 s to import; an editor that starts waits for this answer alone. So it
is given first, and what the client said is kept for the server that comes after it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from codegen_lsp import __version__
from codegen_lsp.config import Resolved, Settings
from codegen_lsp.server.client import Client, read_client
from codegen_lsp.server.configuration import Configuration
from codegen_lsp.server.json_rpc import (
    INVALID_PARAMS,
    SERVER_NOT_INITIALIZED,
    InvalidMessageError,
    Message,
    decode,
    encode_error,
    encode_result,
)
from codegen_lsp.server.transport import Connection

COMMANDS = (
    *("codegen.accept", "codegen.reject", "codegen.explain", "codegen.fetchModel"),
    "codegen.docstring",
)

CODE_ACTION_KINDS = ("refactor.rewrite.docstring", "quickfix")

COMPLETION_TRIGGERS = [".", "(", "[", "{", "=", ":", ","]


@dataclass(frozen=True, slots=True)
class Greeting:
    """A client that has been greeted, and the settings that it was promised."""

    client: Client
    configuration: Configuration
    resolved: Resolved


async def greet(connection: Connection, command_line: Mapping[str, str]) -> Greeting | None:
    """Answer messages until `initialize` has been; None: the client left before.

    Args:
        connection: started.
        command_line: settings given to the command, in the text of its options.
    """
    while (body := await connection.receive()) is not None:
        try:
            message = decode(body)
        except InvalidMessageError as error:
            connection.write(error.answer)
            continue
        match message:
            case {"method": "initialize", "id": id_, "params": dict(params)}:
                client = read_client(params)
                configuration = Configuration(client, command_line)
                resolved = configuration.resolve()
                connection.write(encode_result(id_, _result(client, resolved.settings)))
                return Greeting(client, configuration, resolved)
            case {"method": "exit"}:
                return None
            case {"method": _, "id": id_}:
                connection.write(_too_early(message, id_))
    return None


def _too_early(message: Message, id_: int | str) -> bytes:
    if message["method"] == "initialize":
        return encode_error(id_, INVALID_PARAMS, "the parameters of initialize must be an object")
    return encode_error(id_, SERVER_NOT_INITIALIZED, "the first request must be initialize")


def _result(client: Client, settings: Settings) -> dict[str, object]:
    capabilities: dict[str, object] = {
        "positionEncoding": client.encoding,
        "textDocumentSync": {"openClose": True, "change": 2, "save": True},  # 2: incremental
        "notebookDocumentSync": {
            "notebookSelector": [{"notebook": "*", "cells": [{"language": "*"}]}]
        },
        "inlineCompletionProvider": {},
        "codeActionProvider": not client.has_actions
        or {"codeActionKinds": CODE_ACTION_KINDS, "resolveProvider": True},
        "executeCommandProvider": {"commands": COMMANDS},
        "workspace": {"workspaceFolders": {"supported": True, "changeNotifications": True}},
    }
    if settings.completion_fallback and not client.registers_completion:
        capabilities["completionProvider"] = {"triggerCharacters": COMPLETION_TRIGGERS}
    server = {"name": "codegen-lsp", "version": __version__}
    return {"capabilities": capabilities, "serverInfo": server}
