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
    LOOPS = "loops"
    REPEATS_NEXT_LINE = "repeats_next_line"
    TRIVIAL = "trivial"
    MARKERS = "markers"
    SECRET = "secret"  # noqa: S105 - a reason
    MIXED_INDENT = "mixed_indent"
    UNBALANCED = "unbalanced"
    SYNTAX_ERROR = "syntax_error"
    JUST_DELETED = "just_deleted"
    JUST_REJECTED = "just_rejected"
    LOW_CONFIDENCE = "low_confidence"
    AFTER_BLOCK = "after_block"
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
    DENIED_FILE = "denied_file"
    NO_DOCSTRING = "no_docstring"

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
    Reason.LOOPS: "the model only repeated itself or the lines above",
    Reason.REPEATS_NEXT_LINE: "the suggested line stands next to the cursor already",
    Reason.TRIVIAL: "the suggestion was punctuation that is there already or leads nowhere",
    Reason.MARKERS: "the model wrote talk or placeholders instead of code",
    Reason.SECRET: "the suggestion held what looks like a key or a password",
    Reason.MIXED_INDENT: "tabs and spaces would be mixed, and it is not clear how to mend that",
    Reason.UNBALANCED: "brackets or quotes would not match those around the suggestion",
    Reason.SYNTAX_ERROR: "the suggestion would bring a syntax error that is not there without it",
    Reason.JUST_DELETED: "the suggestion was what has just been deleted here",
    Reason.JUST_REJECTED: "the same suggestion has just been rejected here",
    Reason.LOW_CONFIDENCE: "it was too unlikely that you would keep the suggestion",
    Reason.AFTER_BLOCK: "a block was just accepted: what comes next is suggested when you type",
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
    Reason.DENIED_FILE: "its name says that it holds secrets, or your settings deny it",
    Reason.NO_DOCSTRING: "no docstring could be written here that passes the checks",
}
