"""A server process that speaks JSON-RPC over its standard input and output, seen from outside.

Plain frames, no protocol library: whatever is malformed can be sent, whatever arrives is counted.
It knows requests, answers and notifications; what they mean in LSP is `lsp_client`'s.
"""

import itertools
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Self, cast

from codegen_lsp.evaluate.json_rpc import (
    Id,
    LspError,
    Message,
    Pending,
    ServerGoneError,
    frame,
    parse,
    read_body,
)

_METHOD_NOT_FOUND = -32601


class Connection:
    """A server process and everything that it has said; safe to use from several threads.

    Attributes:
        notifications: method and params of each one, in order of arrival.
        server_requests: method and params of each request that the server made of us.
        responders: what answers those, by method; it takes the params, and returns the result or
            raises LspError. A method that is not here is answered with "method not found".
        asked: how often a request of each id was sent; add ids that went out by `send_raw`.
        answers: how often each id was answered.
        malformed: lines and bodies that the server wrote and that are no messages.
        started_at: when the process was started, by `time.perf_counter`.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: str | Path | None = None,
        stderr: int | IO[bytes] | None = None,
    ) -> None:
        """Start `command`; `env`, `cwd` and `stderr` (never PIPE) are those of `Popen`."""
        self.notifications: list[tuple[str, Any]] = []
        self.server_requests: list[tuple[str, Any]] = []
        self.responders: dict[str, Callable[[Any], Any]] = {}
        self.asked: Counter[Id] = Counter()
        self.answers: Counter[Id] = Counter()
        self.malformed: list[bytes] = []
        self._pending: dict[Id, Pending] = {}
        self._ids = itertools.count(1)
        self._gone = False
        self._changed = threading.Condition()
        self._writing = threading.Lock()
        self.started_at = time.perf_counter()
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=env,
            cwd=cwd,
        )
        self._input = cast(IO[bytes], self._process.stdin)
        self._output = cast(IO[bytes], self._process.stdout)
        self._reader = threading.Thread(target=self._read, name="server output", daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def pid(self) -> int:
        """Process id of the server."""
        return self._process.pid

    def send(self, message: Message) -> None:
        """Send one message as it is; a request among them is counted in `asked`.

        Raises:
            ServerGoneError: the server no longer reads.
        """
        if "method" in message and isinstance(message.get("id"), int | str):
            with self._changed:
                self.asked[message["id"]] += 1
        self.send_raw(frame(message))

    def send_raw(self, data: bytes) -> None:
        """Write `data`, whatever it is, to the server's input.

        Raises:
            ServerGoneError: the server no longer reads.
        """
        with self._writing:
            try:
                self._input.write(data)
                self._input.flush()
            except (OSError, ValueError) as error:  # ValueError: we have closed it
                raise ServerGoneError("the server no longer reads its input") from error

    def notify(self, method: str, params: Any = None) -> None:
        """Send a notification; raises ServerGoneError."""
        self.send(_call(method, params))

    def start(self, method: str, params: Any = None) -> Pending:
        """Send a request and do not wait for its answer; raises ServerGoneError."""
        pending = Pending(next(self._ids), method)
        with self._changed:
            self._pending[pending.id] = pending
        self.send({"id": pending.id} | _call(method, params))
        if self._gone:
            pending.settle(None)
        return pending

    def request(self, method: str, params: Any = None, timeout: float = 30) -> Any:
        """The result of a request; raises what `Pending.wait` raises."""
        return self.start(method, params).wait(timeout)

    def cancel(self, pending: Pending) -> None:
        """Send `$/cancelRequest` for `pending`."""
        self.notify("$/cancelRequest", {"id": pending.id})

    def wait_for(
        self, predicate: Callable[[str, Any], bool], timeout: float = 30, since: int = 0
    ) -> tuple[str, Any]:
        """The first notification, number `since` or later, whose method and params satisfy it.

        Raises:
            ServerGoneError: the server ended and there is none.
            TimeoutError: there is none after `timeout` seconds.
        """

        def found() -> tuple[str, Any] | None:
            return next((each for each in self.notifications[since:] if predicate(*each)), None)

        with self._changed:
            self._changed.wait_for(lambda: found() or self._gone, timeout)
            notification = found()
        if notification:
            return notification
        if self._gone:
            raise ServerGoneError("the server ended before the notification came")
        raise TimeoutError(f"no such notification after {timeout:g} s")

    def unanswered(self) -> Counter[Id]:
        """Ids asked more often than answered, and by how much."""
        with self._changed:
            return self.asked - self.answers

    def surplus(self) -> Counter[Id]:
        """Ids answered more often than asked, and by how much."""
        with self._changed:
            return self.answers - self.asked

    def close_input(self) -> None:
        """Close the server's input, as an editor does that vanishes."""
        with self._writing, suppress(OSError):  # what is still buffered for a dead server
            self._input.close()

    def wait_exit(self, timeout: float = 10) -> int:
        """Exit status of the process; raises TimeoutError if it runs on for `timeout` seconds."""
        try:
            status = self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"the server still runs after {timeout:g} s") from None
        return status

    def kill(self) -> None:
        """Kill the process unless it has ended, and let go of its pipes."""
        self._process.kill()
        self._process.wait()
        self.close_input()
        self._reader.join(5)  # a grandchild that holds the pipe open must not hold us
        if not self._reader.is_alive():
            self._output.close()

    def _read(self) -> None:
        try:
            while (body := read_body(self._output, self.malformed.append)) is not None:
                self._take(body)
        finally:
            with self._changed:
                self._gone = True
                for pending in self._pending.values():
                    pending.settle(None)
                self._changed.notify_all()

    def _take(self, body: bytes) -> None:
        message = parse(body)
        if message is None:
            self.malformed.append(body)
        elif "method" not in message:
            self._take_answer(message)
        elif "id" in message:
            self._respond(message)
        else:
            with self._changed:
                self.notifications.append((message["method"], message.get("params")))
                self._changed.notify_all()

    def _take_answer(self, message: Message) -> None:
        answered = message.get("id")
        with self._changed:
            self.answers[answered] += 1
            pending = self._pending.pop(answered, None)
        if pending:
            pending.settle(message)

    def _respond(self, message: Message) -> None:
        method, params = message["method"], message.get("params")
        with self._changed:
            self.server_requests.append((method, params))
            self._changed.notify_all()
        answer: Message = {"jsonrpc": "2.0", "id": message["id"]}
        try:
            if method not in self.responders:
                raise LspError(_METHOD_NOT_FOUND, f"no method {method}")
            answer["result"] = self.responders[method](params)
        except LspError as error:
            answer["error"] = {"code": error.code, "message": error.message}
        with suppress(ServerGoneError):
            self.send(answer)


def _call(method: str, params: Any) -> Message:
    call = {"jsonrpc": "2.0", "method": method}
    return call if params is None else call | {"params": params}
