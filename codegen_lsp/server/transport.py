"""Frames between a client and the server: over stdin and stdout, or one TCP connection.

One thread reads and one writes, so that neither a slow client nor a busy one stops the event loop.
They are daemons that hold no lock while they wait: the process may end at any moment, whether or
not the client ever closes its side.
"""

import asyncio
import logging
import os
import queue
import re
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator

from codegen_lsp.errors import UsageError

_log = logging.getLogger(__name__)

# Anywhere in a line: in front of it may stand a body whose own header told no, or a wrong, length.
_LENGTH = re.compile(rb"content-length[ \t]*:[ \t]*(\d{1,18})[ \t]*\r?$", re.I | re.M)
_HEADERS_END = re.compile(rb"\r?\n\r?\n")
_MAX_HEADERS = 64 * 1024
_MAX_BODY = 512 * 1024 * 1024
_CHUNK = 64 * 1024
_MAX_WAITING = 512  # messages that have arrived; the client's further ones stay in the pipe
_LAST_PORT = 65535
_MAX_UNREAD = 20_000  # answers; a client that far behind reads none
_LEAVING_S = 1.0  # for what the client has sent before it left
_CLOSING_S = 1.0  # for what is still to be written when the connection is closed


class FrameTooLargeError(Exception):
    """A frame says that its body is larger than anything that could be sent on purpose."""


class FrameReader:
    """Turns bytes, in whatever pieces they come, into the bodies of frames.

    Headers without a usable Content-Length are skipped.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._length: int | None = None  # of the body under way; None: in the headers

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take `data` and yield every body that is complete now.

        Raises:
            FrameTooLargeError: where the next frame begins is lost, and so is the connection.
        """
        self._buffer += data
        while (length := self._next_length()) is not None and len(self._buffer) >= length:
            body = bytes(self._buffer[:length])
            del self._buffer[:length]
            self._length = None
            yield body

    def _next_length(self) -> int | None:
        """Length of the body under way, after its headers; None: there are no whole ones yet."""
        while self._length is None and (end := _HEADERS_END.search(self._buffer)):
            lengths = _LENGTH.findall(self._buffer, 0, end.start())
            del self._buffer[: end.end()]
            self._length = int(lengths[-1]) if lengths else None
        if self._length is None and len(self._buffer) > _MAX_HEADERS:
            del self._buffer[:-_CHUNK]  # not a frame: keep what may begin one
        if self._length is not None and self._length > _MAX_BODY:
            raise FrameTooLargeError(f"a frame of {self._length:,} bytes")
        return self._length


class Connection:
    """The frames of one client; also the writer that pygls sends through."""

    def __init__(self, read: Callable[[int], bytes], write: Callable[[bytes], None]) -> None:
        """Read with `read(most bytes)`, which returns nothing at the end; write with `write`."""
        self._read = read
        self._write = write
        self._inbox: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._room = threading.Semaphore(_MAX_WAITING)
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._gone_at: float | None = None  # monotonic
        self._loop: asyncio.AbstractEventLoop
        self._writer = threading.Thread(target=self._write_all, name="writer", daemon=True)

    def start(self) -> None:
        """Begin to read and write; to be called in the event loop that receives."""
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._read_all, name="reader", daemon=True).start()
        self._writer.start()

    async def receive(self) -> bytes | None:
        """The next body; None when the client is gone.

        What the client had sent before it left is still received, but not for long.
        """
        body = await self._inbox.get()
        self._room.release()
        is_late = self._gone_at is not None and time.monotonic() - self._gone_at > _LEAVING_S
        return None if is_late else body

    def write(self, body: bytes) -> None:
        """Send a frame; returns at once."""
        if self._outbox.qsize() > _MAX_UNREAD:
            self._leave("does not read its answers")
            return
        self._outbox.put(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def close(self) -> None:
        """Wait, but not long, until everything is sent."""
        self._outbox.put(None)
        self._writer.join(_CLOSING_S)

    def _read_all(self) -> None:
        frames = FrameReader()
        why = "has closed the connection"
        try:
            while data := self._read(_CHUNK):
                for body in frames.feed(data):
                    self._room.acquire()
                    self._deliver(body)
        except OSError as error:
            why = f"is gone: {error}"
        except FrameTooLargeError as error:
            why = f"cannot be understood any more: {error}"
            self._deliver(b"")  # answered as no message at all
        self._leave(why)

    def _deliver(self, body: bytes | None) -> None:
        try:
            self._loop.call_soon_threadsafe(self._inbox.put_nowait, body)
        except RuntimeError:  # the loop has ended: nobody is there to read any more
            _log.debug("a message came after the end")

    def _leave(self, why: str) -> None:
        """The connection is of no use any more."""
        if self._gone_at is None:
            self._gone_at = time.monotonic()
            _log.info("the client %s", why)
            self._deliver(None)

    def _write_all(self) -> None:
        try:
            while (frame := self._outbox.get()) is not None:
                self._write(frame)
        except OSError as error:
            self._leave(f"reads no more: {error}")


def stdio() -> Connection:
    """The process's own stdin and stdout; whatever else is printed goes to stderr from now on.

    Raises:
        UsageError: one of them is closed.
    """
    if sys.stdin is None or sys.stdin.closed or sys.stdout is None:
        raise UsageError("standard input or output is closed: an editor must start the server")
    # The raw files: a buffered reader's lock would be held while a thread waits in it.
    reader = open(sys.stdin.fileno(), "rb", buffering=0, closefd=False)  # noqa: SIM115
    writer = open(os.dup(sys.stdout.fileno()), "wb", buffering=0)  # noqa: PTH123, SIM115
    os.dup2(2, sys.stdout.fileno())

    def write(frame: bytes) -> None:
        rest = memoryview(frame)
        while rest:
            rest = rest[writer.write(rest) :]

    return Connection(reader.read, write)


def listen(host: str, port: int) -> socket.socket:
    """A socket that waits for a client at `host` and `port` (0: any free one).

    Raises:
        UsageError: it cannot be had.
    """
    if port > _LAST_PORT:
        raise UsageError(f"cannot listen on {host}:{port}: ports end at {_LAST_PORT}")
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise UsageError(f"cannot listen on {host}:{port}: {error}") from error


def accept(listener: socket.socket) -> Connection:
    """Wait for the one client that this process serves; further ones are refused."""
    client, _ = listener.accept()
    listener.close()
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Connection(client.recv, client.sendall)
