"""What is known of each keystroke of a replay, and the rules by which suggestions are judged.

The rules are fixed beforehand and strict: only exact text counts, similarity earns nothing.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

_WORD = re.compile(r"\s*(?:\w+|[^\w\s]+)")


class Action(StrEnum):
    """What was done just before a request."""

    JUMP = "jump"
    TYPED = "typed"
    ENTER = "enter"
    ACCEPTED = "accepted"


class Kind(StrEnum):
    """Kinds of keystrokes, whose latencies differ."""

    TYPED_ALONG = "typed_along"
    SAME_LINE = "same_line"
    AFTER_ACCEPT = "after_accept"
    NEW_LINE = "new_line"
    JUMP = "jump"


class Fate(StrEnum):
    """What became of a request."""

    SUGGESTED = "suggested"
    SILENT = "silent"
    LATE = "late"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What one answer of the model cost; None: the server does not say."""

    prompt: int
    cached: int
    prefilled: int
    generated: int
    drafted: int | None = None
    accepted: int | None = None


@dataclass(frozen=True, slots=True)
class PeerAnswer:
    """What the other server said to the same keystroke, and after how many milliseconds."""

    text: str
    ms: float


@dataclass(frozen=True, slots=True)
class Keystroke:
    """One request and its answer.

    Attributes:
        piece: number of the piece that is typed.
        position: how many of its characters are there.
        action: what led to it.
        fate: what became of it.
        text: what was suggested; "" for nothing.
        truth: the text that comes next in the file.
        ms: from sending the change to the answer; None if the request was cancelled.
        source: "model" or "cache"; None where nothing was asked, or nobody knows any more.
        tokens: of the model; None where it was not asked.
        is_new: the text was not on the screen already.
        peer: the other server's answer; None without one.
    """

    piece: int
    position: int
    action: Action
    fate: Fate
    text: str
    truth: str
    ms: float | None
    source: str | None
    tokens: Tokens | None = None
    is_new: bool = False
    peer: PeerAnswer | None = None

    @property
    def kind(self) -> Kind:
        """Its kind: jump and accept by what was done, the others also by who answered."""
        return kind_of(self.action, self.source)

    @property
    def is_right(self) -> bool:
        """Whether the whole suggestion is what comes next."""
        return is_right(self.text, self.truth)


def kind_of(action: Action, source: str | None) -> Kind:
    """The kind of a keystroke."""
    if action is Action.JUMP:
        return Kind.JUMP
    if action is Action.ACCEPTED:
        return Kind.AFTER_ACCEPT
    if source == "cache":
        return Kind.TYPED_ALONG
    return Kind.NEW_LINE if action is Action.ENTER else Kind.SAME_LINE


def is_right(text: str, truth: str) -> bool:
    """The rule of acceptance: the whole of `text` comes next."""
    return bool(text) and truth.startswith(text)


def remainder(text: str, typed: str) -> str:
    """What is left to show of a suggestion after `typed`; "" if that is not how it begins."""
    return text[len(typed) :] if text.startswith(typed) else ""


def completes_line(text: str, truth: str) -> bool | None:
    """Whether the first line of `text` is the rest of the line; None where nothing is left of it.

    White space at both ends is not compared.
    """
    line = truth.partition("\n")[0].strip()
    return text.partition("\n")[0].strip() == line if line else None


def right_part(text: str, truth: str) -> tuple[int, int]:
    """As much of a suggestion as can be accepted by whole lines, then by whole words.

    Returns:
        The number of characters, and of keys: one for a line, one for a word.
    """
    shared = 0
    while shared < min(len(text), len(truth)) and text[shared] == truth[shared]:
        shared += 1
    lines = text.count("\n", 0, shared)
    done = text.rfind("\n", 0, shared) + 1
    words = 0
    while (word := _WORD.match(text, done)) and word.end() <= shared:
        done, words = word.end(), words + 1
    return done, lines + words
