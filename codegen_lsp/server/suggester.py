"""One request for a completion, from the snapshot to the answer; no protocol is known here.

In a document the newest request wins: an older one is answered at once, empty, and the model stops
working on it. The same holds when the document changes, since the answer would no longer fit.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from codegen_lsp.completion.reasons import Reason
from codegen_lsp.completion.suggestion import Suggestion
from codegen_lsp.completion.suggestion_cache import SuggestionCache
from codegen_lsp.config import Settings
from codegen_lsp.errors import CodegenError
from codegen_lsp.server.asking import Query, automatic_options, options_for
from codegen_lsp.server.backoff import Backoff
from codegen_lsp.server.debounce import TypingRhythm
from codegen_lsp.server.documents import Documents
from codegen_lsp.server.history import Answer, History, Source
from codegen_lsp.server.prefetch import Prefetcher
from codegen_lsp.server.restraint import Restraint, sure_ones
from codegen_lsp.statistics.recalibration import Recalibration
from codegen_lsp.worker.status import ModelState, NotReadyError
from codegen_lsp.worker.supervisor import Supervisor

_log = logging.getLogger(__name__)

_SOON_FORGOTTEN = (Reason.JUST_DELETED, Reason.JUST_REJECTED)  # hold for minutes only


@dataclass(frozen=True, slots=True)
class _Found:
    """Suggestions, all of them with text, or one without and its reason."""

    suggestions: Sequence[Suggestion]
    source: Source | None = None
    reason: Reason | None = None
    waited_s: float = 0.0


class Suggester:
    """Answers queries from the cache or from the model.

    Attributes:
        settings: that hold now.
        backoff: to be told what became of suggestions.
        restraint: to be told of accepted ones.
        recalibration: tells how confidence is corrected for this user.
        prefetcher: works ahead; to be stopped where something else needs the model.
    """

    def __init__(
        self,
        documents: Documents,
        supervisor: Supervisor,
        history: History,
        on_busy: Callable[[bool], None],
        settings: Settings,
    ) -> None:
        """Tell `on_busy` when the model begins and ends to work."""
        self.settings = settings
        self.backoff = Backoff()
        self.restraint = Restraint(history, time.monotonic)
        self.recalibration: Callable[[], Recalibration] = Recalibration
        self._documents = documents
        self._supervisor = supervisor
        self._history = history
        self._on_busy = on_busy
        self._rhythm = TypingRhythm()
        self.prefetcher = Prefetcher(supervisor)
        self._caches: dict[str, SuggestionCache] = {}
        self._running: dict[tuple[str, str], asyncio.Task[_Found]] = {}  # by document and method

    def changed(self, uri: str) -> None:
        """The document has changed: what is under way for it is of no use any more."""
        self._rhythm.note(time.monotonic())
        self.supersede(uri)

    def edited(self, uri: str, before: str, after: str) -> None:
        """What was deleted is not suggested again for a while, not even from memory."""
        if self.restraint.edited(uri, before, after):
            self._caches.pop(uri, None)

    def rejected(self, id_: str) -> None:
        """A suggestion was dismissed: it is not shown again for a while."""
        if uri := self.restraint.rejected(id_):
            self._caches.pop(uri, None)

    def supersede(self, uri: str) -> None:
        """What is under way for the document is of no use any more."""
        for key in [key for key in self._running if key[0] == uri]:
            self._running.pop(key).cancel()

    def change_settings(self, settings: Settings) -> None:
        """Go on with other settings: what was made under the old ones may not hold any more."""
        self.settings = settings
        self.forget_all()

    def forget_all(self) -> None:
        """End what is under way and suggest nothing again that was made until now."""
        self.prefetcher.stop()
        self._caches.clear()
        for uri, _ in list(self._running):
            self.supersede(uri)

    def closed(self, uri: str) -> None:
        """The document is gone."""
        self.supersede(uri)
        self.prefetcher.stop()
        self._caches.pop(uri, None)
        self.restraint.closed(uri)
        self._history.forget(uri)

    async def suggest(self, query: Query) -> Answer:
        """Answer `query`.

        Raises:
            CancelledError: the task that waits was cancelled.
        """
        uri = query.snapshot.uri
        found = self._unasked(query) or self._remembered(query)
        if found is None:
            found = await self._as_latest(query, asyncio.ensure_future(self._generate(query)))
        else:
            self._supersede_by(query)
        document = self._documents.get(uri)
        if document is None or document.version != query.snapshot.version:
            found = replace(found, suggestions=(), reason=found.reason or Reason.OUTDATED)
        answer = self._answer(uri, query, found)
        if document is not None:
            self._history.add(answer)
        # Another request may be waiting for the model: it comes first.
        is_idle = not self._running
        if answer.origin is not None and self.settings.prefetch and is_idle:
            cache = self._caches.setdefault(uri, SuggestionCache())
            # Behind what is not shown there is nothing to go on with.
            shown = answer.origin if answer.suggestions else replace(answer.origin, text="")
            self.prefetcher.start(query.snapshot, shown, automatic_options(self.settings), cache)
        _log.info(
            "answered %s: %s in %.1f ms", uri, answer.reason or answer.source, answer.total_ms
        )
        return answer

    def _unasked(self, query: Query) -> _Found | None:
        """Silence where the user has just accepted a block and has not typed on."""
        is_behind = self.restraint.is_behind_block(query.snapshot.uri, query.parts[0])
        is_silent = is_behind and not query.is_invoked
        return _Found((), reason=Reason.AFTER_BLOCK) if is_silent else None

    def _remembered(self, query: Query) -> _Found | None:
        cache = self._caches.get(query.snapshot.uri)
        if cache is None:
            return None
        known = cache.get(*query.parts)
        if not query.is_invoked:
            known = known[:1]
        is_enough = len(known) > (1 if query.is_invoked else 0)
        return _Found(known, "cache") if is_enough else None

    def _supersede_by(self, query: Query) -> tuple[str, str]:
        """End what `query` takes the place of; returns under which key it runs."""
        key = (query.snapshot.uri, query.method)
        if key in self._running:
            self._running.pop(key).cancel()
        return key

    async def _as_latest(self, query: Query, work: "asyncio.Task[_Found]") -> _Found:
        """Wait for `work` as what is under way for the document, until something newer comes."""
        key = self._supersede_by(query)
        self._running[key] = work
        try:
            found = await work
            # Superseded between its end and now, it could not be cancelled any more.
            is_latest = self._running.get(key) is work
            return found if is_latest else _Found((), reason=Reason.SUPERSEDED)
        except asyncio.CancelledError:
            awaiting = asyncio.current_task()
            if awaiting is not None and awaiting.cancelling():  # by the client, not by us
                raise
            return _Found((), reason=Reason.SUPERSEDED)
        finally:
            if self._running.get(key) is work:
                del self._running[key]

    async def _generate(self, query: Query) -> _Found:
        begun = None
        if not query.is_invoked:
            begun = self.prefetcher.take_over(query.snapshot, query.offset)
        waited_s = 0.0 if begun else self._delay(query)
        if waited_s:
            await asyncio.sleep(waited_s)
        self.prefetcher.stop()
        occupies = self._is_ready()
        if occupies:
            self._on_busy(True)
        try:
            suggestions = await (begun or self._complete(query))
        except NotReadyError as error:
            return _Found((), reason=error.reason, waited_s=waited_s)
        except CodegenError as error:
            _log.error("no completion: %s", error)
            return _Found((), reason=Reason.ENGINE_FAILED, waited_s=waited_s)
        finally:
            if occupies:
                self._on_busy(False)
        if suggestions[0].reason not in _SOON_FORGOTTEN:
            cache = self._caches.setdefault(query.snapshot.uri, SuggestionCache())
            cache.put(*query.parts, suggestions)
        return _Found(suggestions, "model", waited_s=waited_s)

    async def _complete(self, query: Query) -> list[Suggestion]:
        return await self._supervisor.complete(
            query.snapshot, query.offset, options_for(query, self.settings, self.restraint)
        )

    def _is_ready(self) -> bool:
        return self._supervisor.status.state is ModelState.READY

    def _delay(self, query: Query) -> float:
        if query.is_invoked or not self._is_ready():
            return 0.0
        now = time.monotonic()
        longest = self.settings.debounce_ms / 1000 * self.backoff.factor(now)
        return self._rhythm.delay(now, longest)

    def _answer(self, uri: str, query: Query, found: _Found) -> Answer:
        with_text = tuple(each for each in found.suggestions if each.text)
        if not query.is_invoked:
            sure = sure_ones(with_text, self.settings.eagerness, self.recalibration())
            if with_text and not sure:
                found = replace(found, reason=Reason.LOW_CONFIDENCE)
            with_text = sure
        origin = found.suggestions[0] if found.suggestions else None
        silence = found.reason or (origin.reason if origin else Reason.EMPTY)
        return Answer(
            uri=uri,
            version=query.snapshot.version,
            position=query.position,
            is_invoked=query.is_invoked,
            arrived=query.arrived,
            suggestions=with_text,
            ids=self._history.new_ids(with_text),
            reason=None if with_text else silence,
            source=found.source,
            origin=origin,
            is_ahead=origin is not None
            and found.source == "cache"
            and self.prefetcher.has_made(origin),
            waited_ms=found.waited_s * 1000,
            total_ms=(time.perf_counter() - query.arrived) * 1000,
        )
