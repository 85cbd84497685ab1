"""Where a docstring goes in its document, and the proof that nothing else changes with it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from codegen_lsp.syntax.parsing import parse
from codegen_lsp.syntax.remainder import remainder
from codegen_lsp.syntax.signatures.facts import Documentable, Existing
from codegen_lsp.text import line_ending

_TYPES = ("class", "interface", "struct", "enum")
_COMMENT = re.compile(r"[ \t\f]*#[^\r\n]*")
_LINE_END = re.compile(r"[ \t\f]*(\r\n|\n|\r)")
_LONE_RETURN = re.compile(r"\r(?!\n)")
_CONTINUED = re.compile(r"\\(?:\r\n|\n|\r)")


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of a text.

    Attributes:
        start: offset of the first character that gives way.
        end: behind the last; `start` if none does.
        text: what comes.
    """

    start: int
    end: int
    text: str


def insertion(text: str, documentable: Documentable, lines: Sequence[str]) -> Edit:
    """The edit that documents a definition of `text` that has no documentation.

    Above it, the lines go before its own. Inside, they follow its header and what comment may stand
    there; a body on the header's line gets lines of its own. Blank lines behind the header go, and
    in a class one comes behind the docstring, as PEP 257 wants it.
    """
    ending = line_ending(text)
    written = ending.join(lines)
    at = documentable.insert_at
    if documentable.placement == "above":
        return Edit(at, at, written + ending)
    parting = ending if documentable.kind in _TYPES else ""
    body = documentable.body[0] if documentable.body else at
    if body > at and not re.search(r"[\r\n#]", _CONTINUED.sub("", text[at:body])):
        return Edit(at, body, f"{ending}{written}{ending}{parting}{documentable.indent}")
    return _below_header(text, at, f"{ending}{written}", parting)


def replacement(existing: Existing, text: str) -> Edit:
    """The edit that puts `text` in the place of documentation that is there."""
    return Edit(existing.start, existing.end, text)


def applied(text: str, edits: Sequence[Edit]) -> str:
    """`text` after `edits`, which do not overlap."""
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def only_documentation_changes(language: str, text: str, edits: Sequence[Edit]) -> bool:
    """Whether `edits` leave all but documentation, and white space around it, as it is.

    The trees before and after are compared, without comments and strings at the places of `edits`.
    """
    ordered = sorted(edits, key=lambda edit: edit.start)
    # A lone "\r" ends a line, but not for the grammars; lengths stay.
    before = parse(language, _LONE_RETURN.sub("\n", text))
    after = parse(language, _LONE_RETURN.sub("\n", applied(text, ordered)))
    if before is None or after is None:
        return False
    places, shift = [], 0
    for edit in ordered:
        places.append((edit.start + shift, edit.start + shift + len(edit.text)))
        shift += len(edit.text) - (edit.end - edit.start)
    old_places = [(edit.start, edit.end) for edit in ordered]
    return remainder(before, old_places) == remainder(after, places)


def _below_header(text: str, at: int, written: str, parting: str) -> Edit:
    """The edit that puts `written` between a header's line and the first that is not blank."""
    comment = _COMMENT.match(text, at)
    start = comment.end() if comment else at
    line_end = _LINE_END.match(text, start)
    if line_end is None:
        return Edit(start, len(text), written)
    end = line_end.end()
    while (blank := _LINE_END.match(text, end)) is not None:
        end = blank.end()
    return Edit(start, end, f"{written}{line_end[1]}{parting}")
