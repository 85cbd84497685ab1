"""A file that imports and the project around it, as the modules for each language see them."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TypeVar, cast

from codegen_lsp.context.imports.folders import Look, listing, scanned
from codegen_lsp.context.imports.settings import parsed

MOST_FILES = 50
"""Files that one import may stand for, such as those of a Go package."""

T = TypeVar("T")


@dataclass(frozen=True)
class Importer:
    """A file that imports, and the project around it.

    Attributes:
        file: its path, in a folder without symbolic links; it need not exist.
        root: the workspace's folder, without symbolic links; nothing outside it is found.
        language: LSP language identifier of the file.
        scans: what `scanned` has found for this and other files, within a moment.
    """

    file: Path
    root: Path
    language: str
    scans: dict[object, object] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def folders(self) -> tuple[Path, ...]:
        """The folders of the workspace around the file, nearest first, the root always last."""
        if not self.file.is_relative_to(self.root):
            return (self.root,)
        parents = tuple(self.file.parents)
        return parents[: parents.index(self.root) + 1]

    def scanned(self, scan: Callable[[Path, Look], T]) -> T:
        """What `scan` finds below the root; looked for again when a folder that it saw changes."""
        if scan not in self.scans:
            self.scans[scan] = scanned(self.root, scan)
        return cast("T", self.scans[scan])

    def first(self, candidates: Iterable[Path]) -> Path | None:
        """The first of `candidates` that is a file of the workspace, without symbolic links."""
        return next(filter(None, map(self.inside, candidates)), None)

    def first_of(self, candidates: Iterable[Path]) -> list[Path]:
        """A list of what `first` finds; empty where that is nothing."""
        found = self.first(candidates)
        return [] if found is None else [found]

    def inside(self, path: Path) -> Path | None:
        """`path` without symbolic links if it is a file of the workspace; else None."""
        # What lies elsewhere is not even looked at: it may be a network mount that stalls.
        if not self._is_within(path) or not is_file(path):
            return None
        real = os.path.realpath(path)
        return Path(real) if self._is_within(real) else None

    def _is_within(self, path: Path | str) -> bool:
        return os.path.join(os.path.normpath(path), "").startswith(self._prefix)  # noqa: PTH118

    @cached_property
    def _prefix(self) -> str:
        return os.path.join(self.root, "")  # noqa: PTH118

    def files_in(
        self, folder: Path, endings: tuple[str, ...], but: tuple[str, ...] = ()
    ) -> list[Path]:
        """The files of `folder` with these endings, not those; at most `MOST_FILES`, in order."""
        names = listing(folder).files if self._is_within(folder) else ()
        wanted = (name for name in names if name.endswith(endings) and not name.endswith(but))
        found = filter(None, (self.inside(folder / name) for name in wanted))
        return list(islice(found, MOST_FILES))

    def settings(
        self, name: str, parse: Callable[[str], T], folders: Iterable[Path] | None = None
    ) -> Iterator[tuple[Path, T]]:
        """Each file `name` in `folders`, else those around the file, nearest first, as parsed.

        Yields:
            The folder, and what `parse` made of the file. See `parsed`.
        """
        for folder in self.folders if folders is None else folders:
            path = self.inside(folder / name)
            content = None if path is None else parsed(path, parse)
            if content is not None:
                yield folder, content


def is_file(path: Path) -> bool:
    """Whether `path` is a regular file, or a link to one; False for what one may not look at."""
    return os.path.isfile(path)  # noqa: PTH113 - Path's function raises, and takes thrice the time
