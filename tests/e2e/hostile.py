"""A client that may send anything, and counts what it is owed for it."""

import json
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from codegen_lsp.evaluate.json_rpc import Id, Message, frame, parse
from tests.e2e.editor import SCRIPTED, Editor

END = {"line": 2**31 - 1, "character": 0}
"""A position behind the end of every text."""

_TELL_TEXT = "\n# scripted: report=text\n"
_DEADLINE = 20.0


class Hostile(Editor):
    """An editor whose messages are put together by the test, byte by byte if need be.

    Attributes:
        heard: every answer to each id, in order of arrival; None holds errors without an id.
    """

    def __init__(self, folder: Path, *arguments: str, **environ: str) -> None:
        self.heard: defaultdict[Id, list[Message]] = defaultdict(list)
        super().__init__(folder, *arguments, command=SCRIPTED, **environ)

    def exchange(self, data: bytes, *ids: Id) -> list[Message]:
        """Send `data`, for which the server owes one answer to each of `ids`; returns these.

        An id of None is owed an error that names no request.
        """
        before = {id_: len(self.heard[id_]) for id_ in ids}
        self.asked.update(ids)
        self.send_raw(data)
        until(lambda: all(self.answers[id_] >= self.asked[id_] for id_ in ids))
        self.settle()  # an answer too many would come now
        return [each for id_, count in before.items() for each in self.heard[id_][count:]]

    def error(self, message: bytes | Message, id_: Id) -> int:
        """The error code with which `message` is answered, exactly once."""
        data = message if isinstance(message, bytes) else frame(message)
        (answer,) = self.exchange(data, id_)
        code: int = answer["error"]["code"]
        return code

    def text_of(self, uri: str, version: int) -> str:
        """What the server takes for the text of an open document, which it gets as `version`."""
        self.change(uri, version, {"start": END, "end": END}, _TELL_TEXT)
        asked = self.inline_completion(uri, END["line"], END["character"], invoked=True)
        (item,) = asked.wait()["items"]
        text: str = json.loads(item["insertText"])
        return text.removesuffix(_TELL_TEXT)

    def family(self) -> list[psutil.Process]:
        """The server's process and those that it has started."""
        server = psutil.Process(self.pid)
        return [server, *server.children(recursive=True)]

    def _take(self, body: bytes) -> None:
        message = parse(body)
        if message is not None and "method" not in message:
            self.heard[message.get("id")].append(message)
        super()._take(body)


def call(id_: Any, method: str, params: Any = None) -> Message:
    """A request; a notification where `id_` is None."""
    message: Message = {"jsonrpc": "2.0", "method": method}
    message |= {} if id_ is None else {"id": id_}
    return message if params is None else message | {"params": params}


def until(condition: Callable[[], bool]) -> None:
    """Wait until `condition` holds; fails if it never does."""
    deadline = time.monotonic() + _DEADLINE
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.005)


def all_gone(processes: list[psutil.Process]) -> None:
    """Wait until every one of `processes` has ended."""
    until(lambda: not any(each.is_running() and not _is_dead(each) for each in processes))


def _is_dead(process: psutil.Process) -> bool:
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True
