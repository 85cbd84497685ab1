"""The user's folders and what was edited in them lately: where other files' context comes from."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path

from codegen_lsp.config import Settings
from codegen_lsp.server.client import path_of
from codegen_lsp.server.recent_edits import RecentEdits
from codegen_lsp.text import RecentEdit
from codegen_lsp.worker.messages import Workspace

_MOST_RECENT = 16
PAUSE_S, JUMP_LINES = 2.0, 40
"""What `completion.sticky` takes for a pause and a jump; it is not loaded in this process."""

SOURCE_FILES = (
    "**/*.{bash,c,cc,cjs,cpp,cs,cts,cxx,go,h,hh,hpp,hxx,java,js,jsx,kt,kts,lua,mjs,mts,"
    "php,py,pyi,pyw,rb,rs,sh,swift,ts,tsx,zsh}"
)
"""Glob of the files whose changes an index follows: those of the languages with a grammar."""


class Folders:
    """The folders of one client's workspace, as the model's process is told of them.

    Attributes:
        all: of the workspace, in the client's order.
    """

    def __init__(
        self,
        folders: Iterable[Path],
        tell: Callable[[Workspace], None],
        settings: Settings,
        edits: RecentEdits,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Call `tell` whenever something changes; nothing is told yet. `clock` tells seconds."""
        self.all = list(folders)
        self._recent: list[Path] = []
        self._latest_uri = ""
        self._tell = tell
        self._settings = settings
        self._told = Workspace()
        self._edits = edits
        self._edited: tuple[RecentEdit, ...] = ()
        self._clock = clock
        self._asked = "", 0, 0.0  # the document, its line when edits were told, the latest time

    def change(self, added: Iterable[str], removed: Iterable[str]) -> None:
        """The user has added and removed folders, which come as URIs."""
        gone = {path_of(uri) for uri in removed}
        kept = [folder for folder in self.all if folder not in gone]
        new = [path for path in map(path_of, added) if path is not None]
        self.all = list(dict.fromkeys([*kept, *new]))
        self.tell()

    def change_settings(self, settings: Settings) -> None:
        """Go on with other settings."""
        self._settings = settings
        self.tell()

    def touched(self, uri: str) -> None:
        """The user has opened a document or is about to edit it; called at every key."""
        if self._is_read:
            self._edits.touched(uri)
        if uri == self._latest_uri:
            return
        self._latest_uri = uri
        path = path_of(uri)
        if path is not None:
            others = [each for each in self._recent if each != path]
            self._recent = [path, *others][:_MOST_RECENT]
            self.tell()

    def asked(self, uri: str, line: int) -> None:
        """A suggestion is asked for; called at every key.

        Tells of recent edits where the model's process chooses anew: see `completion.sticky`.
        """
        before, told_line, at = self._asked
        now = self._clock()
        is_same = uri == before and now - at <= PAUSE_S and abs(line - told_line) <= JUMP_LINES
        self._asked = uri, told_line if is_same else line, now
        if not is_same and self._is_read:
            self._edited = self._edits.collect()
            self.tell()

    def tell(self) -> None:
        """Tell where things stand, unless that is known."""
        workspace = self._workspace()
        if workspace != self._told:
            self._told = workspace
            self._tell(workspace)

    @property
    def _is_read(self) -> bool:
        return self._settings.context and bool(self.all)

    def _workspace(self) -> Workspace:
        settings = self._settings
        recent, edits = (tuple(self._recent), self._edited) if self._is_read else ((), ())
        denied = tuple(settings.denied_files)
        style = settings.docstring_style
        return Workspace(tuple(self.all), recent, denied, settings.context, edits, style)
