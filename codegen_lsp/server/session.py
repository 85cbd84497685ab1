"""The server as its handlers see it: one client, its documents, its settings and the model."""

import logging
import time
from collections.abc import Sequence
from typing import IO, Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.protocol import default_converter

from codegen_lsp import __version__
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.config import Resolved
from codegen_lsp.server.adapter_watch import AdapterWatch, Found
from codegen_lsp.server.docstring_hints import DocstringHints
from codegen_lsp.server.docstring_work import DocstringWork
from codegen_lsp.server.documents import Documents
from codegen_lsp.server.fates import Fates
from codegen_lsp.server.folders import Folders
from codegen_lsp.server.handshake import COMPLETION_TRIGGERS, Greeting
from codegen_lsp.server.history import Answer, History
from codegen_lsp.server.index_events import IndexEvents
from codegen_lsp.server.model_events import ModelEvents
from codegen_lsp.server.protocol import Protocol
from codegen_lsp.server.recent_edits import RecentEdits
from codegen_lsp.server.recording import Recorder
from codegen_lsp.server.suggester import Suggester
from codegen_lsp.text import Position
from codegen_lsp.worker.messages import Load
from codegen_lsp.worker.status import ModelState, ModelStatus
from codegen_lsp.worker.supervisor import Supervisor

_log = logging.getLogger(__name__)

_MOST_PROBLEMS = 3
_REGISTRATION = "codegen-lsp-completion"
_LOADING_SETTINGS = ("model", "precision", "decoder", "adapter")


