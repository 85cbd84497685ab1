"""From the parameters of a completion request to a query, and from its answer to text edits.

Everything is read from the document at once, before the first await: when the next message is
handled, the document may be another.
"""

import re
import time
from dataclasses import dataclass, replace

from lsprotocol import types

from codegen_lsp.completion.reasons import Reason
from codegen_lsp.completion.suggestion import Suggestion
from codegen_lsp.server.asking import Query
from codegen_lsp.server.document_sync import position_of
from codegen_lsp.server.documents import Document
from codegen_lsp.server.protocol import raw_params
from codegen_lsp.server.session import Session
from codegen_lsp.text import Encoding, Position, units

_LINE_END = re.compile(r"[\r\n]")


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the document a suggestion goes.

    Attributes:
        start: of the text that is replaced, if any.
        end: of it.
        typed: what the inserted text begins with, before the suggestion itself.
        behind: what follows `end` on its line.
        encoding: of the positions.
    """

    start: Position
    end: Position
    typed: str
    behind: str
    encoding: Encoding

    def edit(self, suggestion: Suggestion) -> tuple[types.Range, str]:
        """The range to replace and the text to put there."""
        replaced = units(self.behind[: suggestion.replaces], self.encoding)
        start = types.Position(self.start.line, self.start.character)
        end = types.Position(self.end.line, self.end.character + replaced)
        return types.Range(start, end), self.typed + suggestion.text


def read_query(
    session: Session,
    params: types.InlineCompletionParams | types.CompletionParams,
    *,
    is_invoked: bool,
    selected: types.SelectedCompletionInfo | None = None,
) -> tuple[Query, Place] | Reason:
    """What is asked for, or why that cannot be answered.

    Args:
        session: of the client.
        params: of the request.
        is_invoked: the user asked for it, rather than typing on.
        selected: the item selected in the client's completion menu; the suggestion goes on from it.
    """
    arrived = time.perf_counter()
    document = session.documents.get(params.text_document.uri)
    refusal = _refusal(session, document, is_invoked)
    if document is None or refusal is not None:
        return refusal or Reason.UNKNOWN_DOCUMENT
    cursor = position_of(params.position)
    session.folders.asked(document.uri, cursor.line)
    offset = document.offset_at(cursor)
    snapshot = document.snapshot()
    text = snapshot.text
    at = document.clamped(cursor)
    place = Place(at, at, "", _line_behind(text, offset), session.client.encoding)
    if selected is not None:
        ends = (selected.range.start, selected.range.end)
        start, end = (document.clamped(position_of(each)) for each in ends)
        left, right = document.offset_at(start), document.offset_at(end)
        if left <= offset <= right and start.line == end.line:
            place = Place(
                start, end, selected.text, _line_behind(text, right), session.client.encoding
            )
            snapshot = replace(snapshot, text=text[:left] + selected.text + text[right:])
            offset = left + len(selected.text)
    is_menu = isinstance(params, types.CompletionParams)
    method = types.TEXT_DOCUMENT_COMPLETION if is_menu else types.TEXT_DOCUMENT_INLINE_COMPLETION
    return Query(snapshot, offset, cursor, method, is_invoked, arrived), place


def _refusal(session: Session, document: Document | None, is_invoked: bool) -> Reason | None:
    """Why a request is not even looked at."""
    settings = session.resolved.settings
    if document is None:
        return Reason.UNKNOWN_DOCUMENT
    if document.language in settings.disabled_languages or not (is_invoked or settings.automatic):
        return Reason.DISABLED
    if document.length > settings.max_document_kb * 1024:
        return Reason.DOCUMENT_TOO_LARGE
    version = _asked_version()
    return Reason.OUTDATED if version not in (None, document.version) else None


def _asked_version() -> object:
    """The version that clients of the Copilot protocol add to `textDocument`."""
    document = raw_params.get({}).get("textDocument")
    return document.get("version") if isinstance(document, dict) else None


def _line_behind(text: str, offset: int) -> str:
    end = _LINE_END.search(text, offset)
    return text[offset : end.start() if end else len(text)]
