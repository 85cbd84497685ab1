"""Typing one piece of a file into a language server as a person with an editor does.

The typist knows the text. At each key it accepts what is on the screen if the whole of it is what
comes next, and types one key otherwise. The server is asked after every key.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from codegen_lsp.evaluate.buffer import Buffer
from codegen_lsp.evaluate.json_rpc import LspError, Message, Pending
from codegen_lsp.evaluate.lsp_client import LspClient, items_of
from codegen_lsp.evaluate.replay_keys import (
    Action,
    Fate,
    Keystroke,
    PeerAnswer,
    Tokens,
    is_right,
    remainder,
)
from codegen_lsp.evaluate.replay_text import Condition, Piece, next_key

AskPeer = Callable[[str, str], PeerAnswer]
"""Asks another server what belongs between two texts."""

_ANSWER_S = 60.0
_TRUTH = 5000
"""As many characters of the text to come are kept with a keystroke: more than any suggestion."""
_TAKEN_BACK = ("superseded", "cancelled", "outdated")


@dataclass(slots=True)
class _Asked:
    """A request, and what is known of it so far."""

    position: int
    action: Action
    cursor: Message
    version: int
    sent: float
    pending: Pending
    displaced: float = math.inf  # when the next key was pressed
    explanation: Message | None = None
    peer: PeerAnswer | None = None

    def item(self) -> Message | None:
        """The suggestion that is shown; None for silence, an error, or no answer so far."""
        if not self.pending.finished(0):
            return None
        try:
            items = items_of(self.pending.wait(0))
        except LspError:
            return None
        place = {"start": self.cursor, "end": self.cursor}
        return next((each for each in items if each.get("range") in (None, place)), None)

    def text(self) -> str:
        item = self.item()
        return str(item["insertText"]) if item else ""

    def fate(self) -> Fate:
        is_late = self.pending.answered_at > self.displaced
        if self.text():
            return Fate.LATE if is_late else Fate.SUGGESTED
        reason = (self.explanation or {}).get("reason") or {}
        is_taken_back = is_late or reason.get("code") in _TAKEN_BACK
        return Fate.CANCELLED if is_taken_back else Fate.SILENT


class Typist:
    """One piece that is being typed; `position` characters of it are there."""

    def __init__(self, client: LspClient, uri: str, piece: Piece, condition: Condition) -> None:
        """Open the document, the cursor where the piece begins and nothing of it there."""
        source = piece.source
        below = piece.below(condition)
        self.position = 0
        self.buffer = Buffer(client, uri, piece.before(), below, source.language)
        self._client = client
        self._length = piece.end - piece.start
        self._truth = piece.truth(condition)
        self._asked: list[_Asked] = []

    @property
    def is_done(self) -> bool:
        """Whether the whole piece is there."""
        return self.position >= self._length

    @property
    def typed(self) -> str:
        """What is there of the piece, and of what follows it if that was suggested."""
        return self._truth[: self.position]

    def choose(self) -> tuple[Action, str]:
        """What to do next, and the text that it adds."""
        shown = self._shown()
        rest = self._truth[self.position :]
        if is_right(shown, rest):
            return Action.ACCEPTED, shown
        key = next_key(self.buffer.before, rest)
        return Action.ENTER if key[0] == "\n" else Action.TYPED, key

    def ask(self, action: Action, key: str) -> None:
        """Do as chosen and ask the server; it then works while we go on."""
        accepted = self._latest_item() if action is Action.ACCEPTED else None
        sent = time.perf_counter()
        if self._asked:
            self._asked[-1].displaced = sent
        if key:
            self.buffer.type(key)
            self.position += len(key)
        if accepted and "command" in accepted:
            self._client.start("workspace/executeCommand", accepted["command"])
        buffer = self.buffer
        self._asked.append(
            _Asked(self.position, action, buffer.cursor, buffer.version, sent, buffer.complete())
        )

    def settle(self, until: float = math.inf) -> None:
        """Wait for the latest answer, at most `until` then; take note of it if it came.

        Raises:
            TimeoutError: there was no limit, and still no answer after a minute.
        """
        asked = self._asked[-1]
        is_patient = until == math.inf
        patience = _ANSWER_S if is_patient else max(until - time.perf_counter(), 0)
        if not asked.pending.finished(patience):
            if is_patient:
                raise TimeoutError(f"the server has not answered for {_ANSWER_S:.0f} s")
            return
        item = asked.item()
        if item:
            self._client.notify("textDocument/didShowCompletion", {"item": item})
        explanation = self._client.explain(self.buffer.uri, asked.cursor).wait(_ANSWER_S)
        if explanation.get("version") == asked.version:
            asked.explanation = explanation

    def note_peer(self, answer: PeerAnswer) -> None:
        """Keep what the other server said to the latest request."""
        self._asked[-1].peer = answer

    def close(self, number: int) -> list[Keystroke]:
        """Close the document; returns what happened, as piece `number`."""
        for asked in self._asked:
            asked.pending.finished(_ANSWER_S)
        self.buffer.close()
        screen: tuple[int, str] = (0, "")
        keystrokes = []
        for asked in self._asked:
            fate, text = asked.fate(), asked.text()
            shown = remainder(screen[1], self._truth[screen[0] : asked.position])
            is_new = bool(text) and text != shown and bool(self._left_on_arrival(asked))
            keystrokes.append(self._keystroke(number, asked, fate, text, is_new))
            if fate is not Fate.CANCELLED:
                screen = (asked.position, text)
        return keystrokes

    def _shown(self) -> str:
        """What is on the screen: what is left of the newest answer that was not taken back."""
        for asked in reversed(self._asked):
            if asked.pending.finished(0) and asked.fate() is not Fate.CANCELLED:
                return remainder(asked.text(), self._truth[asked.position : self.position])
        return ""

    def _latest_item(self) -> Message | None:
        items = (asked.item() for asked in reversed(self._asked))
        return next((item for item in items if item), None)

    def _left_on_arrival(self, asked: _Asked) -> str:
        """What was left of a suggestion when it came; "" if it did not fit any more."""
        arrived = asked.pending.answered_at
        position = max(each.position for each in self._asked if each.sent <= arrived)
        return remainder(asked.text(), self._truth[asked.position : position])

    def _keystroke(
        self, number: int, asked: _Asked, fate: Fate, text: str, is_new: bool
    ) -> Keystroke:
        explanation = asked.explanation or {}
        source = explanation.get("source")
        is_timed = fate in (Fate.SUGGESTED, Fate.SILENT)
        return Keystroke(
            piece=number,
            position=asked.position,
            action=asked.action,
            fate=fate,
            text=text,
            truth=self._truth[asked.position : asked.position + _TRUTH],
            ms=(asked.pending.answered_at - asked.sent) * 1000 if is_timed else None,
            source=source,
            tokens=_tokens(explanation["tokens"]) if source == "model" else None,
            is_new=is_new,
            peer=asked.peer,
        )


def at_leisure(typist: Typist, most: int, peer: AskPeer | None = None) -> None:
    """Type up to `most` keys, each when the answer to the one before is there.

    `peer` is asked at every key too; the two take turns in being the first.
    """
    action, key = Action.JUMP, ""
    for number in range(most + 1):
        before = typist.buffer.before + key
        is_peer_first = number % 2 == 1
        answer = peer(before, typist.buffer.after) if peer and is_peer_first else None
        typist.ask(action, key)
        typist.settle()
        if peer:
            typist.note_peer(answer or peer(before, typist.buffer.after))
        if typist.is_done:
            break
        action, key = typist.choose()


def at_pace(typist: Typist, most: int, interval: float) -> None:
    """Type up to `most` keys, one every `interval` seconds, whatever the server does."""
    action, key = Action.JUMP, ""
    due = time.perf_counter()
    for _ in range(most + 1):
        typist.ask(action, key)
        due += interval
        typist.settle(until=due)
        time.sleep(max(due - time.perf_counter(), 0))
        if typist.is_done:
            break
        action, key = typist.choose()
    typist.settle()  # whoever has finished looks at the last answer


def _tokens(tokens: Any) -> Tokens:
    known: dict[str, Any] = {name: tokens.get(name) for name in Tokens.__dataclass_fields__}
    return Tokens(**known)
