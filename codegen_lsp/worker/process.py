"""The child's side: carry out the parent's jobs one at a time, and end as soon as it is gone.

A thread reads, so that a cancellation reaches the engine while it generates, and so that the end of
standard input ends the process whatever the main thread does: no orphan keeps the memory.
"""

import logging
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn, Protocol

from codegen_lsp.completion.options import CompletionOptions
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.completion.suggestion import Suggestion, silence
from codegen_lsp.errors import CodegenError, UsageError
from codegen_lsp.models.progress import Progress
from codegen_lsp.text import Snapshot
from codegen_lsp.worker.docstring_messages import Document, FindDefinitions, FindStale
from codegen_lsp.worker.inbox import Inbox
from codegen_lsp.worker.messages import (
    HEADER_BYTES,
    Cancel,
    Changed,
    Complete,
    Done,
    Failed,
    Job,
    Load,
    Message,
    Prepare,
    Pull,
    Workspace,
    decode,
    encode,
    payload_size,
)
from codegen_lsp.worker.reporter import Reporter
from codegen_lsp.worker.surroundings import Surroundings

if TYPE_CHECKING:
    from codegen_lsp.worker.docstrings import Docstrings


class Completes(Protocol):
    """What a loaded model is asked; see `completion.pipeline.Completer`."""

    def complete(
        self, snapshot: Snapshot, offset: int, options: CompletionOptions, cancel: threading.Event
    ) -> Sequence[Suggestion]:
        """Suggestions at `offset`."""

    def prepare(self, snapshot: Snapshot, offset: int, cancel: threading.Event) -> None:
        """Read ahead what completing near `offset` will need soon."""

    def forget_context(self) -> None:
        """Other files are to be chosen from than so far."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a model does once it is loaded; `why_no_adapter` as in the result of `Load`."""

    completer: Completes
    docstrings: "Docstrings"
    why_no_adapter: str = ""


LoadFunction = Callable[[Load, Surroundings], Loaded]
PullFunction = Callable[[Pull, Progress], object]

_ENGINE_FAILED = 1

_logger = logging.getLogger(__name__)


def load_model(task: Load, surroundings: Surroundings) -> Loaded:
    """Load the real model; returns what is done with it and with what the other files say."""
    # Here, because it takes time, and whoever starts this process waits for its first sign.
    from codegen_lsp.completion.pipeline import Completer  # noqa: PLC0415
    from codegen_lsp.docstrings.writing import Writer  # noqa: PLC0415
    from codegen_lsp.prompt.model import load_model_or_base  # noqa: PLC0415
    from codegen_lsp.worker.docstrings import Docstrings  # noqa: PLC0415

    model, why_no_adapter = load_model_or_base(
        task.model,
        precision=task.precision,
        decoder=task.decoder,
        adapter=task.adapter.choice if task.adapter else None,
    )
    completer = Completer(model, choose=surroundings.choose, inspect=surroundings.inspect)
    docstrings = Docstrings(Writer(model).words, surroundings)
    return Loaded(completer, docstrings, why_no_adapter or task.why_no_adapter)


def pull_model(task: Pull, progress: Progress) -> None:
    """Fetch and convert the real model."""
    from codegen_lsp.models.fetch import parse_sources, pull  # noqa: PLC0415 - loads torch

    pull(task.model, parse_sources(",".join(task.sources)), progress)