class Session(LanguageServer):
    """One client and everything that is kept for it.

    Attributes:
        client: what the client said of itself.
        configuration: where its settings come from.
        resolved: the settings that hold now.
        documents: what it has opened.
        history: what it was answered.
        suggester: answers its requests.
        recorder: of the statistics.
        fates: of its suggestions.
        supervisor: of the process that runs the model.
        docstrings: that are being written.
        hints: at docstrings that are stale.
        events: what the client hears of the model.
        folders: of the client's workspace.
        indexes: what it hears of their indexes.
        adapters: tells which adapter is to be in the model.
        focused: the document that the user looks at, where the client says so.
    """

    protocol: Protocol

    def __init__(self, greeting: Greeting, worker: Sequence[str], log: IO[Any]) -> None:
        """Serve the client greeted; `worker` starts the model's process, which writes to `log`."""
        super().__init__(
            "codegen-lsp", __version__, protocol_cls=Protocol, converter_factory=default_converter
        )
        self.client = greeting.client
        self.configuration = greeting.configuration
        self.resolved = greeting.resolved
        self.documents = Documents(self.client.encoding)
        self.history = History()
        self.events = ModelEvents(self, self.client, self.fetch_model)
        self.indexes = IndexEvents(self, self.client)
        self.supervisor = Supervisor(self._on_model, worker, log)
        self.supervisor.on_indexing = self.indexes.on_indexing
        settings = self.resolved.settings
        self.folders = Folders(
            self.client.folders, self.supervisor.tell, settings, RecentEdits(self.documents)
        )
        self.adapters = AdapterWatch(lambda: self.folders.all)
        self.suggester = Suggester(
            self.documents,
            self.supervisor,
            self.history,
            self.events.on_busy,
            settings,
        )
        self.recorder = Recorder(settings.statistics)
        self.suggester.recalibration = self.recorder.recalibration
        self.fates = Fates(self.documents, self.history, self.suggester.backoff, self.recorder)
        self.docstrings = DocstringWork(self, self.client, self.supervisor)
        publish = self.text_document_publish_diagnostics
        self.hints = DocstringHints(self.documents, self.supervisor, publish, settings)
        self.focused: str | None = None
        self._adapter = Found()  # that the model was started with
        self._reported: set[str] = set()
        self._registered_completion = False

    def start_model(self) -> None:
        """Load the model that the settings name, with the adapter of the workspace if it has one.

        What was made with another adapter is forgotten.
        """
        settings = self.resolved.settings
        found = self.adapters.look(settings)
        if found != self._adapter:
            self._adapter = found
            self.suggester.forget_all()
        names = settings.model, settings.precision, settings.decoder
        self.supervisor.start(Load(*names, found.adapter, found.problem))

    def follow_adapters(self) -> None:
        """Load the model anew whenever another adapter becomes active, or none."""
        self.adapters.start(self._look_for_adapter)

    def fetch_model(self) -> None:
        """Fetch the model, unless it is here: the user has asked for it."""
        state = self.supervisor.status.state
        if state is ModelState.READY:
            return
        if state is ModelState.STOPPED:
            self.start_model()
        self.supervisor.fetch(self.resolved.settings.model_sources.split(","))

    def apply(self, resolved: Resolved) -> None:
        """Go on with other settings; loads another model if they name one."""
        before, now = self.resolved.settings, resolved.settings
        self.resolved = resolved
        if before != now:
            self.suggester.change_settings(now)
            self.folders.change_settings(now)
            self.hints.switch(now)
        self.recorder.switch(on=now.statistics)
        self.report_problems()
        if any(getattr(before, name) != getattr(now, name) for name in _LOADING_SETTINGS):
            self.start_model()
        if self.client.registers_completion:
            self._register_completion(now.completion_fallback)

    def report_problems(self) -> None:
        """Show the user every problem of the settings, once; of many, the first."""
        problems = [each for each in self.resolved.problems if each not in self._reported]
        self._reported.update(problems)
        shown = problems[:_MOST_PROBLEMS]
        if len(problems) > len(shown):
            more = len(problems) - len(shown)
            shown.append(
                f"and {more} more problems of the settings: `codegen-lsp config` shows them"
            )
        for problem in shown:
            _log.warning("settings: %s", problem)
            self.window_show_message(
                types.ShowMessageParams(types.MessageType.Warning, f"codegen-lsp: {problem}")
            )

    def refuse(
        self,
        params: types.InlineCompletionParams | types.CompletionParams,
        reason: Reason,
        *,
        is_invoked: bool,
    ) -> None:
        """Remember why a request was not even looked at; what was under way is still outdated."""
        uri, position = params.text_document.uri, params.position
        self.suggester.supersede(uri)
        document = self.documents.get(uri)
        version = document.version if document else 0
        place = Position(position.line, position.character)
        self.history.add(
            Answer(uri, version, place, is_invoked, time.perf_counter(), reason=reason)
        )

    async def close(self) -> None:
        """End the model's process and everything that still goes on."""
        self.adapters.close()
        self.events.close()
        self.indexes.close()
        self.fates.close()
        self.hints.close()
        self.recorder.close()
        await self.supervisor.close()

    def _on_model(self, status: ModelStatus) -> None:
        self.events.on_change(status)
        if status.state is ModelState.READY:
            self.hints.switch(self.resolved.settings)

    def _look_for_adapter(self) -> None:
        settings, state = self.resolved.settings, self.supervisor.status.state
        # A fetch is not broken off: once it is over, this is asked again.
        if state is not ModelState.FETCHING and self.adapters.look(settings) != self._adapter:
            _log.info("another adapter is active, or none")
            self.start_model()

    def report_server_error(self, error: Exception, source: object) -> None:
        """Log what pygls would show to the user in a popup."""
        _log.error("%s: %s", getattr(source, "__name__", source), type(error).__name__)

    def _register_completion(self, wanted: bool) -> None:
        if wanted == self._registered_completion:
            return
        self._registered_completion = wanted
        method = types.TEXT_DOCUMENT_COMPLETION
        if wanted:
            options = types.CompletionRegistrationOptions(trigger_characters=COMPLETION_TRIGGERS)
            registration = types.Registration(_REGISTRATION, method, options)
            self.client_register_capability(types.RegistrationParams([registration]))
        else:
            ended = types.Unregistration(_REGISTRATION, method)
            self.client_unregister_capability(types.UnregistrationParams([ended]))
