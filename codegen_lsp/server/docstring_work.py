"""A docstring while the model writes it: shown as progress, and ended in three ways.

The client cancels its request, the user presses the button of the progress bar, or the document
changes, so that the edit would not fit any more.
"""

import asyncio
import itertools
import logging
from dataclasses import dataclass

from lsprotocol import types
from pygls.exceptions import JsonRpcContentModified, JsonRpcException, JsonRpcRequestCancelled
from pygls.lsp.server import LanguageServer

from codegen_lsp.server.client import Client
from codegen_lsp.text import Snapshot
from codegen_lsp.worker.docstring_messages import Document, Documented, Refused
from codegen_lsp.worker.supervisor import Supervisor

_CREATE_S = 10.0  # a client that has not answered by then shows no progress

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Job:
    """A docstring that is being written.

    Attributes:
        uri: of its document.
        token: of its progress bar.
        task: its end is that of the work.
        error: what to answer if it is cancelled, but not by the client.
    """

    uri: str
    token: types.ProgressToken
    task: "asyncio.Task[Documented | Refused]"
    error: JsonRpcException | None = None

    def end(self, error: JsonRpcException) -> None:
        """Cancel it."""
        self.error = error
        self.task.cancel()


class DocstringWork:
    """The docstrings that are being written for a client."""

    def __init__(self, server: LanguageServer, client: Client, supervisor: Supervisor) -> None:
        self._server = server
        self._supervisor = supervisor
        self._shows_progress = client.shows_progress
        self._numbers = itertools.count(1)
        self._jobs: list[_Job] = []
        self._bars = set[asyncio.Task[None]]()

    async def write(
        self, snapshot: Snapshot, start: int, token: types.ProgressToken | None
    ) -> Documented | Refused:
        """The edit for the definition at `start`; progress goes to `token`, or a bar of our own.

        Raises:
            NotReadyError: the model is not ready, or failed at this request.
            JsonRpcContentModified: the document has changed meanwhile.
            JsonRpcRequestCancelled: the user has pressed the bar's button.
        """
        asked = self._supervisor.ask(Document(snapshot, start))
        own = f"codegen-lsp-docstring-{next(self._numbers)}"
        job = _Job(snapshot.uri, own if token is None else token, asyncio.ensure_future(asked))
        self._jobs.append(job)
        if token is not None or self._shows_progress:
            bar = asyncio.ensure_future(self._show(job, create=token is None))
            self._bars.add(bar)
            bar.add_done_callback(self._bars.discard)
        try:
            return await job.task
        except asyncio.CancelledError:
            if job.error is None:  # by the client
                raise
            raise job.error from None
        finally:
            self._jobs.remove(job)

    def changed(self, uri: str) -> None:
        """The document is another: what is being written does not fit any more."""
        for job in self._jobs:
            if job.uri == uri:
                job.end(JsonRpcContentModified("the document has changed"))

    def cancel(self, token: types.ProgressToken) -> bool:
        """The user has had enough of what `token` shows; returns whether it is one of ours."""
        found = [job for job in self._jobs if job.token == token]
        for job in found:
            job.end(JsonRpcRequestCancelled("the docstring was cancelled"))
        return bool(found)

    async def _show(self, job: _Job, *, create: bool) -> None:
        progress = self._server.work_done_progress
        if create:
            try:
                await asyncio.wait_for(progress.create_async(job.token), _CREATE_S)
            except (JsonRpcException, TimeoutError) as error:
                _log.info("the client shows no progress: %r", error)
                return
        begin = types.WorkDoneProgressBegin("Writing a docstring", cancellable=True)
        progress.begin(job.token, begin)
        await asyncio.wait({job.task})
        progress.end(job.token, types.WorkDoneProgressEnd())
