"""How far the index of each folder is: for `codegen/explain`, and in the client's progress bar.

Quietly: most builds find hardly anything changed and are over before a bar would be seen.
"""

import asyncio
import itertools
import logging
from pathlib import Path

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from codegen_lsp.server.client import Client
from codegen_lsp.worker.messages import Indexing

_log = logging.getLogger(__name__)

_QUIET_S = 2.0  # a build that is over by then is not shown
_REPORT_S = 0.5  # between two reports
_CREATE_S = 10.0  # a client that has not answered by then shows no progress
_TITLE = "codegen-lsp: reading the workspace"


class IndexEvents:
    """What the model's process reports of its indexes.

    Attributes:
        latest: by folder.
    """

    def __init__(self, server: LanguageServer, client: Client) -> None:
        self.latest: dict[Path, Indexing] = {}
        self._server = server
        self._shows_progress = client.shows_progress
        self._numbers = itertools.count(1)
        self._bar: asyncio.Task[None] | None = None

    def on_indexing(self, report: Indexing) -> None:
        """A build goes on, or is over."""
        self.latest[report.folder] = report
        if self._shows_progress and self._bar is None and not report.is_over:
            self._bar = asyncio.ensure_future(self._run())

    def close(self) -> None:
        """Leave the bar as it is: the client is going."""
        if self._bar is not None:
            self._bar.cancel()

    async def _run(self) -> None:
        try:
            await asyncio.sleep(_QUIET_S)
            if self._under_way():
                await self._show(f"codegen-lsp-index-{next(self._numbers)}")
        except (JsonRpcException, TimeoutError) as error:
            _log.info("the client shows no progress: %r", error)
        finally:
            self._bar = None

    async def _show(self, token: str) -> None:
        progress = self._server.work_done_progress
        await asyncio.wait_for(progress.create_async(token), _CREATE_S)
        progress.begin(token, types.WorkDoneProgressBegin(_TITLE, percentage=0))
        while under_way := self._under_way():
            done = sum(report.done for report in under_way)
            total = sum(report.total for report in under_way)
            percentage = round(100 * done / total) if total else None
            message = f"{done} of {total} files" if total else "looking for files"
            progress.report(
                token, types.WorkDoneProgressReport(message=message, percentage=percentage)
            )
            await asyncio.sleep(_REPORT_S)
        progress.end(token, types.WorkDoneProgressEnd())

    def _under_way(self) -> list[Indexing]:
        return [report for report in self.latest.values() if not report.is_over]
