"""What becomes of suggestions: followed from the answer until nothing more can happen to them.

Requests that follow each other while the user types along a suggestion are one suggestion. Half a
minute after its end it is recorded, with how much of what was accepted still stands.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from codegen_lsp.completion.reasons import Reason
from codegen_lsp.server.backoff import Backoff
from codegen_lsp.server.documents import Document, Documents
from codegen_lsp.server.edits import Edit, Span, around
from codegen_lsp.server.fate import Fate, Sent, follow, is_along, record_of, trigger_kind
from codegen_lsp.server.history import Answer, History
from codegen_lsp.server.recording import Recorder, language_code
from codegen_lsp.statistics.records import Outcome
from codegen_lsp.text import Encoding, index_of

KEPT_AFTER_S = 30.0

_MOST_IDS = 64  # of one suggestion: one for each key typed along it
# The user has not seen an answer of these kinds, or not where it was asked for.
_UNDECIDED = (Reason.SUPERSEDED, Reason.OUTDATED, Reason.CANCELLED, Reason.UNKNOWN_DOCUMENT)


class Fates:
    """Follows the suggestions of one client; to be used in an event loop."""

    def __init__(
        self, documents: Documents, history: History, backoff: Backoff, recorder: Recorder
    ) -> None:
        """Hear from `history` of answers and outcomes, tell `backoff` at once, `recorder` later."""
        self._documents = documents
        self._history = history
        self._backoff = backoff
        self._recorder = recorder
        self._current: dict[str, Fate] = {}  # by document
        self._all: defaultdict[str, list[Fate]] = defaultdict(list)  # by document
        self._by_id: dict[str, Fate] = {}
        self._tells_shown = False  # whether the client does, which few do
        history.on_answer = self._on_answer
        history.on_outcome = self._on_outcome

    def edited(self, uri: str, edits: Sequence[Edit]) -> None:
        """A document was changed."""
        document = self._documents.get(uri)
        if document is None:
            return
        self._recorder.inserted(document.language, sum(edit.inserted for edit in edits))
        for fate in self._all.get(uri, ()):
            for edit in edits:
                end = edit.offset + edit.removed
                fate.is_left |= edit.offset < fate.place.start <= end
                fate.place = around(fate.place, edit)
            for sent in fate.sent.values():
                follow(sent, edits, document)

    def closed(self, uri: str) -> None:
        """A document is gone; nothing more becomes of what was suggested in it."""
        for fate in list(self._all.get(uri, ())):
            self._finish(fate, is_watched=False)

    def close(self) -> None:
        """The client is gone."""
        for uri in list(self._all):
            self.closed(uri)

    def _on_answer(self, answer: Answer) -> None:
        document = self._documents.get(answer.uri)
        if answer.reason is not None:
            language = document.language if document else "unknown"
            self._recorder.silence(language, trigger_kind(answer), answer.reason)
        if document is None or answer.reason in _UNDECIDED:
            return
        offset = document.offset_at(answer.position)
        current = self._current.get(answer.uri)
        if current is not None and not is_along(current, document, offset):
            if current.outcome.rank < Outcome.IGNORED.rank:
                self._history.note(next(reversed(current.sent)), Outcome.IGNORED)
            self._end(current)
            current = None
        if answer.suggestions:
            self._take(current, answer, document, offset)

    def _take(self, current: Fate | None, answer: Answer, document: Document, offset: int) -> None:
        """Follow the suggestions of `answer`; they may go on with the `current` one."""
        sent = {
            id_: Sent(each.text, Span(offset, offset + each.replaces))
            for id_, each in zip(answer.ids, answer.suggestions, strict=True)
        }
        first = answer.suggestions[0].text
        if current is not None:
            typed = document.snapshot().text[current.place.start : offset]
            if typed + first in current.texts:
                self._join(current, sent)
                return
            self._end(current)
        language = language_code(document.language)
        texts = tuple(each.text for each in answer.suggestions)
        fate = Fate(answer, language, date.today(), texts, Span(offset, offset))
        self._current[answer.uri] = fate
        self._all[answer.uri].append(fate)
        self._join(fate, sent)

    def _join(self, fate: Fate, sent: dict[str, Sent]) -> None:
        fate.sent |= sent
        self._by_id |= dict.fromkeys(sent, fate)
        untaken = [id_ for id_, each in fate.sent.items() if not each.taken]
        surplus = max(len(fate.sent) - _MOST_IDS, 0)
        for id_ in untaken[1 : 1 + surplus]:  # the first has the whole text
            del fate.sent[id_], self._by_id[id_]

    def _on_outcome(self, id_: str, outcome: Outcome, accepted_length: int) -> None:
        fate = self._by_id.get(id_)
        if fate is None:
            return
        if outcome.is_acceptance:
            self._accept(fate, fate.sent[id_], outcome, accepted_length)
        # Whoever deals with a suggestion has seen it; one that is ignored may never have been.
        fate.is_shown |= outcome is not Outcome.IGNORED
        self._tells_shown |= outcome is Outcome.SHOWN
        if outcome.rank > fate.outcome.rank:
            fate.outcome = outcome
            if not fate.answer.is_invoked:
                self._backoff.note(outcome, time.monotonic())
        if outcome in (Outcome.ACCEPTED, Outcome.REJECTED):
            self._end(fate)

    def _accept(self, fate: Fate, sent: Sent, outcome: Outcome, accepted_length: int) -> None:
        sent.taken, sent.spans = sent.text, None
        if outcome is Outcome.PARTIALLY_ACCEPTED:
            sent.taken = sent.text[: index_of(sent.text, accepted_length, Encoding.UTF16)]
        document = self._documents.get(fate.answer.uri)
        if document is not None:
            follow(sent, (), document)

    def _end(self, fate: Fate) -> None:
        """Nothing more is asked of `fate`; what is told of it late still counts."""
        if self._current.get(fate.answer.uri) is fate:
            del self._current[fate.answer.uri]
        if fate.timer is not None:
            fate.timer.cancel()
        loop = asyncio.get_running_loop()
        fate.timer = loop.call_later(KEPT_AFTER_S, self._finish, fate)

    def _finish(self, fate: Fate, is_watched: bool = True) -> None:
        """Record `fate`; `is_watched` if its document could be followed to the end."""
        uri = fate.answer.uri
        if fate.timer is not None:
            fate.timer.cancel()
        self._all[uri].remove(fate)
        if not self._all[uri]:
            del self._all[uri]
        if self._current.get(uri) is fate:
            del self._current[uri]
        for id_ in fate.sent:
            del self._by_id[id_]
        is_seen = fate.is_shown or not self._tells_shown
        self._recorder.suggestion(record_of(fate, is_watched=is_watched, is_seen=is_seen))
