"""Frames in pieces, garbage between them, and the threads around a connection."""

import os
import random

import pytest

from codegen_lsp.errors import UsageError
from codegen_lsp.server.transport import Connection, FrameReader, listen


def frame(body: bytes, header: bytes = b"Content-Length") -> bytes:
    return header + b": %d\r\n\r\n%b" % (len(body), body)


def read(*pieces: bytes) -> list[bytes]:
    reader = FrameReader()
    return [body for piece in pieces for body in reader.feed(piece)]


def test_frames_come_out_whole_however_they_are_cut() -> None:
    bodies = [b"", b"a", b"{}" * 500, "é😀".encode(), b"\r\n\r\nContent-Length: 3\r\n\r\n"]
    data = b"".join(map(frame, bodies))
    choice = random.Random(1)
    for _ in range(50):
        cuts = sorted(choice.randrange(len(data)) for _ in range(8))
        pieces = [data[start:end] for start, end in zip([0, *cuts], [*cuts, None], strict=True)]
        assert read(*pieces) == bodies
    assert read(*(data[at : at + 1] for at in range(len(data)))) == bodies


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(frame(b"x", b"content-length"), id="lower case"),
        pytest.param(b"Content-Type: text\r\n" + frame(b"x"), id="other header first"),
        pytest.param(b"Content-Length:1\r\nContent-Type: a\r\n\r\nx", id="no space"),
        pytest.param(b"Content-Length: 1\n\nx", id="bare newlines"),
        pytest.param(b"Content-Type: text\r\n\r\n" + frame(b"x"), id="no length at all"),
        pytest.param(b"Content-Length: -1\r\n\r\n" + frame(b"x"), id="negative length"),
        pytest.param(b"Content-Length: one\r\n\r\n" + frame(b"x"), id="length in words"),
        pytest.param(b"garbage\r\n" + frame(b"x"), id="garbage before"),
        pytest.param(b"g" * 200_000 + b"\r\n" + frame(b"x"), id="much garbage before"),
    ],
)
def test_odd_headers_do_not_lose_the_frame(data: bytes) -> None:
    assert read(data) == [b"x"]
    assert read(*(data[at : at + 1000] for at in range(0, len(data), 1000))) == [b"x"]


async def test_a_body_too_large_to_hold_is_answered_and_ends_the_connection() -> None:
    pieces = iter([b"Content-Length: 99999999999\r\n\r\nxyz", frame(b"never seen")])
    sent: list[bytes] = []
    connection = Connection(lambda size: next(pieces), sent.append)
    connection.start()
    assert [await connection.receive(), await connection.receive()] == [b"", None]
    connection.close()


async def test_a_connection_delivers_sends_and_tells_of_the_end() -> None:
    from_client, to_server = os.pipe()
    sent: list[bytes] = []
    connection = Connection(lambda size: os.read(from_client, size), sent.append)
    connection.start()
    os.write(to_server, frame(b"one") + frame(b"two"))
    assert [await connection.receive(), await connection.receive()] == [b"one", b"two"]
    connection.write(b"three")
    os.close(to_server)
    assert await connection.receive() is None
    connection.close()
    assert sent == [frame(b"three")]
    os.close(from_client)


async def test_a_client_that_does_not_read_is_no_error() -> None:
    def refuse(data: bytes) -> None:
        raise BrokenPipeError

    connection = Connection(lambda size: b"", refuse)
    connection.start()
    connection.write(b"lost")
    assert await connection.receive() is None
    connection.close()


def test_an_address_that_cannot_be_had_is_a_usage_error() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"cannot listen on 127.0.0.1:{port}"):
            listen("127.0.0.1", port)
    with pytest.raises(UsageError):
        listen("127.0.0.1", 70_000)
