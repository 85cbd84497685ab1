"""Docstrings that disagree with their signatures, shown as hints where the user wants that."""

import asyncio
import logging
from collections.abc import Callable

from lsprotocol import types

from codegen_lsp.config import Settings
from codegen_lsp.errors import CodegenError
from codegen_lsp.server.documents import Document, Documents
from codegen_lsp.text import Encoding, Snapshot
from codegen_lsp.worker.docstring_messages import Definition, FindStale
from codegen_lsp.worker.supervisor import Supervisor

PAUSE_S = 1.0
"""Seconds without a change before a document is looked at."""

_MOST_UNASKED = 200_000
"""Characters of a document that is looked at unasked: that takes 0.1 s, and completions wait."""

_SOURCE = "codegen-lsp"
_CODE = "docstring.stale"

_log = logging.getLogger(__name__)

Publish = Callable[[types.PublishDiagnosticsParams], None]


def diagnostic_of(
    definition: Definition, snapshot: Snapshot, encoding: Encoding
) -> types.Diagnostic | None:
    """The hint at the docstring of `definition`; None where it has none."""
    if definition.docstring is None:
        return None
    start, end = (snapshot.position_at(each, encoding) for each in definition.docstring)
    return types.Diagnostic(
        types.Range(
            types.Position(start.line, start.character), types.Position(end.line, end.character)
        ),
        f"The docstring of {definition.name} is stale: {'; '.join(definition.messages)}",
        types.DiagnosticSeverity.Hint,
        code=_CODE,
        source=_SOURCE,
    )


def is_served(document: Document, settings: Settings, *, is_asked: bool) -> bool:
    """Whether docstrings in `document` are looked at, for a user who has asked or has not."""
    largest = settings.max_document_kb * 1024
    is_small = document.length <= (largest if is_asked else min(largest, _MOST_UNASKED))
    return is_small and document.language not in settings.disabled_languages


class DocstringHints:
    """Looks at documents when the user pauses, if the settings say so."""

    def __init__(
        self, documents: Documents, supervisor: Supervisor, publish: Publish, settings: Settings
    ) -> None:
        """Look at `documents` with `supervisor`, and tell the client by `publish`."""
        self._documents = documents
        self._supervisor = supervisor
        self._publish = publish
        self._settings = settings
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._shown: set[str] = set()

    def switch(self, settings: Settings) -> None:
        """Go on with other settings: look at all documents, or take their hints back."""
        self._settings = settings
        for uri in self._documents.uris:
            self.changed(uri, pause_s=0.0)

    def changed(self, uri: str, pause_s: float = PAUSE_S) -> None:
        """Look at a document once it has been left alone for so long."""
        self._forget(uri)
        document = self._documents.get(uri)
        if self._settings.docstring_hints and document is not None:
            self._tasks[uri] = asyncio.ensure_future(self._look(document, pause_s))
        else:
            self._show(uri, [])

    def closed(self, uri: str) -> None:
        """A document is gone, and its hints with it."""
        self._forget(uri)
        self._show(uri, [])

    def close(self) -> None:
        """Look at nothing any more."""
        for uri in list(self._tasks):
            self._forget(uri)

    def _forget(self, uri: str) -> None:
        task = self._tasks.pop(uri, None)
        if task is not None:
            task.cancel()

    async def _look(self, document: Document, pause_s: float) -> None:
        await asyncio.sleep(pause_s)
        snapshot = document.snapshot()
        found: tuple[Definition, ...] = ()
        if is_served(document, self._settings, is_asked=False):
            try:
                found = await self._supervisor.ask(FindStale(snapshot))
            except CodegenError as error:  # once the model is ready, all are looked at
                _log.debug("no hints: %s", error)
                return
        hints = [diagnostic_of(each, snapshot, self._documents.encoding) for each in found]
        self._show(snapshot.uri, [each for each in hints if each is not None], snapshot.version)

    def _show(self, uri: str, hints: list[types.Diagnostic], version: int | None = None) -> None:
        if hints or uri in self._shown:
            self._publish(types.PublishDiagnosticsParams(uri, hints, version))
        if hints:
            self._shown.add(uri)
        else:
            self._shown.discard(uri)
