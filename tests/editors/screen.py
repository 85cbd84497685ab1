"""Neovim with a screen attached: what a person would see, from what Neovim tells its screens.

Speaks Neovim's own protocol (`:help api-ui`, msgpack-RPC on standard input and output).
"""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgpack

WIDTH, HEIGHT = 60, 12
_PATIENCE_S = 120
_CHUNK = 65536


class Screen:
    """A grid of characters that follows a Neovim's redraw events, and the keys to type in it."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        self._unpacker = msgpack.Unpacker()
        self._requests = 0
        self._cells = _blank()
        self._call("nvim_ui_attach", WIDTH, HEIGHT, {"rgb": True, "ext_linegrid": True})

    def rows(self) -> list[str]:
        """The rows from top to bottom, without trailing blanks."""
        return ["".join(row).rstrip() for row in self._cells]

    def buffer(self) -> list[str]:
        """The lines of the file, which ghost text is no part of."""
        lines: list[str] = self._call("nvim_buf_get_lines", 0, 0, -1, True)
        return lines

    def lua(self, code: str, *arguments: object) -> Any:
        """What `code` returns."""
        return self._call("nvim_exec_lua", code, arguments)

    def type(self, keys: str) -> None:
        """Type `keys`, in Vim's notation."""
        self._call("nvim_input", keys)

    def wait_for(self, what: str, condition: Callable[[], Any]) -> None:
        """Go on as soon as `condition` holds; an AssertionError says if it never does."""
        deadline = time.monotonic() + _PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline, "\n".join([f"no {what}; seen:", *self.rows()])
            time.sleep(0.002)
            self.lua("return true")  # what was redrawn meanwhile arrives before the answer

    def _call(self, method: str, *arguments: object) -> Any:
        assert self._process.stdin is not None
        self._requests += 1
        self._process.stdin.write(msgpack.packb([0, self._requests, method, arguments]))
        self._process.stdin.flush()
        for kind, *message in self._messages():
            if kind == 2 and message[0] == "redraw":
                self._redraw(message[1])
            elif kind == 1:
                _id, error, result = message
                assert error is None, error
                return result
        raise AssertionError("Neovim has ended")

    def _messages(self) -> Iterator[list[Any]]:
        assert self._process.stdout is not None
        yield from self._unpacker
        while data := os.read(self._process.stdout.fileno(), _CHUNK):
            self._unpacker.feed(data)
            yield from self._unpacker

    def _redraw(self, events: list[Any]) -> None:
        handlers: dict[str, Callable[..., None]] = {
            "grid_line": self._line,
            "grid_clear": self._clear,
            "grid_scroll": self._scroll,
        }
        for name, *calls in events:
            for call in calls if name in handlers else ():
                handlers[name](*call)

    def _line(self, _grid: int, row: int, column: int, cells: list[Any], *_: object) -> None:
        for text, *more in cells:
            repeat = more[1] if len(more) > 1 else 1
            self._cells[row][column : column + repeat] = [text] * repeat
            column += repeat

    def _clear(self, _grid: int) -> None:
        self._cells = _blank()

    def _scroll(
        self, _grid: int, top: int, bottom: int, left: int, right: int, rows: int, _columns: int
    ) -> None:
        old = [row[:] for row in self._cells]
        for row in range(top, bottom):
            if top <= row + rows < bottom:
                self._cells[row][left:right] = old[row + rows][left:right]


@contextmanager
def screen_of(nvim: str, file: Path) -> Iterator[Screen]:
    """A screen of the Neovim at `nvim`, which has opened `file` in its folder."""
    with subprocess.Popen(
        [nvim, "--embed", "--clean", file.name],
        cwd=file.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        try:
            yield Screen(process)
        finally:  # with its standard input closed, Neovim quits and ends the server
            assert process.stdin is not None
            process.stdin.close()
            process.wait(_PATIENCE_S)


def _blank() -> list[list[str]]:
    return [[" "] * WIDTH for _ in range(HEIGHT)]
