"""What the model is doing, told to the client: status, progress, and the offer to fetch it."""

import asyncio
import logging
from collections.abc import Callable

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from codegen_lsp.server.client import Client
from codegen_lsp.server.progress import WORKING, ModelProgress, message_of
from codegen_lsp.worker.status import ModelState, ModelStatus

_log = logging.getLogger(__name__)

_KINDS = {
    ModelState.MISSING: "Warning",
    ModelState.FAILED: "Error",
    ModelState.STOPPED: "Inactive",
}
_FETCH = "Fetch it"
_NOT_NOW = "Not now"


class ModelEvents:
    """Turns changes of the model's state into what a client can show.

    `didChangeStatus` is the Copilot server's notification. Every client hears of the model's
    state; only clients of that protocol hear of each request that keeps the model busy.

    Attributes:
        status: the latest.
    """

    def __init__(self, server: LanguageServer, client: Client, fetch: Callable[[], None]) -> None:
        """Call `fetch` when the user wants the model to be fetched."""
        self.status = ModelStatus(ModelState.STOPPED, "", None)
        self._server = server
        self._client = client
        self._fetch = fetch
        self._requests = 0
        self._told: dict[str, object] = {}
        self._warned: set[str] = set()
        self._offer: asyncio.Task[None] | None = None
        self._progress = ModelProgress(server) if client.shows_progress else None

    def on_change(self, status: ModelStatus) -> None:
        """The model's state has changed."""
        was, self.status = self.status, status
        if status.state is not was.state:
            _log.info("the model is %s: %s", status.state, message_of(status))
        self._tell()
        if self._progress is not None:
            self._progress.show(status)
        if status.lacks_adapter and status.message not in self._warned:
            self._warned.add(status.message)
            self._say(types.MessageType.Warning, f"completing {status.message}")
        is_new = status.state is ModelState.MISSING and was.state is not ModelState.MISSING
        if is_new and not status.is_wanted:
            if status.can_fetch and was.state is not ModelState.FETCHING:
                self._offer = asyncio.ensure_future(self._offer_fetch())
            else:  # the user has asked for it already, or it would not help
                self._say(types.MessageType.Error, status.message)

    def on_busy(self, busy: bool) -> None:
        """A request has begun, or ended, to occupy the model."""
        self._requests += 1 if busy else -1
        if self._client.is_copilot_client:
            self._tell()

    def close(self) -> None:
        """Ask and tell nothing any more."""
        if self._offer is not None:
            self._offer.cancel()
        if self._progress is not None:
            self._progress.close()

    def _tell(self) -> None:
        """Send `didChangeStatus`, unless that is what the client has heard last."""
        state = self.status.state
        said: dict[str, object] = {
            "busy": state in WORKING or self._requests > 0,
            "kind": "Warning" if self.status.lacks_adapter else _KINDS.get(state, "Normal"),
            "message": message_of(self.status),
        }
        if self.status.can_fetch:
            said["command"] = {"title": _FETCH, "command": "codegen.fetchModel"}
        if said != self._told:
            self._told = said
            self._server.protocol.notify("didChangeStatus", said)

    def _say(self, kind: types.MessageType, message: str) -> None:
        self._server.window_show_message(types.ShowMessageParams(kind, f"codegen-lsp: {message}"))

    async def _offer_fetch(self) -> None:
        """Ask the user, once each time the model turns out to be missing."""
        asked = self.status
        actions = [types.MessageActionItem(_FETCH), types.MessageActionItem(_NOT_NOW)]
        question = types.ShowMessageRequestParams(
            types.MessageType.Info, f"codegen-lsp: {self.status.message}", actions
        )
        try:
            chosen = await self._server.window_show_message_request_async(question)
        except JsonRpcException as error:
            _log.info("the client does not ask the user: %s", error)
            return
        is_meant = self.status is asked  # and not another model, or one that is here by now
        if is_meant and chosen is not None and chosen.title == _FETCH:
            self._fetch()
