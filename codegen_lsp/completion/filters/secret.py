"""Keys, tokens and passwords, which a model may have learnt or read."""

from codegen_lsp.completion.filters.candidate import Candidate
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.context.secrets import redact
from codegen_lsp.syntax.indentation import last_line

_PLAIN_VALUES = {"dotenv": ".env", "ini": ".ini", "properties": ".properties", "yaml": ".yaml"}
"""Languages whose values stand without quotes, and a file ending that says so."""

_NEAR = 500


def secret(candidate: Candidate) -> str | Reason:
    """No text that holds what looks like a key or a password, or completes one.

    It may stand in the buffer too: a second copy of a key is not wanted either.
    """
    head = last_line(candidate.prefix[-_NEAR:])
    rest = candidate.suffix[:_NEAR].partition("\n")[0]
    path = "a" + _PLAIN_VALUES.get(candidate.language, "")
    text = candidate.text
    is_completed = _has_secret(head + text + rest, path) and not _has_secret(head + rest, path)
    return Reason.SECRET if is_completed or _has_secret(text, path) else text


def _has_secret(text: str, path: str) -> bool:
    return redact(text, path) != text
