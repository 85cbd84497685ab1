"""The workspace of a keystroke replay: a project's files, without those that are typed."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from codegen_lsp.context import database
from codegen_lsp.evaluate.lsp_client import LspClient
from codegen_lsp.evaluate.replay_text import Source

_POLL_S = 0.1
_LONGEST_BUILD_S = 600.0


@contextmanager
def workspace(name: str, files: Sequence[Source]) -> Iterator[Path]:
    """A folder called `name` that holds `files`; in the end it is gone, its index included."""
    with tempfile.TemporaryDirectory(prefix="codegen-lsp-replay-") as parent:
        folder = Path(parent) / name
        folder.mkdir()
        for file in files:
            path = folder / file.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(file.text, encoding="utf-8")
        try:
            yield folder
        finally:
            index = database.database_file(folder)
            database.remove(index)
            database.lock_file(index).unlink(missing_ok=True)


def wait_until_indexed(client: LspClient) -> None:
    """Wait until the server says that the index of its one folder is there.

    Raises:
        TimeoutError: it takes ten minutes.
    """
    end = time.monotonic() + _LONGEST_BUILD_S
    while not _is_indexed(client):
        if time.monotonic() > end:
            raise TimeoutError(f"the server has no index after {_LONGEST_BUILD_S:.0f} s")
        time.sleep(_POLL_S)


def _is_indexed(client: LspClient) -> bool:
    folders = client.request("codegen/explain", {})["workspace"]
    return bool(folders) and all(folder["state"] == "indexed" for folder in folders)
