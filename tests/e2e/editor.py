"""An editor with a server of its own, its model scripted: what the end-to-end tests drive."""

import itertools
import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from codegen_lsp.evaluate.json_rpc import Message
from codegen_lsp.evaluate.lsp_client import LspClient, Pending, items_of
from codegen_lsp.text import Encoding, Snapshot

CARET = "‸"
REAL = (sys.executable, "-m", "codegen_lsp", "lsp")
SCRIPTED = (sys.executable, str(Path(__file__).with_name("scripted_server.py")))

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Place:
    """A cursor in an open document: its line and character in the server's units."""

    uri: str
    text: str
    line: int
    character: int

    @property
    def position(self) -> Message:
        """As LSP has it."""
        return {"line": self.line, "character": self.character}


# The worker does what a test asks for and nothing besides.
QUIET = {"CODEGEN_LSP_PREFETCH": "false", "CODEGEN_LSP_CONTEXT": "false"}


class Editor(LspClient):
    """A client whose documents show their cursor as `CARET`.

    Attributes:
        stderr: the file that the server logs to.
        capabilities: those that the server has promised.
    """

    capabilities: Message

    def __init__(
        self, folder: Path, *arguments: str, command: tuple[str, ...] = SCRIPTED, **environ: Any
    ) -> None:
        """Start the server with no settings but those given."""
        clean = {k: v for k, v in os.environ.items() if not _is_setting(k)}
        clean["CODEGEN_LSP_CONFIG_DIR"] = str(folder / "config")
        clean["CODEGEN_LSP_DATA_DIR"] = str(folder / "data")
        self.stderr = folder / f"stderr-{next(_numbers)}"
        with self.stderr.open("wb") as stderr:
            super().__init__(
                [*command, *arguments], env=clean | QUIET | environ, cwd=folder, stderr=stderr
            )

    def wait_ready(self, since: int = 0) -> None:
        """Wait until the model is loaded."""
        self.wait_status("ready", since)

    def wait_status(self, words: str, since: int = 0) -> Message:
        """The first didChangeStatus, from notification `since` on, whose message has `words`."""

        def is_it(method: str, params: Any) -> bool:
            return method == "didChangeStatus" and words in params["message"]

        status: Message = self.wait_for(is_it, since=since)[1]
        return status

    def put(self, text: str, language: str = "python", uri: str | None = None) -> Place:
        """Open a document; its text holds one caret."""
        name = f"file:///documents/{next(_numbers)}.py" if uri is None else uri
        place = self.place(name, text)
        self.open(place.uri, language, place.text)
        return place

    def type(self, place: Place, version: int, text: str) -> Place:
        """Change the whole document; its text holds one caret."""
        typed = self.place(place.uri, text)
        self.change(typed.uri, version, None, typed.text)
        return typed

    def place(self, uri: str, text: str) -> Place:
        """Where the caret in `text` is."""
        before, _, after = text.partition(CARET)
        whole = Snapshot(uri, 0, "", before + after)
        position = whole.position_at(len(before), Encoding(self.position_encoding))
        return Place(uri, whole.text, position.line, position.character)

    def ask(self, place: Place, *, invoked: bool = False, selected: Any = None) -> Pending:
        """Ask for suggestions at the caret."""
        return self.inline_completion(place.uri, place.line, place.character, invoked, selected)

    def items(self, place: Place, *, invoked: bool = False, selected: Any = None) -> list[Message]:
        """The suggestions at the caret."""
        return items_of(self.ask(place, invoked=invoked, selected=selected).wait())

    def texts(self, place: Place, *, invoked: bool = False) -> list[str]:
        """The texts of the suggestions at the caret."""
        return [item["insertText"] for item in self.items(place, invoked=invoked)]

    def why(self, place: Place) -> Any:
        """What the server says of the latest answer in the document."""
        return self.explain(place.uri).wait()

    def reason(self, place: Place) -> str:
        """The code of the reason for the latest silence in the document."""
        code: str = self.why(place)["reason"]["code"]
        return code

    def report(self, kind: str) -> Any:
        """What the scripted worker tells: its "log" or the "request" that it was asked."""
        (text,) = self.texts(self.put(f"# scripted: report={kind}\n{CARET}"))
        return json.loads(text)

    def log_of(self, text: str) -> list[tuple[int, str]]:
        """Steps and finish of each request for which the worker had `text` to suggest."""
        return [(steps, finish) for said, steps, finish in self.report("log") if said == text]

    def run(self, command: str, *arguments: Any) -> Any:
        """Execute a command of the server."""
        params = {"command": command, "arguments": list(arguments)}
        return self.request("workspace/executeCommand", params)

    def said(self, method: str) -> list[Any]:
        """The params of every notification `method` so far."""
        return [params for name, params in self.notifications if name == method]

    def asked_by_server(self, method: str) -> list[Any]:
        """The params of every request `method` that the server has made so far."""
        return [params for name, params in self.server_requests if name == method]

    def wait_indexed(self, *names: str) -> None:
        """Wait until the server says that there is an index of the folders called `names`."""
        deadline = time.monotonic() + 60
        while not set(names) <= self.indexed():
            assert time.monotonic() < deadline, "no index came"
            time.sleep(0.05)

    def indexed(self) -> set[str]:
        """Names of the folders of which there is an index."""
        folders = self.request("codegen/explain", {})["workspace"]
        return {Path(each["folder"]).name for each in folders if each["state"] == "indexed"}

    def settle(self) -> None:
        """Wait until the server has handled everything that was sent so far."""
        self.request("codegen/explain", {})

    def leave(self) -> None:
        """Shut down; nothing may be left running, unanswered, answered twice or garbled."""
        workers = psutil.Process(self.pid).children(recursive=True)
        assert self.shutdown() == 0
        assert psutil.wait_procs(workers, timeout=2)[1] == []
        assert (self.unanswered(), self.surplus(), self.malformed) == ({}, {}, [])
        log = self.stderr.read_text("utf-8")
        assert "Traceback" not in log, log


def _is_setting(variable: str) -> bool:
    return variable.startswith("CODEGEN_LSP_") and variable != "CODEGEN_LSP_CACHE_DIR"
