"""The user's folders and what was edited in them lately: where other files' context comes from."""

from collections.abc import Callable, Iterable
from pathlib import Path

from codegen_lsp.config import Settings
from codegen_lsp.server.client import path_of
from codegen_lsp.worker.messages import Workspace

_MOST_RECENT = 16

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
        self, folders: Iterable[Path], tell: Callable[[Workspace], None], settings: Settings
    ) -> None:
        """Call `tell` whenever something changes; nothing is told yet."""
        self.all = list(folders)
        self._recent: list[Path] = []
        self._latest_uri = ""
        self._tell = tell
        self._settings = settings
        self._told = Workspace()

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
        """The user has opened or edited a document; called at every key."""
        if uri == self._latest_uri:
            return
        self._latest_uri = uri
        path = path_of(uri)
        if path is not None:
            others = [each for each in self._recent if each != path]
            self._recent = [path, *others][:_MOST_RECENT]
            self.tell()

    def tell(self) -> None:
        """Tell where things stand, unless that is known."""
        workspace = self._workspace()
        if workspace != self._told:
            self._told = workspace
            self._tell(workspace)

    def _workspace(self) -> Workspace:
        settings = self._settings
        is_read = settings.context and bool(self.all)
        recent = tuple(self._recent) if is_read else ()
        return Workspace(tuple(self.all), recent, tuple(settings.denied_files), settings.context)
