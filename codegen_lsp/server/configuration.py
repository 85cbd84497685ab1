"""The settings of one client, as they change while it is connected."""

import os
from collections.abc import Mapping

from codegen_lsp.config import Resolved, editor_settings, project_folder, resolve
from codegen_lsp.server.client import Client


class Configuration:
    """Where the settings of a client come from; resolved anew whenever something changes."""

    def __init__(self, client: Client, command_line: Mapping[str, str]) -> None:
        self._folder = project_folder(client.folder) if client.folder else None
        self._command_line = command_line
        self._options = editor_settings(client.options)
        self._changed: Mapping[str, object] = {}

    def change(self, raw: object) -> None:
        """Take the settings of `workspace/didChangeConfiguration`, or of a section in them."""
        self._changed = editor_settings(raw, section_only=True)

    def resolve(self) -> Resolved:
        """The settings that hold now; the project file is read again."""
        return resolve(
            self._folder,
            environ=os.environ,
            editor={**self._options, **self._changed},
            command_line=self._command_line,
        )
