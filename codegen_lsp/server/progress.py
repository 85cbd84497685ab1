"""One `$/progress` bar for as long as the model is being fetched or loaded."""

import asyncio
import itertools
import logging

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from codegen_lsp.worker.status import ModelState, ModelStatus

WORKING = (ModelState.LOADING, ModelState.FETCHING)
"""The states in which something goes on that takes its time."""

_MESSAGES = {
    ModelState.LOADING: "loading the model",
    ModelState.FETCHING: "fetching the model",
    ModelState.READY: "ready",
}

_log = logging.getLogger(__name__)

_CREATE_S = 10.0  # a client that has not answered by then shows no progress
_REPORT_S = 0.1  # between two reports


def message_of(status: ModelStatus) -> str:
    """What goes on, in a few words for people."""
    title = status.progress[0] if status.progress else ""
    if status.state is ModelState.READY and status.message:
        return f"{_MESSAGES[ModelState.READY]}, {status.message}"
    return status.message or title or _MESSAGES.get(status.state, "")


class ModelProgress:
    """Shows what the model is doing in the client's progress bar."""

    def __init__(self, server: LanguageServer) -> None:
        self._server = server
        self._numbers = itertools.count(1)
        self._status = ModelStatus(ModelState.STOPPED, "", None)
        self._changed = asyncio.Event()
        self._bar: asyncio.Task[None] | None = None

    def show(self, status: ModelStatus) -> None:
        """Begin, move or end the bar, as `status` says."""
        self._status = status
        self._changed.set()
        if status.state in WORKING and self._bar is None:
            self._bar = asyncio.ensure_future(self._run())

    def close(self) -> None:
        """Leave the bar as it is: the client is going."""
        if self._bar is not None:
            self._bar.cancel()

    async def _run(self) -> None:
        progress = self._server.work_done_progress
        token = f"codegen-lsp-{next(self._numbers)}"
        try:
            await asyncio.wait_for(progress.create_async(token), _CREATE_S)
            progress.begin(
                token,
                types.WorkDoneProgressBegin(
                    "codegen-lsp",
                    cancellable=self._cancellable(),
                    message=message_of(self._status),
                    percentage=0,
                ),
            )
            while self._status.state in WORKING:
                self._changed.clear()
                progress.report(
                    token,
                    types.WorkDoneProgressReport(
                        cancellable=self._cancellable(),
                        message=message_of(self._status),
                        percentage=self._percentage(),
                    ),
                )
                await asyncio.sleep(_REPORT_S)
                await self._changed.wait()
            progress.end(token, types.WorkDoneProgressEnd(message=message_of(self._status)))
        except (JsonRpcException, TimeoutError) as error:
            _log.info("the client shows no progress: %r", error)
        finally:
            self._bar = None

    def _cancellable(self) -> bool:
        return self._status.state is ModelState.FETCHING

    def _percentage(self) -> int | None:
        if self._status.progress is None:
            return None
        _, done, total = self._status.progress
        return round(100 * done / total) if total else None
