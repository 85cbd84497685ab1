"""What was chosen for a prompt from the workspace's other files, and who chooses."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from codegen_lsp.text import RecentEdit, Snapshot

Source = Literal["import", "symbol", "similar", "recent", "package", "scope", "edit"]
"""Why a piece is there: its file is imported, it defines a name used near the cursor, it resembles
the code there, its file was open or edited lately, an installed package has it, or the cursor
stands inside it and its head has scrolled out of the prompt's window; or it is not a part of the
file but what was edited there lately."""


@dataclass(frozen=True, slots=True)
class Piece:
    r"""A part of a file that a prompt shows before the code at the cursor.

    Attributes:
        path: POSIX path relative to the workspace folder.
        text: whole lines, with `\n` between them, secrets redacted.
        source: what it was found by.
        score: higher is better; comparable within one choice only.
    """

    path: str
    text: str
    source: Source
    score: float


@dataclass(frozen=True, slots=True)
class Context:
    """All that was chosen for one place.

    Attributes:
        pieces: most stable first, the best last, next to the code.
        reason: why there are none, in a few words; None where there are, or nothing fitted.
        repository: name of the workspace folder that holds the document.
        path: the document's own, POSIX, relative to that folder.
    """

    pieces: tuple[Piece, ...]
    reason: str | None
    repository: str = ""
    path: str = ""


NOTHING = Context((), None)


class Chooser(Protocol):
    """Chooses from the files of one or more workspace folders."""

    def choose(
        self,
        snapshot: Snapshot,
        offset: int,
        recent: Sequence[Path],
        edits: Sequence[RecentEdit] = (),
    ) -> Context:
        """What would help at `offset`; nothing outside the folders, and never an error.

        Args:
            snapshot: the document.
            offset: of the cursor in it.
            recent: files that were open or edited lately, the newest first.
            edits: what was edited lately, in any file, the latest first.
        """
        ...
