"""What is asked of the server, and what it then asks of the model."""

from dataclasses import dataclass, replace

from codegen_lsp.completion.options import CompletionOptions
from codegen_lsp.config import Settings
from codegen_lsp.server.restraint import Restraint
from codegen_lsp.text import Position, Snapshot

_PATIENCE_S = 1.0
"""As long as whoever asked may be kept waiting for something more to choose from."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for.

    Attributes:
        snapshot: the document, with the selected completion item in place if there is one.
        offset: of the cursor in it.
        position: of the cursor in the document, in the client's units.
        method: of the protocol; an editor may use two at once.
        is_invoked: the user asked for it, rather than typing on.
        arrived: when the request came, on the performance counter.
    """

    snapshot: Snapshot
    offset: int
    position: Position
    method: str
    is_invoked: bool
    arrived: float

    @property
    def parts(self) -> tuple[str, str]:
        """The text before and behind the cursor."""
        return self.snapshot.text[: self.offset], self.snapshot.text[self.offset :]

    @property
    def line(self) -> str:
        """The line that the cursor is in."""
        text, offset = self.snapshot.text, self.offset
        end = text.find("\n", offset)
        return text[text.rfind("\n", 0, offset) + 1 : end if end >= 0 else len(text)]


def automatic_options(settings: Settings) -> CompletionOptions:
    """How to complete where nobody has asked."""
    return CompletionOptions(
        settings.multiline,
        settings.max_new_tokens,
        time_limit_s=settings.time_limit_ms / 1000,
    )


def options_for(query: Query, settings: Settings, restraint: Restraint) -> CompletionOptions:
    """How to complete for `query`."""
    uri, line = query.snapshot.uri, query.position.line
    deleted, rejected = restraint.taken_away(uri, line)
    if not query.is_invoked:
        return replace(automatic_options(settings), deleted=deleted, rejected=rejected)
    # Who asks on an empty line wants more than one.
    wants_block = settings.multiline == "auto" and not query.line.strip()
    return CompletionOptions(
        "always" if wants_block else settings.multiline,
        settings.max_new_tokens,
        settings.candidates,
        _PATIENCE_S,
        is_invoked=True,
        deleted=deleted,
    )
