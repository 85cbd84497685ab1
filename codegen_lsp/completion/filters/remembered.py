"""What the user has lately deleted or rejected at the same place, and is not to be shown again.

Texts are compared without regard to white space. Short ones are forgiven: whoever corrects a slip
of the pen deletes a few characters and types them again.
"""

import re

from codegen_lsp.completion.filters.candidate import Candidate
from codegen_lsp.completion.reasons import Reason

_SHORTEST = 4
"""Characters without white space that a deleted text needs for its return to be unwelcome."""

_ENDS_IN_WORD = re.compile(r"\w\Z")


def just_deleted(candidate: Candidate) -> str | Reason:
    """`candidate`'s text unless it restores what has been deleted: all of it, or whole lines."""
    if any(_restores(candidate.text, deleted) for deleted in candidate.deleted):
        return Reason.JUST_DELETED
    return candidate.text


def just_rejected(candidate: Candidate) -> str | Reason:
    """`candidate`'s text unless it has been rejected, or has more lines but begins with such a one.

    What the user asks for may be shown again.
    """
    if candidate.is_invoked:
        return candidate.text
    if any(_is_known(candidate.text, rejected) for rejected in candidate.rejected):
        return Reason.JUST_REJECTED
    return candidate.text


def _restores(text: str, deleted: str) -> bool:
    if len(_words(deleted)) < _SHORTEST or len(_words(text)) < _SHORTEST:
        return False
    return _is_known(deleted, text) or _begins_with(text, deleted)


def _is_known(text: str, known: str) -> bool:
    """Whether `known` is all of `text`, or some of its first lines."""
    lines, wanted = text.strip().split("\n"), _words(known)
    beginnings = ("".join(lines[:count]) for count in range(len(lines), 0, -1))
    return bool(wanted) and any(_words(beginning) == wanted for beginning in beginnings)


def _begins_with(text: str, known: str) -> bool:
    """Whether `text` is `known`, or has it at its beginning and goes on with another word."""
    start, whole = _words(known), _words(text)
    if not start or not whole.startswith(start):
        return False
    return whole == start or not (_ENDS_IN_WORD.search(start) and _continues_word(text, known))


def _continues_word(text: str, known: str) -> bool:
    """Whether the word that ends `known` goes on in `text`, which begins alike."""
    left = len(_words(known))
    for character in text:
        if not left:
            return character.isalnum() or character == "_"
        left -= not character.isspace()
    return False


def _words(text: str) -> str:
    return "".join(text.split())