def take_standard_streams() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output, to be used as pipes by nobody else in this process.

    Whatever prints from now on prints to stderr, and whatever reads standard input finds it empty.
    """
    read, write = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return os.fdopen(read, "rb"), os.fdopen(write, "wb")


def run(
    read: BinaryIO,
    write: BinaryIO,
    load: LoadFunction = load_model,
    pull: PullFunction = pull_model,
) -> NoReturn:
    """Serve the parent at the other ends of `read` and `write`; ends the process in the end.

    Args:
        read: frames of `Job` and `Cancel`; its end is the end of this process.
        write: takes frames with what became of the jobs.
        load: makes what answers; tests give something that needs no model.
        pull: fetches a model.
    """
    inbox = Inbox()
    threading.Thread(target=_receive, args=(read, inbox), name="receive", daemon=True).start()
    worker = _Worker(write, load, pull)
    while True:
        worker.carry_out(*inbox.take())


def _receive(read: BinaryIO, inbox: Inbox) -> None:
    """Put what arrives into `inbox` until the parent is gone."""
    try:
        while header := read.read(HEADER_BYTES):
            message = decode(read.read(payload_size(header)))
            if isinstance(message, Job):
                inbox.put(message)
            elif isinstance(message, Cancel):
                inbox.cancel(message.id)
    finally:  # also when the last frame is cut off
        _end()


def _end() -> NoReturn:
    """End this process at once, and with it what it has started (pip, while it fetches)."""
    if sys.platform != "win32" and os.getsid(0) == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


class _Worker:
    """Carries out jobs with the model that the latest `Load` has loaded."""

    def __init__(self, write: BinaryIO, load: LoadFunction, pull: PullFunction) -> None:
        self._write = write
        self._load = load
        self._pull = pull
        self._model: Loaded | None = None
        self._sending = threading.Lock()
        self._surroundings = Surroundings(self._send)

    def carry_out(self, job: Job, cancel: threading.Event) -> None:
        """Do `job` and answer it; what nobody expected ends the process after the answer."""
        try:
            result = self._result(job, cancel)
        except CodegenError as error:
            self._send(Failed(job.id, type(error).__name__, str(error)))
        except BaseException as error:  # SystemExit too would end it without a word
            # An engine that has failed is not to be trusted: a new process gets a new one.
            _log(error, job)
            self._send(Failed(job.id, type(error).__name__, _in_brief(error)))
            logging.shutdown()
            os._exit(_ENGINE_FAILED)
        else:
            self._send(Done(job.id, result))

    def _result(self, job: Job, cancel: threading.Event) -> Any:
        match job.task:
            case Complete(snapshot, offset, options):
                return self._suggestions(snapshot, offset, options, cancel)
            case Prepare(snapshot, offset):
                if not self._surroundings.denies(snapshot.uri):
                    self._loaded().completer.prepare(snapshot, offset, cancel)
            case FindDefinitions() | FindStale() | Document() as question:
                return self._loaded().docstrings.answer(question, cancel)
            case Load() as task:
                self._model = None  # there may not be memory for two
                self._model = self._load(task, self._surroundings)
                return self._model.why_no_adapter
            case Pull() as task:
                self._pull(task, Reporter(job.id, self._send))
            case Workspace() as task:
                if self._surroundings.change(task) and self._model is not None:
                    self._model.completer.forget_context()
            case Changed(paths):
                self._surroundings.update(paths)
        return None

    def _suggestions(
        self, snapshot: Snapshot, offset: int, options: CompletionOptions, cancel: threading.Event
    ) -> list[Suggestion]:
        """What completes `snapshot`: a docstring where one has just been begun."""
        if self._surroundings.denies(snapshot.uri):
            return [silence(offset, Reason.DENIED_FILE)]
        docstring = None
        if options.multiline != "never":
            docstring = self._loaded().docstrings.complete(snapshot, offset, cancel)
        if docstring is not None:
            return [docstring]
        return list(self._loaded().completer.complete(snapshot, offset, options, cancel))

    def _loaded(self) -> Loaded:
        if self._model is None:
            raise UsageError("no model has been loaded: load one first")
        return self._model

    def _send(self, message: Message) -> None:
        try:
            with self._sending:  # the index is reported on by threads of its own
                self._write.write(encode(message))
                self._write.flush()
        except OSError:  # the parent is gone
            _end()


def _log(error: BaseException, job: Job) -> None:
    """Log where `error` was raised. What it says may quote the document: that is for debugging."""
    kind = type(job.task).__name__
    frames = "".join(traceback.format_tb(error.__traceback__))
    _logger.error("%s raised %s\n%s", kind, _in_brief(error), frames)
    _logger.debug("in full:", exc_info=error)


def _in_brief(error: BaseException) -> str:
    """One line about `error`, with its text only where that comes from the operating system.

    Libraries raise RuntimeError and others with any text, and it may quote the document.
    """
    name = type(error).__name__
    about_machine = isinstance(error, (MemoryError, OSError))
    text = " ".join(str(error).split())[:200] if about_machine else ""
    return f"{name}: {text}" if text else name
