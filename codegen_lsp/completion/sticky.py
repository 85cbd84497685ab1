"""What of other files a document's prompts show, and when that changes.

It stands at the top of every prompt, so a change has the model read the whole prompt anew. While a
user types it therefore stays as it is, to the byte. It is chosen anew where the model has to read
much anyway or has the time: at the first request in a document, when the user turns to another one
and back, at a jump inside one, and after a pause.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from codegen_lsp.context.chosen import NOTHING, Context
from codegen_lsp.text import Snapshot

PAUSE_S = 2.0
JUMP_LINES = 40
_MOST_DOCUMENTS = 32

Choose = Callable[[Snapshot, int], Context | None]
"""What would help at an offset; None: that could not be found out in time."""

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was chosen for a document, and the line of the cursor at that time."""

    context: Context
    line: int


class StickyContext:
    """The contexts of the documents that were completed lately."""

    def __init__(self, choose: Choose, clock: Clock = time.monotonic) -> None:
        """Choose with `choose`; `clock` tells seconds."""
        self._choose = choose
        self._clock = clock
        self._kept: dict[str, _Kept] = {}  # by URI, the least recently chosen first
        self._latest = ""  # the URI of the latest request
        self._rested_at = 0.0
        self._is_chosen_at_rest = False

    def at(self, snapshot: Snapshot, offset: int) -> Context:
        """The context for a request at `offset`, chosen anew where it is time for that."""
        uri = snapshot.uri
        is_same = uri == self._latest
        is_pause = self.seconds_to_pause() <= 0 and not self._is_chosen_at_rest
        kept = self._kept.get(uri)
        jumped = kept is not None and abs(_line(snapshot, offset) - kept.line) > JUMP_LINES
        if kept is None or not is_same or is_pause or jumped:
            self._choose_anew(snapshot, offset)
        self._latest = uri
        self.rest()
        return self.now(uri)

    def now(self, uri: str) -> Context:
        """The context that the document has at present."""
        kept = self._kept.get(uri)
        return NOTHING if kept is None else kept.context

    def rest(self) -> None:
        """The latest request is done: a pause may begin."""
        self._rested_at = self._clock()
        self._is_chosen_at_rest = False

    def seconds_to_pause(self) -> float:
        """How long until it is a pause if no request comes; 0 or less: it is one."""
        return self._rested_at + PAUSE_S - self._clock()

    def choose_at_rest(self, snapshot: Snapshot, offset: int) -> bool:
        """Choose in a pause, before the next request; returns whether something has changed."""
        before = self.now(snapshot.uri)
        self._choose_anew(snapshot, offset)
        self._is_chosen_at_rest = snapshot.uri == self._latest
        return self.now(snapshot.uri) is not before

    def forget(self) -> None:
        """What was chosen does not hold any more."""
        self._kept.clear()

    def _choose_anew(self, snapshot: Snapshot, offset: int) -> None:
        """Choose; the same pieces in another order are no change."""
        kept = self._kept.pop(snapshot.uri, None)
        context = self._choose(snapshot, offset)
        if context is None:
            context = NOTHING if kept is None else kept.context
        elif kept is not None and _shown(kept.context) == _shown(context):
            context = kept.context
        self._kept[snapshot.uri] = _Kept(context, _line(snapshot, offset))
        if len(self._kept) > _MOST_DOCUMENTS:
            del self._kept[next(iter(self._kept))]


def _shown(context: Context) -> tuple[str, str, frozenset[tuple[str, str]]]:
    pieces = frozenset((piece.path, piece.text) for piece in context.pieces)
    return context.repository, context.path, pieces


def _line(snapshot: Snapshot, offset: int) -> int:
    return snapshot.text.count("\n", 0, offset)
