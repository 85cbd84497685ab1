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
_CLOSING_S = 1.0  # for what is still to be written when the connection is closed


class FrameReader:
    """Turns bytes, in whatever pieces they come, into the bodies of frames.

    Headers without a usable Content-Length are skipped. A body that is too large to hold is skipped
    as well, and an empty one stands for it, so that the client gets an error for it.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._length: int | None = None  # of the body under way; None: in the headers
        self._skipped = 0  # bytes of a body that is too large

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take `data` and yield every body that is complete now."""
        self._buffer += data
        while (body := self._next_body()) is not None:
            yield body

    def _next_body(self) -> bytes | None:
        length = self._length = self._length if self._length is not None else self._read_headers()
        if length is None:
            return None
        if length > _MAX_BODY:
            return self._skip(length)
        return self._take(length) if len(self._buffer) >= length else None

    def _read_headers(self) -> int | None:
        """Take blocks of headers until one says a length; None: there is no whole one yet."""
        while end := _HEADERS_END.search(self._buffer):
            lengths = _LENGTH.findall(self._buffer, 0, end.start())
            del self._buffer[: end.end()]
            if lengths:
                return int(lengths[-1])
        if len(self._buffer) > _MAX_HEADERS:  # not a frame: keep what may begin one
            del self._buffer[:-_CHUNK]
        return None

    def _skip(self, length: int) -> bytes | None:
        skipped = min(length - self._skipped, len(self._buffer))
        del self._buffer[:skipped]
        self._skipped += skipped
        return self._take(0) if self._skipped == length else None

    def _take(self, size: int) -> bytes:
        body = bytes(self._buffer[:size])
        del self._buffer[:size]
        self._length, self._skipped = None, 0
        return body


class Connection:
    """The frames of one client; also the writer that pygls sends through."""

    def __init__(self, read: Callable[[int], bytes], write: Callable[[bytes], None]) -> None:
        """Read with `read(most bytes)`, which returns nothing at the end; write with `write`."""
        self._read = read
        self._write = write
        self._inbox: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._room = threading.Semaphore(_MAX_WAITING)
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write_all, name="writer", daemon=True)

    def start(self) -> None:
        """Begin to read and write; to be called in the event loop that receives."""
        loop = asyncio.get_running_loop()

        def deliver(body: bytes | None) -> None:
            self._room.acquire()
            try:
                loop.call_soon_threadsafe(self._inbox.put_nowait, body)
            except RuntimeError:  # the loop has ended: nobody is there to read any more
                _log.debug("a message came after the end")

        threading.Thread(target=self._read_all, args=(deliver,), name="reader", daemon=True).start()
        self._writer.start()

    async def receive(self) -> bytes | None:
        """The next body; None when the client is gone."""
        body = await self._inbox.get()
        self._room.release()
        return body

    def write(self, body: bytes) -> None:
        """Send a frame; returns at once."""
        self._outbox.put(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def close(self) -> None:
        """Wait, but not long, until everything is sent."""
        self._outbox.put(None)
        self._writer.join(_CLOSING_S)

    def _read_all(self, deliver: Callable[[bytes | None], None]) -> None:
        frames = FrameReader()
        try:
            while data := self._read(_CHUNK):
                for body in frames.feed(data):
                    deliver(body)
        except OSError as error:
            _log.info("the client is gone: %s", error)
        deliver(None)

    def _write_all(self) -> None:
        try:
            while (frame := self._outbox.get()) is not None:
                self._write(frame)
        except OSError as error:
            _log.info("the client reads no more: %s", error)


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
        return socket.create_server((host, port))
    except OSError as error:
        raise UsageError(f"cannot listen on {host}:{port}: {error}") from error


def accept(listener: socket.socket) -> Connection:
    """Wait for the one client that this process serves; further ones are refused."""
    client, _ = listener.accept()
    listener.close()
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Connection(client.recv, client.sendall)
