"""The parent's side of one worker process: its jobs as coroutines, its end as an error."""

import asyncio
import contextlib
import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import IO, Any, cast

from codegen_lsp import errors
from codegen_lsp.completion.options import CompletionOptions
from codegen_lsp.completion.suggestion import Suggestion
from codegen_lsp.errors import CodegenError, EngineError, WorkerDiedError
from codegen_lsp.text import Snapshot
from codegen_lsp.worker.docstring_messages import Question
from codegen_lsp.worker.messages import (
    HEADER_BYTES,
    Cancel,
    Changed,
    Complete,
    Done,
    Failed,
    Indexing,
    Job,
    Load,
    Message,
    Prepare,
    Progress,
    Pull,
    Remark,
    Task,
    Workspace,
    decode,
    encode,
    payload_size,
)

# -P: a torch.py in the current folder, which may be anyone's project, is not run.
DEFAULT_COMMAND: Sequence[str] = (sys.executable, "-P", "-m", "codegen_lsp.worker")

# What is freed goes back to the system: a KV cache's buffers by themselves, and the rest above what
# a pass over part of a prompt takes. Fixed, glibc's limits do not grow with what was freed before.
_ALLOCATOR = {"MALLOC_MMAP_THRESHOLD_": str(16 << 20), "MALLOC_TRIM_THRESHOLD_": str(64 << 20)}

_EXPECTED = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, CodegenError)
}

_ENDING_S = 1.0  # from the end of its output to its own end

ReportFunction = Callable[[Progress | Remark], None]


@dataclass(frozen=True, slots=True)
class _Call:
    """A job without an answer yet, and who is told of its progress."""

    future: asyncio.Future[Any]
    on_report: ReportFunction | None


