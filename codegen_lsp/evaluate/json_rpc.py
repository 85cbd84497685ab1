"""JSON-RPC messages as they go over a pipe, and requests that wait for their answers."""

import json
import math
import threading
import time
from collections.abc import Callable
from typing import IO, Any

from codegen_lsp.errors import CodegenError

Id = int | str | None
Message = dict[str, Any]


class LspError(CodegenError):
    """The server answered a request with an error; `code` is the JSON-RPC error code."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"the server answered with error {code}: {message}")
        self.code = code
        self.message = message


class ServerGoneError(CodegenError):
    """The server has closed its output or no longer reads its input."""


class Pending:
    """A request that was sent.

    Attributes:
        id: of the message.
        method: of the message.
        sent_at: when, by `time.perf_counter`.
        answered_at: when the answer came; infinity until then.
    """

    def __init__(self, request_id: Id, method: str) -> None:
        self.id = request_id
        self.method = method
        self.sent_at = time.perf_counter()
        self.answered_at = math.inf
        self._answer: Message | None = None
        self._over = threading.Event()

    def finished(self, timeout: float = 30) -> bool:
        """Wait up to `timeout` seconds; whether an answer is there, be it a result or an error."""
        self._over.wait(timeout)
        return self._answer is not None

    def wait(self, timeout: float = 30) -> Any:
        """The result, once it is there.

        Raises:
            LspError: the answer is an error.
            ServerGoneError: the server ended without an answer.
            TimeoutError: there is none after `timeout` seconds.
        """
        self.finished(timeout)
        if self._answer is None:
            if self._over.is_set():
                raise ServerGoneError(f"the server ended before it answered {self.method}")
            raise TimeoutError(f"no answer to {self.method} after {timeout:g} s")
        if "error" in self._answer:
            raise LspError(self._answer["error"]["code"], self._answer["error"]["message"])
        return self._answer["result"]

    def settle(self, answer: Message | None) -> None:
        """Take the answer, unless one is there already; None: there will be none."""
        if self._over.is_set():
            return
        if answer is not None:
            self.answered_at = time.perf_counter()
        self._answer = answer
        self._over.set()


def frame(message: Any) -> bytes:
    """`message` as JSON behind its header, in UTF-8 as editors send it."""
    text = json.dumps(message, ensure_ascii=False)
    body = text.encode("utf-8", "backslashreplace")  # a lone surrogate becomes its JSON escape
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def read_body(stream: IO[bytes], complain: Callable[[bytes], object]) -> bytes | None:
    """The next framed body of `stream`, cut short if the stream is; None at its end.

    Lines that are no header are passed over; each one is given to `complain`.
    """
    length = None
    while line := stream.readline():
        name, _, value = line.strip().partition(b":")
        if name.lower() == b"content-length" and value.strip().isdigit():
            length = int(value)
        elif not name and length is not None:
            return stream.read(length)
        elif name.lower() != b"content-type":
            complain(line)
    return None


def parse(body: bytes) -> Message | None:
    """The message in `body`; None if it is not JSON, no object, or has an id of no known kind."""
    try:
        message = json.loads(body)
    except ValueError:
        return None
    return message if isinstance(message, dict) and isinstance(message.get("id"), Id) else None
