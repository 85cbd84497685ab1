"""Working ahead while the model idles: what follows a suggestion if it is accepted.

The answer goes into the suggestion cache, so that after accepting there is nothing to wait for; a
request for the very place that is being completed takes that over. Behind that the next window of
the buffer is read before it is needed. Any other request ends all of it within one forward pass. It
is never seen by the client as work.
"""

import asyncio
import contextlib
import re
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

import psutil

from codegen_lsp.completion.options import CompletionOptions
from codegen_lsp.completion.suggestion import Suggestion
from codegen_lsp.completion.suggestion_cache import SuggestionCache
from codegen_lsp.engine.base import Statistics
from codegen_lsp.errors import CodegenError
from codegen_lsp.text import Snapshot
from codegen_lsp.worker.supervisor import Supervisor

_INDENT = re.compile(r"[ \t]*")
_POWER_S = 30.0  # between two looks at the battery
_MOST_MADE = 64  # suggestions that are known to have been made ahead


_Place = tuple[str, str, int]
"""URI, whole text, and the offset of the cursor in it."""


class Prefetcher:
    """Works ahead of the user, at one place at a time."""

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor
        self._task: asyncio.Task[None] | None = None
        self._place: _Place | None = None
        self._completing: tuple[_Place, asyncio.Task[list[Suggestion]]] | None = None
        self._made: deque[Statistics] = deque(maxlen=_MOST_MADE)
        self._power_known_until = 0.0
        self._saves_power = False

    def start(
        self,
        snapshot: Snapshot,
        suggestion: Suggestion,
        options: CompletionOptions,
        cache: SuggestionCache,
    ) -> None:
        """Go on behind `suggestion`, which was made for `snapshot`, as if it were accepted.

        Where it is silent there is nothing to accept. In the end, or then at once, the model reads
        what it will soon need if the user types on in the text as it is.
        """
        text = _accepted(snapshot, suggestion)
        place = (snapshot.uri, text, suggestion.offset + len(suggestion.text))
        if place != self._place and not self._on_battery():
            self.stop()
            self._place = place
            self._task = asyncio.ensure_future(self._run(snapshot, suggestion, options, cache))

    def has_made(self, suggestion: Suggestion) -> bool:
        """Whether `suggestion`, or what was cut to become it, was made here.

        The figures of its generation tell, which stay with it whatever was typed along.
        """
        return any(each is suggestion.statistics for each in self._made)

    def stop(self) -> None:
        """A real request needs the model, or what was shown is gone."""
        if self._task is not None:
            self._task.cancel()
            self._task = self._place = None
        if self._completing is not None:
            self._completing[1].cancel()
            self._completing = None

    def take_over(self, snapshot: Snapshot, offset: int) -> "asyncio.Task[list[Suggestion]] | None":
        """What is being completed at this very place, for the caller to await or cancel.

        None if nothing is; whatever else is under way ends.
        """
        found = None
        if self._completing is not None and not self._completing[1].done():
            place, work = self._completing
            if place == (snapshot.uri, snapshot.text, offset):
                found, self._completing = work, None
        self.stop()
        return found

    async def _run(
        self,
        snapshot: Snapshot,
        suggestion: Suggestion,
        options: CompletionOptions,
        cache: SuggestionCache,
    ) -> None:
        with contextlib.suppress(CodegenError):  # the supervisor tells, and nobody waits for this
            if suggestion.text:
                accepted = replace(snapshot, text=_accepted(snapshot, suggestion))
                end = suggestion.offset + len(suggestion.text)
                await self._follow(accepted, end, options, cache)
            await self._supervisor.prepare(snapshot, suggestion.offset)

    async def _follow(
        self, snapshot: Snapshot, offset: int, options: CompletionOptions, cache: SuggestionCache
    ) -> None:
        """Complete where the user is after accepting, and if that is nothing, below."""
        found = await self._complete(snapshot, offset, options, cache)
        if not found[0].text and snapshot.text[offset : offset + 1] in ("", "\r", "\n"):
            # Nothing more on this line: Enter comes next, and editors indent by themselves.
            opened = _with_new_line(snapshot, offset)
            await self._complete(*opened, options, cache)

    async def _complete(
        self, snapshot: Snapshot, offset: int, options: CompletionOptions, cache: SuggestionCache
    ) -> Sequence[Suggestion]:
        prefix, suffix = snapshot.text[:offset], snapshot.text[offset:]
        known = cache.get(prefix, suffix)
        if known:
            return known
        work = asyncio.ensure_future(self._supervisor.complete(snapshot, offset, options))
        self._completing = ((snapshot.uri, snapshot.text, offset), work)
        suggestions = await asyncio.shield(work)  # whoever takes it over goes on with it
        self._made.extend(each.statistics for each in suggestions)
        cache.put(prefix, suffix, suggestions)
        return suggestions

    def _on_battery(self) -> bool:
        now = time.monotonic()
        if now >= self._power_known_until:
            self._power_known_until = now + _POWER_S
            battery = psutil.sensors_battery()
            self._saves_power = battery is not None and battery.power_plugged is False
        return self._saves_power


def _accepted(snapshot: Snapshot, suggestion: Suggestion) -> str:
    """The text after accepting `suggestion`."""
    start, end = suggestion.offset, suggestion.offset + suggestion.replaces
    return snapshot.text[:start] + suggestion.text + snapshot.text[end:]


def _with_new_line(snapshot: Snapshot, offset: int) -> tuple[Snapshot, int]:
    """The text after Enter at `offset`, indented like the line before, and the cursor in it."""
    text = snapshot.text
    line_start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    indent = _INDENT.match(text, line_start, offset)
    opened = ("\r\n" if "\r\n" in text else "\n") + (indent.group() if indent else "")
    return replace(snapshot, text=text[:offset] + opened + text[offset:]), offset + len(opened)
