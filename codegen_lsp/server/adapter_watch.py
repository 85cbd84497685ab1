"""Which adapter is to be in the model: that of the first workspace folder which has an active one.

A file in the data folder says so for each folder, and fine-tuning in a terminal changes it while
the server runs. It is read every two seconds, which takes 50 microseconds: a client that is asked
to watch files outside its workspace may not do it, and a look at each request would come too late,
when the user waits already.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from codegen_lsp.config import Settings, project_folder
from codegen_lsp.errors import DamagedModelError
from codegen_lsp.models.active_adapters import ActiveAdapter, adapters_folder, read_active
from codegen_lsp.server.background import in_background

LOOK_S = 2.0
_ANSWER_S = 1.0  # how long a workspace folder may take to say what its real path is

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """The adapter that is active, or why that is not known; neither where there is none."""

    adapter: ActiveAdapter | None = None
    problem: str = ""


class AdapterWatch:
    """Looks for the active adapter of a workspace, again and again."""

    def __init__(self, folders: Callable[[], Sequence[Path]]) -> None:
        """Look for the adapters of `folders`, which may change."""
        self._folders = folders
        self._homes: dict[Path, Future[Path | None]] = {}
        self._task: asyncio.Task[None] | None = None

    def look(self, settings: Settings) -> Found:
        """The adapter that is active now for the model of `settings`.

        A folder that has not answered yet has none.
        """
        if not settings.adapter:
            return Found()
        for home in self._known_homes():
            try:
                adapter = read_active(home, settings.model)
            except DamagedModelError as error:
                return Found(problem=str(error))
            if adapter is not None:
                return Found(adapter)
        return Found()

    async def settle(self) -> None:
        """Wait until it is known where the folders' adapters are, but not for long."""
        waiting = [asyncio.wrap_future(home) for home in self._asked_homes()]
        if waiting:
            await asyncio.wait(waiting, timeout=_ANSWER_S)

    def start(self, on_look: Callable[[], None]) -> None:
        """Call `on_look` from time to time, in the event loop; it may not raise."""
        self._task = asyncio.create_task(_repeat(on_look), name="adapters")

    def close(self) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()

    def _known_homes(self) -> list[Path]:
        answers = [home.result() for home in self._asked_homes() if home.done()]
        return [home for home in answers if home is not None]

    def _asked_homes(self) -> list[Future[Path | None]]:
        """Where the adapters of each folder are, which its disk is asked once."""
        for folder in self._folders():
            if folder not in self._homes:
                self._homes[folder] = in_background(partial(_home_of, folder))
        return [self._homes[folder] for folder in self._folders()]


async def _repeat(on_look: Callable[[], None]) -> None:
    while True:
        await asyncio.sleep(LOOK_S)
        on_look()


def _home_of(folder: Path) -> Path | None:
    """Where the folder's adapters are, or would be; None for what is no path on this machine."""
    try:
        return adapters_folder(project_folder(folder) or folder)
    except (OSError, ValueError):  # whatever the client has sent, such as a null byte
        return None