class WorkerProcess:
    """A running worker. It belongs to the event loop that started it.

    Attributes:
        on_indexing: told how far the index of a workspace folder is.
    """

    on_indexing: Callable[[Indexing], None] | None = None

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._stdin = cast("asyncio.StreamWriter", process.stdin)
        self._stdout = cast("asyncio.StreamReader", process.stdout)
        self._ids = itertools.count(1)
        self._calls: dict[int, _Call] = {}
        self._writing = asyncio.Lock()
        self._failure: str | None = None
        self._is_killed = False
        self._reading = asyncio.create_task(self._read(), name="worker")

    @classmethod
    async def start(
        cls, command: Sequence[str] = DEFAULT_COMMAND, stderr: int | IO[Any] | None = None
    ) -> "WorkerProcess":
        """Start `command`; its standard error goes to `stderr`, by default this process's.

        Raises:
            WorkerDiedError: the operating system could not start it.
        """
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env=_ALLOCATOR | os.environ,
                start_new_session=True,  # Ctrl-C is the server's; what it starts dies with it
            )
        except OSError as error:
            raise WorkerDiedError(f"the model's process cannot be started: {error}") from error
        return cls(process)

    @property
    def pid(self) -> int:
        """Process id, for logs."""
        return self._process.pid

    async def load(self, load: Load) -> str:
        """Load the model that `complete` then uses.

        Returns:
            One line on why its adapter is not in use; empty where all is as asked.

        Raises:
            UsageError: no such model, or this machine cannot run it in that precision.
            ModelUnavailableError: it has not been fetched, or its files are damaged.
            EngineError: something unexpected; the process ends.
            WorkerDiedError: the process has ended.
        """
        why_no_adapter: str = await self._call(load)
        return why_no_adapter

    async def pull(self, model: str, sources: Sequence[str], on_report: ReportFunction) -> None:
        """Fetch `model` from the first of `sources` that has it; `on_report` is told how it goes.

        Once begun it can be ended only by `kill`, which does no harm: what arrived is kept.

        Raises:
            UsageError: no such model.
            ModelUnavailableError: it cannot be had.
            EngineError: something unexpected; the process ends.
            WorkerDiedError: the process has ended.
        """
        await self._call(Pull(model, tuple(sources)), on_report)

    async def complete(
        self, snapshot: Snapshot, offset: int, options: CompletionOptions
    ) -> list[Suggestion]:
        """Suggestions at `offset`; cancelling the task that waits stops the engine too.

        Raises:
            EngineError: the engine raised something unexpected; the process ends.
            WorkerDiedError: the process has ended.
        """
        bare = replace(snapshot)  # without the line starts that it may have computed
        suggestions: list[Suggestion] = await self._call(Complete(bare, offset, options))
        return suggestions

    async def prepare(self, snapshot: Snapshot, offset: int) -> None:
        """Have the model read what completing near `offset` will need soon; cancelling ends that.

        Raises:
            EngineError: the engine raised something unexpected; the process ends.
            WorkerDiedError: the process has ended.
        """
        await self._call(Prepare(replace(snapshot), offset))

    async def ask(self, question: Question) -> Any:
        """The answer to `question`; cancelling the task that waits stops the engine too.

        Raises:
            EngineError: the engine raised something unexpected; the process ends.
            WorkerDiedError: the process has ended.
        """
        bare = replace(question, snapshot=replace(question.snapshot))
        return await self._call(bare)

    async def tell(self, news: Workspace | Changed) -> None:
        """Tell it of other folders than before, or of files that are not what they were.

        Raises:
            EngineError: something unexpected; the process ends.
            WorkerDiedError: the process has ended.
        """
        await self._call(news)

    async def wait(self) -> str:
        """Wait until the process has ended and been reaped; returns why it did, in a few words."""
        return await asyncio.shield(self._reading)

    def kill(self) -> None:
        """End the process and what it has started at once; `wait` tells when it is done."""
        if self._process.returncode is None:
            self._is_killed = True
            self._kill_group()

    def _kill_group(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            if sys.platform == "win32":
                self._process.kill()
            else:
                os.killpg(self._process.pid, signal.SIGKILL)

    async def _call(self, task: Task, on_report: ReportFunction | None = None) -> Any:
        if self._reading.done():
            raise WorkerDiedError(f"the model's process {self._reading.result()}")
        id_ = next(self._ids)
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._calls[id_] = _Call(future, on_report)
        sent = False
        try:
            # One frame at a time waits in the pipe's buffer: a burst of large documents waits
            # here, where what is cancelled meanwhile is never written.
            async with self._writing:
                sent = True
                await self._write(Job(id_, task))
            return await future
        except asyncio.CancelledError:
            if sent:
                self._send(Cancel(id_))
            raise
        finally:
            del self._calls[id_]

    async def _write(self, message: Message) -> None:
        self._send(message)
        with contextlib.suppress(ConnectionError):  # `_read` tells why
            await self._stdin.drain()

    def _send(self, message: Message) -> None:
        self._stdin.write(encode(message))

    async def _read(self) -> str:
        """Hand out answers until the process ends; returns why it did."""
        try:
            await self._receive()
        finally:
            why = await self._end()
            for call in self._calls.values():
                if not call.future.done():
                    call.future.set_exception(WorkerDiedError(f"the model's process {why}"))
        return why

    async def _end(self) -> str:
        """End the process, which cannot be heard any more; returns why it ended."""
        with contextlib.suppress(TimeoutError):  # it may be about to end by itself
            await asyncio.wait_for(self._process.wait(), _ENDING_S)
        self.kill()
        status = await self._process.wait()
        self._kill_group()  # what it has started
        if self._is_killed and self._failure is None:
            return "was ended"
        return _why(status, self._failure)

    async def _receive(self) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):
            while True:
                size = payload_size(await self._stdout.readexactly(HEADER_BYTES))
                self._hand_out(decode(await self._stdout.readexactly(size)))

    def _hand_out(self, message: Message) -> None:
        if isinstance(message, Indexing):
            if self.on_indexing is not None:
                self.on_indexing(message)
            return
        call = self._calls.get(message.id)
        if isinstance(message, Failed) and message.error_type not in _EXPECTED:
            self._failure = message.message
        if call is None or call.future.done():  # cancelled
            return
        match message:
            case Done():
                call.future.set_result(message.result)
            case Failed():
                call.future.set_exception(_error(message))
            case Progress() | Remark() if call.on_report is not None:
                call.on_report(message)


def _error(failed: Failed) -> CodegenError:
    if failed.error_type in _EXPECTED:
        return _EXPECTED[failed.error_type](failed.message)
    return EngineError(f"the engine failed: {failed.message}")


def _why(status: int, failure: str | None) -> str:
    """What a process with that exit status did, after "the model's process"."""
    if failure is not None:
        return f"failed: {failure}"
    if status >= 0:
        return f"ended with exit status {status}"
    cause = signal.Signals(-status).name
    return f"was killed by {cause}" + (" (out of memory?)" if cause == "SIGKILL" else "")
