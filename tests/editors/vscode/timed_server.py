"""The scripted server, which notes when it has sent each suggestion that reports its request.

Each line of the file TIMED_ANSWERS: offset of the request, milliseconds since 1970.
"""

import os
import re
import runpy
import time
from pathlib import Path

from codegen_lsp.server import transport

_OFFSET = re.compile(rb'\\"offset\\": ?(\d+)')
_write = transport.Connection.write


def _write_and_note(self: transport.Connection, body: bytes) -> None:
    found = _OFFSET.search(body)
    if found:
        with Path(os.environ["TIMED_ANSWERS"]).open("a", encoding="ascii") as file:
            file.write(f"{int(found[1])} {time.time() * 1000:.1f}\n")
    _write(self, body)


transport.Connection.write = _write_and_note  # type: ignore[method-assign]
runpy.run_path(str(Path(__file__).parents[2] / "e2e/scripted_server.py"), run_name="__main__")
