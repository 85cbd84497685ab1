"""Why there is no suggestion: every silence has a code that the user can ask for."""

from enum import StrEnum


class Reason(StrEnum):
    """Code of a reason; `meaning` says it in words."""

    EMPTY = "empty"
    WHITESPACE_ONLY = "whitespace_only"
    REPEATS_SUFFIX = "repeats_suffix"
    LEAVES_BLOCK = "leaves_block"
    INCOMPLETE_STATEMENT = "incomplete_statement"
    STRAY_INDENT = "stray_indent"
    OPEN_STRING = "open_string"
    CUTS_OFF = "cuts_off"
    CANCELLED = "cancelled"
    MODEL_LOADING = "model_loading"
    MODEL_MISSING = "model_missing"
    MODEL_FETCHING = "model_fetching"
    ENGINE_FAILED = "engine_failed"
    SUPERSEDED = "superseded"
    OUTDATED = "outdated"
    DISABLED = "disabled"
    UNKNOWN_DOCUMENT = "unknown_document"
    DOCUMENT_TOO_LARGE = "document_too_large"

    @property
    def meaning(self) -> str:
        """One line for people."""
        return _MEANINGS[self]


_MEANINGS = {
    Reason.EMPTY: "the model had nothing to add",
    Reason.WHITESPACE_ONLY: "the model proposed only white space",
    Reason.REPEATS_SUFFIX: "the suggestion was what already follows the cursor",
    Reason.LEAVES_BLOCK: "the model went on behind the end of the block at once",
    Reason.INCOMPLETE_STATEMENT: "the token limit came before the first statement was complete",
    Reason.STRAY_INDENT: "below the suggestion the next line would be indented without a reason",
    Reason.OPEN_STRING: "the suggested line would begin a string and leave it open",
    Reason.CUTS_OFF: "the suggested jump would cut off the statement below it",
    Reason.CANCELLED: "the request was cancelled",
    Reason.MODEL_LOADING: "the model is still loading",
    Reason.MODEL_MISSING: "the model is not on this machine yet",
    Reason.MODEL_FETCHING: "the model is being fetched",
    Reason.ENGINE_FAILED: "the engine failed and is being restarted",
    Reason.SUPERSEDED: "a newer request or change of the document took its place",
    Reason.OUTDATED: "the request was for another version of the document",
    Reason.DISABLED: "suggestions are switched off here by the settings",
    Reason.UNKNOWN_DOCUMENT: "the editor has not opened the document",
    Reason.DOCUMENT_TOO_LARGE: "the document is larger than the setting max_document_kb allows",
}
