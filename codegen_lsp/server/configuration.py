"""The settings of one client, as they change while it is connected."""

import os
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from codegen_lsp.config import Resolved, editor_settings, project_folder, resolve
from codegen_lsp.server.background import in_background
from codegen_lsp.server.client import Client

ANSWER_S = 1.0
"""How long the folder may take: one on a network may never answer, and the client waits for us."""

_NO_ANSWER = "project file: not read, because the workspace folder does not answer"


class Configuration:
    """Where the settings of a client come from; resolved anew whenever something changes."""

    def __init__(self, client: Client, command_line: Mapping[str, str]) -> None:
        self._start = client.folder
        self._reading: Future[Resolved] | None = None
        self._command_line = command_line
        self._options = editor_settings(client.options)
        self._changed: Mapping[str, object] = {}

    def change(self, raw: object) -> None:
        """Take the settings of `workspace/didChangeConfiguration`, or of a section in them."""
        self._changed = editor_settings(raw, section_only=True)

    def resolve(self) -> Resolved:
        """The settings that hold now; the project file is read again.

        A folder that does not answer is waited for once, and its project file then left out.
        """
        start, editor = self._start, {**self._options, **self._changed}
        if start is None:
            return self._resolved(None, editor)
        if self._reading is None or self._reading.done():
            self._reading = in_background(lambda: self._resolved(project_folder(start), editor))
            with suppress(TimeoutError):
                return self._reading.result(ANSWER_S)
        resolved = self._resolved(None, editor)
        return replace(resolved, problems=(*resolved.problems, _NO_ANSWER))

    def _resolved(self, folder: Path | None, editor: Mapping[str, object]) -> Resolved:
        environ, command_line = os.environ, self._command_line
        return resolve(folder, environ=environ, editor=editor, command_line=command_line)
