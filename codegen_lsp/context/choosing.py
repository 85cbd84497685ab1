"""Choosing: what of the workspace's other files would help at the cursor.

Nothing is chosen by time, chance or the order of a set; but a source that takes too long is left
with what it has given until then, and the choice says so.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from codegen_lsp.context import environments
from codegen_lsp.context.bindings import Binding, bindings
from codegen_lsp.context.candidates import Finder
from codegen_lsp.context.chosen import NOTHING, Context, Piece
from codegen_lsp.context.database import database_file
from codegen_lsp.context.edits import edited
from codegen_lsp.context.excerpts import hidden_imports, similar
from codegen_lsp.context.files import Rules, why_not
from codegen_lsp.context.index import Index
from codegen_lsp.context.inference import Inference
from codegen_lsp.context.library import Library
from codegen_lsp.context.locating import locate
from codegen_lsp.context.place import Place, place_at
from codegen_lsp.context.secrets import redact
from codegen_lsp.context.selecting import Found, select
from codegen_lsp.context.unknown_names import UnknownName, Workspace, unknown_names, workspace_at
from codegen_lsp.text import RecentEdit, Snapshot

DEFAULT_TOKENS = 512
CHARACTERS_PER_TOKEN = 3.2
"""Of Qwen's tokenizer in signatures of Python; a choice is made before anyone counts tokens."""

SOURCE_S = 0.05
"""Longest time for each source; what it waits for inside one step is not cut short."""

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Choice:
    """A context and how it came about.

    Attributes:
        context: what was chosen.
        slow: names of the sources that took too long.
    """

    context: Context
    slow: tuple[str, ...] = ()


class WorkspaceChooser:
    """Chooses from the files of workspace folders, by their indexes."""

    def __init__(
        self,
        roots: Sequence[Path],
        rules: Rules,
        *,
        budget_tokens: int = DEFAULT_TOKENS,
        source_s: float = SOURCE_S,
        clock: Clock = time.perf_counter,
    ) -> None:
        """Choose from the folders `roots`; of two that hold a file, from the inner one.

        Args:
            roots: the workspace folders.
            rules: which files may be read.
            budget_tokens: what a choice takes at most, about.
            source_s: seconds for each source; an evaluation, which must not hang on the machine,
                gives plenty.
            clock: tells seconds.
        """
        self._roots = sorted(roots, key=lambda root: len(root.parts), reverse=True)
        self._indexes = {root: Index.open(root) for root in roots}
        self._rules = rules
        self._budget = int(budget_tokens * CHARACTERS_PER_TOKEN)
        self._source_s = source_s
        self._clock = clock
        self._latest: tuple[object, Choice] = (None, Choice(NOTHING))
        self._inspected: tuple[object, Workspace | None] = (None, None)

    def choose(
        self,
        snapshot: Snapshot,
        offset: int,
        recent: Sequence[Path],
        edits: Sequence[RecentEdit] = (),
    ) -> Context:
        """See `Chooser.choose`."""
        return self.consider(snapshot, offset, recent, edits).context

    def consider(
        self,
        snapshot: Snapshot,
        offset: int,
        recent: Sequence[Path],
        edits: Sequence[RecentEdit] = (),
    ) -> Choice:
        """What would help at `offset`, and which sources were too slow to say."""
        located = locate(snapshot.uri, self._roots)
        if located is None:
            return Choice(Context((), "the document is in no workspace folder"))
        root, name = located
        names = [each.relative_to(root).as_posix() for each in recent if each.is_relative_to(root)]
        state = names, tuple(edits), root, _stamp(root)
        key = (name, snapshot.language, snapshot.text, offset, *state)
        if self._latest[0] != key or self._latest[1].slow:
            pieces = list(edited(edits, root, name, snapshot, offset))
            self._latest = key, self._consider(snapshot, offset, located, names, pieces)
        return self._latest[1]

    def inspect(self, snapshot: Snapshot, offset: int, text: str) -> tuple[UnknownName, ...]:
        """The names of `text`, put at `offset`, that do not exist; see `unknown_names`."""
        located = locate(snapshot.uri, self._roots)
        key = (located, snapshot.text, offset, _stamp(located[0]) if located else ())
        if self._inspected[0] != key:
            workspace = None
            if located is not None:
                root, name = located
                workspace = workspace_at(snapshot, offset, name, root, self._indexes[root])
            self._inspected = key, workspace
        return unknown_names(snapshot, offset, text, self._inspected[1], longest_s=self._source_s)

    def _consider(
        self,
        snapshot: Snapshot,
        offset: int,
        located: tuple[Path, str],
        recent: Sequence[str],
        edits: Sequence[Piece],
    ) -> Choice:
        root, name = located
        place = place_at(snapshot.language, snapshot.text, offset)
        if place is None:
            return Choice(Context((), "no grammar for the language", root.name, name))
        library = Library(self._indexes[root], name, place)
        found: list[Found] = []
        slow = [
            source
            for source, candidates in _sources(place, library, root, recent)
            if not self._take(candidates, found)
        ]
        chosen = select(found, place, name, self._budget, edits)
        pieces = tuple(piece for each in chosen for piece in self._allowed(each, root))
        reason = None if pieces else "nothing relevant was found"
        return Choice(Context(pieces, reason, root.name, name), tuple(slow))

    def _allowed(self, piece: Piece, root: Path) -> Iterator[Piece]:
        """`piece` if its file may be read, without its secrets."""
        if piece.source == "scope":  # the one that is neither from the index nor redacted yet
            yield replace(piece, text=redact(piece.text, piece.path))
        elif piece.source == "package":
            if environments.why_not(root, piece.path, self._rules) is None:
                yield piece
        elif why_not(root, root / piece.path, self._rules) is None:  # the index may be older
            yield piece

    def _take(self, candidates: Iterator[Found], found: list[Found]) -> bool:
        """Add `candidates` to `found`; whether that was done in time."""
        end = self._clock() + self._source_s
        for candidate in candidates:
            found.append(candidate)
            if self._clock() > end:
                return False
        return True


def _sources(
    place: Place, library: Library, root: Path, recent: Sequence[str]
) -> Iterator[tuple[str, Iterator[Found]]]:
    """The sources by name; later ones need what the first has learnt about imports."""
    inference = Inference(place, library)
    finder = Finder(place, library, inference, recent)
    bound: list[Binding] = []

    def imported() -> Iterator[Found]:
        for batch in bindings(place, root / library.name, root):
            bound.extend(batch)
            inference.add(batch)
            yield from finder.imported(batch)

    yield "imports", imported()
    yield "names at the cursor", chain(finder.at_cursor(), finder.inherited(), finder.used())
    yield "scope", chain(finder.scope(), hidden_imports(place, library, bound))
    yield "similar code", similar(place, library, recent)
    yield "packages", finder.packaged(bound, root)


def _stamp(root: Path) -> tuple[int, ...]:
    """What changes when the index of `root` does: the times of SQLite's file and its log."""
    file = database_file(root)
    return tuple(
        path.stat().st_mtime_ns
        for path in (file, file.with_name(f"{file.name}-wal"))
        if path.exists()
    )
