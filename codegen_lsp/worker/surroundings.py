"""What surrounds the documents, in the model's process: asked for context, it answers in time.

Whatever touches the user's files happens in threads of its own: a folder on a network that does not
answer, or a fault in what reads there, costs a completion its context and at most 100 ms.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from codegen_lsp.context.chosen import NOTHING, Context
from codegen_lsp.text import RecentEdit, Snapshot
from codegen_lsp.worker.messages import Indexing, Workspace

if TYPE_CHECKING:
    from codegen_lsp.context.unknown_names import UnknownName
    from codegen_lsp.worker.usage import Usage

CHOICE_S = 0.1
_INSPECTION_S = 0.06
_USAGE_S = 1.0  # a docstring takes seconds
_LINK_S = 1.0  # to find out where a document's path leads

_logger = logging.getLogger(__name__)


class Folders(Protocol):
    """What of an open workspace is asked; see `worker.open_folders.OpenFolders`."""

    def choose(
        self,
        snapshot: Snapshot,
        offset: int,
        recent: Sequence[Path],
        edits: Sequence[RecentEdit],
    ) -> Context:
        """What would help at `offset`."""

    def inspect(self, snapshot: Snapshot, offset: int, text: str) -> "Sequence[UnknownName]":
        """The names of a text that do not exist."""

    def usage(self, snapshot: Snapshot, name: str) -> "Usage":
        """What other files say for the docstring of a definition."""

    def update(self, paths: Sequence[Path]) -> None:
        """Take note that files have changed."""

    def close(self) -> None:
        """Have whatever goes on end."""


Report = Callable[[Indexing], None]
OpenFunction = Callable[[Workspace, Report], Folders]


def open_folders(workspace: Workspace, report: Report) -> Folders:
    """The folders of `workspace`, opened."""
    # tree-sitter and SQLite: nobody waits for them before there is a folder.
    from codegen_lsp.worker.open_folders import OpenFolders  # noqa: PLC0415

    return OpenFolders(workspace, report)


class Surroundings:
    """The workspace of the moment."""

    def __init__(self, report: Report, opens: OpenFunction = open_folders) -> None:
        """Call `report`, in any thread, to tell how far an index is."""
        self._report = report
        self._opens = opens
        self._workspace = Workspace()
        self._folders: Folders | None = None
        self._choices = ThreadPoolExecutor(1, "context")
        self._updates = ThreadPoolExecutor(1, "index")
        self._links = ThreadPoolExecutor(1, "links")
        self._choosing: Future[Any] | None = None
        self._following: Future[Any] | None = None

    def change(self, workspace: Workspace) -> bool:
        """Take `workspace` instead; returns whether what was chosen before holds no more."""
        before, self._workspace = self._workspace, workspace
        if _sources(before) == _sources(workspace):
            return False
        self._choosing = None
        self._choices.submit(_guarded, self._open, workspace)
        return True

    def choose(self, snapshot: Snapshot, offset: int) -> Context | None:
        """What would help at `offset`; None if that takes longer than anyone should wait."""
        if not _sources(self._workspace)[0]:
            return NOTHING
        if self._choosing is not None and not self._choosing.done():
            return None  # the one before still waits for an answer
        recent, edits = self._workspace.recent, self._workspace.edits
        asked = snapshot, offset, recent, edits
        context: Context | None = self._in_time(CHOICE_S, self._choose, *asked)
        return context

    def inspect(self, snapshot: Snapshot, offset: int, text: str) -> "Sequence[UnknownName]":
        """The names of `text`, put at `offset`, that do not exist, as far as is known in time."""
        # tree-sitter: nobody waits for it before there is a suggestion.
        from codegen_lsp.context.unknown_names import unknown_names  # noqa: PLC0415

        if not _sources(self._workspace)[0]:
            return unknown_names(snapshot, offset, text)
        if self._choosing is not None and not self._choosing.done():
            return ()
        return self._in_time(_INSPECTION_S, self._inspect, snapshot, offset, text) or ()

    @property
    def docstring_style(self) -> str:
        """The setting."""
        return self._workspace.docstring_style

    def usage(self, snapshot: Snapshot, name: str) -> "Usage | None":
        """What other files say for the docstring of `name`; None if that is not known in time."""
        if not _sources(self._workspace)[0]:
            return None
        found: Usage | None = self._in_time(_USAGE_S, self._usage, snapshot, name)
        return found

    def denies(self, uri: str) -> bool:
        """Whether the document may not be read, which its name says or that of a link's target.

        A disk that does not say in time where a link leads is not waited for again until it does.
        """
        # pathspec: nobody waits for it before there is a document.
        from codegen_lsp.context import documents  # noqa: PLC0415

        folders, denied_files = self._workspace.folders, self._workspace.denied_files
        asked = documents.path_in(uri), folders, denied_files
        if documents.is_denied_name(*asked):
            return True
        if self._following is not None and not self._following.done():
            return False
        self._following = self._links.submit(_guarded, documents.is_denied_document, *asked)
        try:
            return bool(self._following.result(_LINK_S))
        except TimeoutError:
            _logger.info("not known within %.0f s where a document's path leads", _LINK_S)
            return False

    def update(self, paths: Sequence[Path]) -> None:
        """Take note that files have changed; returns at once."""
        self._updates.submit(_guarded, self._update, paths)

    def _open(self, workspace: Workspace) -> None:
        before, self._folders = self._folders, None
        if before is not None:
            before.close()
        if _sources(workspace)[0]:
            self._folders = self._opens(workspace, self._report)

    def _choose(
        self,
        snapshot: Snapshot,
        offset: int,
        recent: Sequence[Path],
        edits: Sequence[RecentEdit],
    ) -> Context:
        folders = self._folders
        return NOTHING if folders is None else folders.choose(snapshot, offset, recent, edits)

    def _inspect(self, snapshot: Snapshot, offset: int, text: str) -> "Sequence[UnknownName]":
        folders = self._folders
        return () if folders is None else folders.inspect(snapshot, offset, text)

    def _usage(self, snapshot: Snapshot, name: str) -> "Usage | None":
        folders = self._folders
        return None if folders is None else folders.usage(snapshot, name)

    def _in_time(self, longest_s: float, function: Callable[..., Any], *arguments: object) -> Any:
        """What `function` returns, in the thread that may be left waiting; None if too late."""
        self._choosing = self._choices.submit(_guarded, function, *arguments)
        try:
            return self._choosing.result(longest_s)
        except TimeoutError:
            _logger.info("no answer about other files within %.0f ms", longest_s * 1000)
            return None

    def _update(self, paths: Sequence[Path]) -> None:
        if self._folders is not None:
            self._folders.update(paths)


def _sources(workspace: Workspace) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """What decides which files are read: in which folders, and which of them are not."""
    return workspace.folders if workspace.context else (), workspace.denied_files


def _guarded(function: Callable[..., Any], *arguments: object) -> Any:
    """What `function` returns; None where it raises, which costs no more than the context."""
    try:
        return function(*arguments)
    except Exception as error:  # whatever is wrong with the user's files, completing goes on
        _logger.error("no context: %s", type(error).__name__)
        _logger.debug("in full:", exc_info=error)
        return None
