"""Keeps one worker process serving one model: loads, fetches, and restarts what has failed."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import IO, Any, TypeVar

from codegen_lsp.completion.options import CompletionOptions
from codegen_lsp.completion.suggestion import Suggestion
from codegen_lsp.errors import (
    CodegenError,
    EngineError,
    ModelUnavailableError,
    UsageError,
    WorkerDiedError,
)
from codegen_lsp.models import catalogue
from codegen_lsp.models.folders import installed_at
from codegen_lsp.text import Snapshot
from codegen_lsp.worker.client import DEFAULT_COMMAND, WorkerProcess
from codegen_lsp.worker.docstring_messages import Question
from codegen_lsp.worker.messages import (
    Changed,
    Indexing,
    Load,
    Progress,
    Remark,
    Workspace,
)
from codegen_lsp.worker.status import ModelState, ModelStatus, NotReadyError, ready

FIRST_DELAY_SECONDS = 1.0
_LONGEST_DELAY_SECONDS = 60.0
_DOUBLINGS = 6
# Between two looks for a model that is missing: at its folder, or by loading it in vain.
_LOOK_SECONDS = 2.0
_TRY_SECONDS = 30.0

_T = TypeVar("_T")


class Supervisor:
    """Owns the worker process, if there is one; to be used from one event loop.

    Attributes:
        status: the latest that `on_change` was told.
        on_indexing: told how far the index of a workspace folder is; may not raise.
    """

    on_indexing: Callable[[Indexing], None] | None = None

    def __init__(
        self,
        on_change: Callable[[ModelStatus], None],
        command: Sequence[str] = DEFAULT_COMMAND,
        stderr: int | IO[Any] | None = None,
        first_delay: float = FIRST_DELAY_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing starts yet.

        Args:
            on_change: told of every change, in the event loop; may not raise.
            command: starts a worker.
            stderr: where the worker's standard error goes; by default to this process's.
            first_delay: seconds before the first restart; each further one waits twice as long.
            clock: seconds since some moment, for how often a missing model is looked for.
        """
        self.status = ModelStatus(ModelState.STOPPED)
        self._on_change = on_change
        self._command = command
        self._stderr = stderr
        self._first_delay = first_delay
        self._clock = clock
        self._workspace = Workspace()
        self._telling = set[asyncio.Task[None]]()
        self._first: WorkerProcess | None = None
        self._looked = 0.0  # on the clock
        self._installed_at: int | None = None  # when loading began
        self._load: Load | None = None
        self._worker: WorkerProcess | None = None
        self._failures = 0
        self._task: asyncio.Task[None] | None = None
        self._only_one = asyncio.Lock()  # held while there is a process

    def adopt(self, worker: WorkerProcess) -> None:
        """Have `worker`, which was started ahead and has no model, be the first one."""
        self._first = worker

    def start(self, load: Load) -> None:
        """Serve a model from now on; returns at once. Also tries again where it was missing."""
        idle = self.status.state in (ModelState.STOPPED, ModelState.MISSING)
        if load != self._load or idle:
            self._load = load
            self._begin(ModelStatus(ModelState.LOADING), load, ())

    def fetch(self, sources: Sequence[str]) -> None:
        """Fetch the model that was to be started, then load it; returns at once.

        Args:
            sources: "hub" and "mirror", in the order in which they are tried.

        Raises:
            UsageError: no model was ever started.
        """
        if self._load is None:
            raise UsageError("there is no model to fetch: start one first")
        if self.status.state is not ModelState.FETCHING:
            self._begin(ModelStatus(ModelState.FETCHING), self._load, sources)

    def cancel_fetch(self) -> None:
        """End a fetch under way; what has arrived is kept for the next one."""
        if self.status.state is ModelState.FETCHING:
            self._end_task()
            message = "fetching the model was cancelled"
            status = ModelStatus(ModelState.MISSING, message, can_fetch=True, is_wanted=True)
            self._change(status)

    async def complete(
        self, snapshot: Snapshot, offset: int, options: CompletionOptions
    ) -> list[Suggestion]:
        """Suggestions at `offset`; cancelling the task that waits stops the engine too.

        A model that is missing begins to load once it has come: fetched in a terminal, say.

        Raises:
            NotReadyError: the model is not ready, or failed at this request.
        """
        if self.status.state is ModelState.MISSING:
            self._look_again()
        return await self._ask(lambda worker: worker.complete(snapshot, offset, options))

    async def ask(self, question: Question) -> Any:
        """The answer to `question`; cancelling the task that waits stops the engine too.

        Raises:
            NotReadyError: the model is not ready, or failed at this request.
        """
        return await self._ask(lambda worker: worker.ask(question))

    async def prepare(self, snapshot: Snapshot, offset: int) -> None:
        """Have the model, if it is ready, read what completing near `offset` will need soon.

        Raises:
            CodegenError: it failed.
        """
        if self._worker is not None:
            await self._worker.prepare(snapshot, offset)

    def tell(self, news: Workspace | Changed) -> None:
        """Have whatever completes know of `news`; returns at once."""
        if isinstance(news, Workspace):
            self._workspace = news
        if self._worker is not None:
            task = asyncio.ensure_future(_tell(self._worker, news))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def close(self) -> None:
        """End everything, also what was about to start; returns when the process is gone."""
        self._end_task()
        self._change(ModelStatus(ModelState.STOPPED))
        async with self._only_one:
            if self._first is not None:  # it was never needed
                self._first.kill()
                await self._first.wait()

    async def _ask(self, ask: Callable[[WorkerProcess], Awaitable[_T]]) -> _T:
        if self._worker is None:
            raise NotReadyError(self.status.state)
        try:
            answer = await ask(self._worker)
        except (EngineError, WorkerDiedError) as error:
            raise NotReadyError(self.status.state) from error
        self._failures = 0
        return answer

    def _look_again(self) -> None:
        """Load the missing model if it has come meanwhile; seldom does more than ask the clock."""
        load, now = self._load, self._clock()
        if load is None or self._task is None or not self._task.done():
            return
        is_known = catalogue.find(load.model) is not None
        if now - self._looked < (_LOOK_SECONDS if is_known else _TRY_SECONDS):
            return
        self._looked = now
        if not is_known and self.status.can_fetch:
            self._begin(self.status, load, ())  # missing still, for all that is known
        elif is_known and installed_at(load.model) not in (None, self._installed_at):
            self._begin(ModelStatus(ModelState.LOADING), load, ())

    def _begin(self, status: ModelStatus, load: Load, sources: Sequence[str]) -> None:
        self._end_task()
        self._failures = 0
        self._installed_at = installed_at(load.model)
        self._change(status)
        self._task = asyncio.create_task(self._live(load, sources), name="supervisor")

    def _end_task(self) -> None:
        self._worker = None
        if self._task is not None:
            self._task.cancel()

    def _change(self, status: ModelStatus) -> None:
        self.status = status
        if status.state is ModelState.MISSING:
            self._looked = self._clock()
        self._on_change(status)

    async def _live(self, load: Load, sources: Sequence[str]) -> None:
        """Fetch from `sources` if there are any, then serve until the model proves unavailable."""
        async with self._only_one:
            try:
                if sources:
                    await self._fetch(load.model, sources)
                    self._change(ModelStatus(ModelState.LOADING))
                await self._serve(load)
            except CodegenError as error:
                can_fetch = isinstance(error, ModelUnavailableError)
                self._change(ModelStatus(ModelState.MISSING, str(error), can_fetch=can_fetch))

    async def _fetch(self, model: str, sources: Sequence[str]) -> None:
        async with self._process() as worker:
            await worker.pull(model, sources, self._report)

    def _report(self, report: Progress | Remark) -> None:
        if self.status.state is not ModelState.FETCHING:  # cancelled, with reports on their way
            return
        if isinstance(report, Progress):
            progress = (report.title, report.done, report.total)
            self._change(ModelStatus(ModelState.FETCHING, self.status.message, progress))
        else:
            self._change(ModelStatus(ModelState.FETCHING, report.text, self.status.progress))

    async def _serve(self, load: Load) -> None:
        """Load and serve, again and again with longer and longer pauses.

        Raises:
            UsageError: there is no such model.
            ModelUnavailableError: it cannot be loaded, however often one tries.
        """
        while True:
            why = await self._serve_once(load)
            delay = self._next_delay()
            self._change(ModelStatus(ModelState.FAILED, f"{why}; restarting in {delay:g} s"))
            await asyncio.sleep(delay)
            self._change(ModelStatus(ModelState.LOADING))

    async def _serve_once(self, load: Load) -> str:
        """Load and serve until the process ends; returns why it did."""
        try:
            async with self._process() as worker:
                why_no_adapter = await worker.load(load)
                await worker.tell(self._workspace)
                self._worker = worker
                self._change(ready(load.adapter, why_no_adapter))
                return f"the model's process {await worker.wait()}"
        except (EngineError, WorkerDiedError) as error:
            return str(error)
        finally:
            self._worker = None

    @asynccontextmanager
    async def _process(self) -> AsyncIterator[WorkerProcess]:
        worker, self._first = self._first, None
        if worker is None:
            worker = await WorkerProcess.start(self._command, self._stderr)
        worker.on_indexing = self.on_indexing
        try:
            yield worker
        finally:
            worker.kill()
            await worker.wait()

    def _next_delay(self) -> float:
        doublings = min(self._failures, _DOUBLINGS)
        self._failures += 1
        return min(self._first_delay * 2.0**doublings, _LONGEST_DELAY_SECONDS)


async def _tell(worker: WorkerProcess, news: Workspace | Changed) -> None:
    with suppress(CodegenError):  # it has ended, which whoever serves it says
        await worker.tell(news)
