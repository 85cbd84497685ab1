"""Docstrings in the model's process: what could have one, and the edits that write them."""

import re
import threading
from collections.abc import Callable, Mapping
from typing import cast

from codegen_lsp.completion.reasons import Reason
from codegen_lsp.completion.suggestion import Suggestion, silence
from codegen_lsp.docstrings.content import StyleName
from codegen_lsp.docstrings.detecting import StyleSetting
from codegen_lsp.docstrings.documenting import Documenter, Outcome
from codegen_lsp.docstrings.findings import Options, inspect
from codegen_lsp.docstrings.opening import opened
from codegen_lsp.docstrings.reading import read
from codegen_lsp.docstrings.reasons import Reason as Refusal
from codegen_lsp.docstrings.usual import usual_or
from codegen_lsp.docstrings.words import Code, Wanted, Words
from codegen_lsp.engine.base import Statistics
from codegen_lsp.syntax.signatures.facts import Documentable
from codegen_lsp.text import Snapshot
from codegen_lsp.worker.docstring_messages import (
    Definition,
    Document,
    Documented,
    FindDefinitions,
    FindStale,
    Question,
    Refused,
)
from codegen_lsp.worker.surroundings import Surroundings

WriteFunction = Callable[[Code, Wanted, threading.Event], Words]

_LINE_END = re.compile(r"[\r\n]|\Z")


class Docstrings:
    """Answers what is asked about docstrings, one question at a time."""

    def __init__(self, words: WriteFunction, surroundings: Surroundings) -> None:
        """Write with `words`; `surroundings` tell the setting and what other files say."""
        self._words = words
        self._surroundings = surroundings

    def answer(
        self, question: Question, cancel: threading.Event
    ) -> tuple[Definition, ...] | Documented | Refused:
        """See the messages themselves; of a denied file nothing is told."""
        is_denied = self._surroundings.denies(question.snapshot.uri)
        match question:
            case Document() if is_denied:
                return Refused(Reason.DENIED_FILE.meaning)
            case Document(snapshot, start):
                return self._documented(snapshot, start, cancel)
            case _ if is_denied:
                return ()
            case FindDefinitions(snapshot, offset):
                return self._around(snapshot, offset)
            case FindStale(snapshot):
                return tuple(self._stale(snapshot, is_complete=False).values())

    def complete(
        self, snapshot: Snapshot, offset: int, cancel: threading.Event
    ) -> Suggestion | None:
        """The docstring whose opening quotes or marks end at `offset`; None if none do."""
        begun = opened(snapshot.language, snapshot.text, offset)
        if begun is None:
            return None
        without = Snapshot(snapshot.uri, snapshot.version, snapshot.language, begun.text)
        outcome = self._outcome(without, begun.documentable, cancel)
        if outcome.reason is Refusal.CANCELLED:
            return silence(offset, Reason.CANCELLED)
        text = None if outcome.edit is None else begun.rest(outcome.text)
        if not text:
            return silence(offset, Reason.NO_DOCSTRING)
        replaces = len(begun.closer)
        return Suggestion(text, offset, replaces, None, None, Statistics(), None, (), 0.0)

    def _documented(
        self, snapshot: Snapshot, start: int, cancel: threading.Event
    ) -> Documented | Refused:
        definitions = read(snapshot.language, snapshot.text).definitions
        documentable = next((each for each in definitions if each.start == start), None)
        if documentable is None:
            return Refused("there is no definition any more")
        outcome = self._outcome(snapshot, documentable, cancel)
        if outcome.edit is None:
            said = outcome.reason.meaning if outcome.reason else ""
            return Refused(f"{said}: {outcome.detail}" if outcome.detail else said)
        return Documented(outcome.edit.start, outcome.edit.end, outcome.edit.text)

    def _outcome(
        self, snapshot: Snapshot, documentable: Documentable, cancel: threading.Event
    ) -> Outcome:
        usage = self._surroundings.usage(snapshot, documentable.name)
        callers, style = (usage.callers, usage.style) if usage else ((), None)
        usual = self._usual(snapshot, {snapshot.language: style} if style else {})
        documenter = Documenter(self._words, usual=usual)
        return documenter.document(snapshot, documentable, cancel, callers)

    def _usual(self, snapshot: Snapshot, usual: Mapping[str, StyleName]) -> Mapping[str, StyleName]:
        setting = cast("StyleSetting", self._surroundings.docstring_style)
        return usual_or(setting, [snapshot.language], usual)

    def _around(self, snapshot: Snapshot, offset: int) -> tuple[Definition, ...]:
        """What could be done about the definitions that `offset` is in, the innermost first."""
        stale = self._stale(snapshot, is_complete=True)
        found = [
            _definition(each, snapshot, ()) if each.existing is None else stale.get(each.start)
            for each in read(snapshot.language, snapshot.text).definitions
            if each.first <= offset <= each.end and _can_be_documented(each)
        ]
        return tuple(each for each in reversed(found) if each is not None)

    def _stale(self, snapshot: Snapshot, *, is_complete: bool) -> dict[int, Definition]:
        """The docstrings that disagree, by the start of their definition."""
        options = Options(usual=self._usual(snapshot, {}), is_complete=is_complete)
        findings = inspect(snapshot, options)
        return {
            each.documentable.start: _definition(each.documentable, snapshot, each.messages)
            for each in findings
            if each.code == "stale"
        }


def _definition(
    documentable: Documentable, snapshot: Snapshot, messages: tuple[str, ...]
) -> Definition:
    existing, line = documentable.existing, None
    if existing is not None:
        end = _LINE_END.search(snapshot.text, existing.start, existing.end)
        line = existing.start, end.start() if end else existing.end
    return Definition(documentable.name, documentable.start, line, messages)


def _can_be_documented(documentable: Documentable) -> bool:
    is_bare = documentable.is_overload and documentable.placement == "inside"
    return not documentable.problem and not is_bare
