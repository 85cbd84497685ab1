"""The log of the language server: written by a thread that nothing waits for."""

import io
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from codegen_lsp.cli.logs import start_logging

_MANY = 5000
_LOG = logging.getLogger("codegen_lsp.tests")


class _Stream(io.BytesIO):
    """What is logged to; a pipe that is full until `reads` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = threading.Event()
        self.writing = threading.Event()
        self.written = threading.Event()

    def put(self, line: bytes) -> None:
        self.writing.set()
        self.reads.wait()
        self.write(line)
        self.written.set()

    @property
    def text(self) -> str:
        return self.getvalue().decode()


@contextmanager
def logging_to(stream: _Stream, level: int) -> Iterator[Callable[[], None]]:
    """Log as a new process would, whose root logger has no handlers; yields what ends it."""
    root = logging.getLogger()
    handlers, level_before = root.handlers, root.level
    root.handlers = []
    try:
        yield start_logging(stream.put, level)
    finally:
        root.handlers = handlers
        root.setLevel(level_before)


@pytest.fixture
def blocking() -> Iterator[_Stream]:
    """A stream that nobody reads; the thread that writes to it ends with the test."""
    stream = _Stream()
    yield stream
    stream.reads.set()


@pytest.fixture
def read(blocking: _Stream) -> _Stream:
    """A stream that takes everything at once."""
    blocking.reads.set()
    return blocking


def test_records_of_the_level_come_out_in_order(read: _Stream) -> None:
    with logging_to(read, logging.INFO) as stop:
        _LOG.info("the %s", "first")
        _LOG.debug("not this one")
        _LOG.warning("the second")
        stop()
    first, second = read.text.splitlines()
    assert first.endswith("INFO codegen_lsp.tests: the first")
    assert second.endswith("WARNING codegen_lsp.tests: the second")


def test_a_fault_comes_out_with_its_traceback(read: _Stream) -> None:
    with logging_to(read, logging.WARNING) as stop:
        try:
            raise ValueError("as the test says")
        except ValueError:
            _LOG.exception("failed")
        stop()
    assert read.text.count("Traceback") == 1
    assert read.text.count("ValueError: as the test says") == 1


def test_a_stream_that_blocks_costs_records_but_nobody_waits(blocking: _Stream) -> None:
    with logging_to(blocking, logging.INFO) as stop:
        for number in range(_MANY):
            _LOG.info("record %d", number)
        assert blocking.writing.wait(30)
        stop()  # the queue is full: nothing can be added
        assert blocking.text == ""
        blocking.reads.set()
        assert blocking.written.wait(30)
        stop()
    records = blocking.text.splitlines()
    assert records[0].endswith("record 0")
    assert len(records) < _MANY


def test_stopping_returns_although_the_stream_blocks(blocking: _Stream) -> None:
    with logging_to(blocking, logging.INFO) as stop:
        _LOG.info("one")
        assert blocking.writing.wait(30)
        stop()
    assert blocking.text == ""
