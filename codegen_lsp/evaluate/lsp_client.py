"""A small blocking client of a language server, for benchmarks and end-to-end tests.

It stands where an editor stands: it opens, changes and completes documents, and answers what the
server asks of an editor. Its position arithmetic is its own and simple, so that tests can hold the
server's against it.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from codegen_lsp.evaluate.connection import Connection
from codegen_lsp.evaluate.json_rpc import LspError, Message, Pending, ServerGoneError
from codegen_lsp.text import Snapshot

__all__ = [
    "LspClient",
    "LspError",
    "Pending",
    "ServerGoneError",
    "items_of",
    "offset_of",
    "replace",
]

_INVOKED, _AUTOMATIC = 1, 2
_UNITS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
_CAPABILITIES = {
    "textDocument": {"inlineCompletion": {}},
    "window": {"workDoneProgress": True},
}


class LspClient(Connection):
    """An editor's end of the protocol; `position_encoding` is the negotiated one."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: str | Path | None = None,
        stderr: int | IO[bytes] | None = None,
    ) -> None:
        """Start `command`; the other arguments are those of `Connection`.

        Unless `env` says otherwise, nothing that is done here counts in the user's statistics.
        """
        own = env if env is not None else os.environ | {"CODEGEN_LSP_STATISTICS": "false"}
        super().__init__(command, env=own, cwd=cwd, stderr=stderr)
        self.position_encoding = "utf-16"
        self.responders |= {
            "window/workDoneProgress/create": lambda params: None,
            "client/registerCapability": lambda params: None,
            "client/unregisterCapability": lambda params: None,
            "window/showMessageRequest": lambda params: None,
            "workspace/configuration": lambda params: [None] * len(params["items"]),
        }

    def initialize(
        self,
        capabilities: Message | None = None,
        options: Any = None,
        folder: Path | None = None,
        encodings: Sequence[str] | None = None,
        timeout: float = 30,
    ) -> Any:
        """Shake hands, `initialized` included; returns what the server answered.

        Args:
            capabilities: those of the client; None: inline completion and progress.
            options: the initializationOptions.
            folder: the one workspace folder.
            encodings: position encodings, the preferred one first; None: the client says nothing.
            timeout: seconds to wait for the answer.
        """
        offered = dict(_CAPABILITIES if capabilities is None else capabilities)
        if encodings is not None:
            offered["general"] = {"positionEncodings": list(encodings)}
        params: Message = {"processId": os.getpid(), "rootUri": None, "capabilities": offered}
        if folder:
            uri = folder.absolute().as_uri()
            params |= {"rootUri": uri, "workspaceFolders": [{"uri": uri, "name": folder.name}]}
        if options is not None:
            params["initializationOptions"] = options
        result = self.request("initialize", params, timeout)
        self.position_encoding = result["capabilities"].get("positionEncoding", "utf-16")
        self.notify("initialized", {})
        return result

    def open(self, uri: str, language: str, text: str, version: int = 1) -> None:
        """Tell of a document that was opened."""
        document = {"uri": uri, "languageId": language, "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def change(self, uri: str, version: int, span: Message | None, text: str) -> None:
        """Tell that `text` took the place of `span` (an LSP range; None: of the whole text)."""
        change: Message = {"text": text} if span is None else {"range": span, "text": text}
        document = {"uri": uri, "version": version}
        params = {"textDocument": document, "contentChanges": [change]}
        self.notify("textDocument/didChange", params)

    def close(self, uri: str) -> None:
        """Tell of a document that was closed."""
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def inline_completion(
        self,
        uri: str,
        line: int,
        character: int,
        invoked: bool = False,
        selected: Message | None = None,
    ) -> Pending:
        """Ask for inline completions; `selected` is the selectedCompletionInfo."""
        context: Message = {"triggerKind": _INVOKED if invoked else _AUTOMATIC}
        if selected is not None:
            context["selectedCompletionInfo"] = selected
        place = {"line": line, "character": character}
        params = {"textDocument": {"uri": uri}, "position": place, "context": context}
        return self.start("textDocument/inlineCompletion", params)

    def explain(self, uri: str, position: Message | None = None) -> Pending:
        """Ask why the latest answer (that at `position`) was what it was."""
        params: Message = {"textDocument": {"uri": uri}}
        if position is not None:
            params["position"] = position
        return self.start("codegen/explain", params)

    def apply(self, text: str, item: Message, cursor: Message | None = None) -> str:
        """`text` once the inline completion `item` is accepted; at `cursor` if it has no range."""
        span = item.get("range") or {"start": cursor, "end": cursor}
        return replace(text, span, item["insertText"], self.position_encoding)

    def shutdown(self, timeout: float = 10) -> int:
        """End the server as the protocol wants it; returns its exit status."""
        self.request("shutdown", timeout=timeout)
        self.notify("exit")
        return self.wait_exit(timeout)


def items_of(result: Any) -> list[Message]:
    """The items of an inline completion's result, whichever of its three forms it has."""
    items: list[Message] = result["items"] if isinstance(result, dict) else result or []
    return items


def replace(text: str, span: Message, new: str, encoding: str) -> str:
    """`text` with `new` in the place of `span`, an LSP range in units of `encoding`."""
    start = offset_of(text, span["start"], encoding)
    return text[:start] + new + text[offset_of(text, span["end"], encoding) :]


def offset_of(text: str, position: Message, encoding: str) -> int:
    """Code-point offset of an LSP position in units of `encoding`.

    A line past the last one is the end of the text, a character past the end of its line the end of
    that line (as the specification says), and one inside a code point the start of it.
    """
    snapshot = Snapshot("", 0, "", text)
    if position["line"] >= len(snapshot.line_starts):
        return len(text)
    codec, size = _UNITS[encoding]
    offset, units = snapshot.line_starts[position["line"]], position["character"]
    for character in text[offset : snapshot.line_end(position["line"])]:
        units -= len(character.encode(codec, "surrogatepass")) // size
        if units < 0:
            break
        offset += 1
    return offset
