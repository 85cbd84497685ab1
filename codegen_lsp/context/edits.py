"""Edits: what the user has just changed elsewhere, as a compact diff.

Where a name or a parameter was changed in one place, its other places are likely next.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from codegen_lsp.context.chosen import Piece
from codegen_lsp.context.locating import locate
from codegen_lsp.context.place import SHOWN_AFTER, SHOWN_BEFORE
from codegen_lsp.context.secrets import redact
from codegen_lsp.text import RecentEdit, Snapshot

_SCORE = 0.35  # see `candidates.TRUST`: below what is needed, above what may be
_MOST_CHARACTERS = 384  # about 120 tokens, of all files together


def edited(
    edits: Sequence[RecentEdit], root: Path, name: str, snapshot: Snapshot, offset: int
) -> Iterator[Piece]:
    """A piece for each file that was edited, of what the prompt does not show anyway.

    Args:
        edits: the latest first.
        root: the workspace folder; files elsewhere are left out.
        name: of the document's own file.
        snapshot: the document.
        offset: of the cursor in it.
    """
    texts: dict[str, list[str]] = {}
    left = _MOST_CHARACTERS
    for edit in edits:
        located = locate(edit.path.as_uri(), [root])
        if located is None:
            continue
        file = located[1]
        if file == name and not _is_out_of_sight(edit.after, snapshot.text, offset):
            continue
        text = _diff(edit, file)
        if text and len(text) < left:
            left -= len(text) + 1
            texts.setdefault(file, []).append(text)
    for file, parts in texts.items():
        yield Piece(file, "\n".join(parts), "edit", _SCORE)


def _diff(edit: RecentEdit, file: str) -> str:
    """The lines removed and added, secrets redacted; "" where only a secret has changed."""
    before, after = redact(edit.before, file), redact(edit.after, file)
    if before == after:
        return ""
    return "\n".join([*_marked("- ", before), *_marked("+ ", after)])


def _marked(mark: str, text: str) -> Iterator[str]:
    return (mark + line for line in text.split("\n") if line.strip())


def _is_out_of_sight(after: str, text: str, offset: int) -> bool:
    """Whether `after` still stands in `text`, but nowhere that the prompt shows."""
    at = len(text[:offset].replace("\r\n", "\n"))
    text = text.replace("\r\n", "\n")
    shown = text[max(at - SHOWN_BEFORE, 0) : at + SHOWN_AFTER]
    return bool(after.strip()) and after in text and after not in shown
