"""Why a definition gets no docstring: every refusal has a code and says itself in words."""

from enum import StrEnum


class Reason(StrEnum):
    """Code of a reason; `meaning` says it in words."""

    PROBLEM = "problem"
    OVERLOAD = "overload"
    AGREES = "agrees"
    UNREADABLE = "unreadable"
    CANCELLED = "cancelled"
    NO_WORDS = "no_words"
    CODE_CHANGED = "code_changed"
    MISPLACED = "misplaced"
    DISAGREES = "disagrees"

    @property
    def meaning(self) -> str:
        """One line for people."""
        return _MEANINGS[self]


_MEANINGS = {
    Reason.PROBLEM: "the definition cannot be documented as it stands",
    Reason.OVERLOAD: "a signature of an overload has no docstring: the implementation has it",
    Reason.AGREES: "its docstring agrees with it already",
    Reason.UNREADABLE: "its docstring cannot be mended without writing it anew",
    Reason.CANCELLED: "the request was cancelled",
    Reason.NO_WORDS: "a sentence that was wanted is missing",
    Reason.CODE_CHANGED: "more than the documentation would change",
    Reason.MISPLACED: "a docstring there would not be read as that of the definition",
    Reason.DISAGREES: "the docstring would still disagree with the signature",
}
