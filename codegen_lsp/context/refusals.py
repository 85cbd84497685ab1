"""Why a file is not read: every refusal has a code that the user can ask for."""

from enum import StrEnum


class Refusal(StrEnum):
    """Code of a refusal; `meaning` says it in words."""

    OUTSIDE = "outside"
    DENIED = "denied"
    IGNORED = "ignored"
    GENERATED = "generated"
    TOO_LARGE = "too_large"
    BINARY = "binary"
    MINIFIED = "minified"
    UNREADABLE = "unreadable"

    @property
    def meaning(self) -> str:
        """One line for people."""
        return _MEANINGS[self]


_MEANINGS = {
    Refusal.OUTSIDE: "the file is outside the workspace, or a link leads there",
    Refusal.DENIED: "files of that name hold secrets, or your settings deny it",
    Refusal.IGNORED: "an ignore file names it, or it is in a cache or an environment",
    Refusal.GENERATED: "a program wrote it",
    Refusal.TOO_LARGE: "the file is larger than 1 MB",
    Refusal.BINARY: "the file is not text in UTF-8",
    Refusal.MINIFIED: "its lines are too long to be written by hand",
    Refusal.UNREADABLE: "the file cannot be read, is gone, or is not a plain file",
}
