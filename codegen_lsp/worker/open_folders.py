"""The folders of a workspace in the model's process: what is chosen from, and who keeps the index.

Imports tree-sitter and SQLite; whoever waits for this process to start imports `surroundings`.
"""

import logging
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from codegen_lsp.context.choosing import WorkspaceChooser
from codegen_lsp.context.chosen import Context
from codegen_lsp.context.files import Rules
from codegen_lsp.context.ignoring import IGNORE_FILES
from codegen_lsp.context.indexing import command, update
from codegen_lsp.context.projects import why_no_project
from codegen_lsp.context.unknown_names import UnknownName
from codegen_lsp.text import RecentEdit, Snapshot
from codegen_lsp.worker.index_build import IndexBuild
from codegen_lsp.worker.messages import Indexing, Workspace
from codegen_lsp.worker.usage import Usage, UsageFinder

_MOST_UPDATED = 200  # files; of more, a build makes sure faster

_logger = logging.getLogger(__name__)


class OpenFolders:
    """The folders of one workspace, whose indexes are built from the start."""

    def __init__(self, workspace: Workspace, report: Callable[[Indexing], None]) -> None:
        """Call `report`, in any thread, to tell how far an index is."""
        self._report = report
        self._rules = Rules(workspace.denied_files)
        self._roots = tuple(filter(_is_project, workspace.folders))
        self._chooser = WorkspaceChooser(self._roots, self._rules)
        self._usage = UsageFinder(self._roots, self._rules)
        self._builds: dict[Path, IndexBuild] = {}
        self._outdated: set[Path] = set()  # changed while a build was under way, which may miss it
        self._is_closed = False
        self._lock = threading.Lock()  # a build ends in a thread of its own
        for root in self._roots:
            self._build(root)

    def choose(
        self,
        snapshot: Snapshot,
        offset: int,
        recent: Sequence[Path],
        edits: Sequence[RecentEdit],
    ) -> Context:
        """What would help at `offset`."""
        return self._chooser.choose(snapshot, offset, recent, edits)

    def inspect(self, snapshot: Snapshot, offset: int, text: str) -> Sequence[UnknownName]:
        """The names of `text`, put at `offset`, that do not exist."""
        return self._chooser.inspect(snapshot, offset, text)

    def usage(self, snapshot: Snapshot, name: str) -> Usage:
        """What other files say for the docstring of the definition `name`."""
        return self._usage.find(snapshot, name)

    def update(self, paths: Sequence[Path]) -> None:
        """Bring the indexes up to date for files that have changed."""
        for root in self._roots:
            inside = [path for path in paths if path.is_relative_to(root)]
            is_few = len(inside) <= _MOST_UPDATED
            # What is in a folder that came is not told of, and ignore files decide about others.
            is_more = any(path.name in IGNORE_FILES or os.path.isdir(path) for path in inside)  # noqa: PTH112 - never raises
            if inside and (is_more or not (is_few and update(root, inside, self._rules))):
                self._build(root)

    def close(self) -> None:
        """Have the builds end."""
        with self._lock:
            self._is_closed = True
            builds = list(self._builds.values())
        for build in builds:
            build.end()

    def _build(self, root: Path) -> None:
        """Build the index of `root`, after the build that is under way if there is one."""
        with self._lock:
            running = self._builds.get(root)
            if running is not None and not running.is_over:
                self._outdated.add(root)
            elif not self._is_closed:
                self._outdated.discard(root)
                self._builds[root] = IndexBuild(root, command(root, self._rules), self._on_report)

    def _on_report(self, indexing: Indexing) -> None:
        self._report(indexing)
        if indexing.is_over and indexing.folder in self._outdated:
            self._build(indexing.folder)


def _is_project(root: Path) -> bool:
    why_not = why_no_project(root)
    if why_not is not None:
        _logger.warning("%s", why_not)
    return why_not is None
