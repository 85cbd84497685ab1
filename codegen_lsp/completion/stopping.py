"""Where a suggestion ends, decided while its text streams in."""

from typing import Protocol

from codegen_lsp.completion.block_rule import FENCE, BlockRule
from codegen_lsp.completion.extent import Extent
from codegen_lsp.engine.base import FinishReason
from codegen_lsp.syntax.indentation import last_line


class StopRule(Protocol):
    """Decides for one suggestion; it is fed the growing text and remembers what it has read."""

    def cut(self, text: str, finish: FinishReason) -> int | None:
        """Offset in `text` at which the suggestion ends, or None to go on generating.

        Args:
            text: everything generated so far; each call's text begins with the last call's.
            finish: "running", or why no more will come; then the answer is never None.
        """

    def settled(self) -> int:
        """How many characters of the text last given to `cut` will stay, whatever comes next."""


def stop_rule(extent: Extent, language: str, prefix: str, suffix: str) -> StopRule:
    """The rule for a suggestion of this extent between `prefix` and `suffix`."""
    if extent == "line":
        return LineRule(prefix, suffix)
    return BlockRule(language, prefix, suffix, is_paragraph=extent == "paragraph")


class LineRule:
    """Ends at the end of the line; behind a finished line the next one is the line."""

    def __init__(self, prefix: str, suffix: str) -> None:
        rest = suffix.partition("\n")[0]
        self._may_start_line = bool(last_line(prefix).strip()) and not rest.strip()
        self._settled = 0

    def cut(self, text: str, finish: FinishReason) -> int | None:
        """See `StopRule.cut`; at the token limit the text stays, being the start of the line."""
        start = 1 if self._may_start_line and text.startswith("\n") else 0
        end = text.find("\n", start)
        line = text if end < 0 else text[:end]
        content = line.strip()
        if content.startswith(FENCE):
            return 0
        self._settled = 0 if FENCE.startswith(content) else len(line.rstrip())
        return None if end < 0 and finish == "running" else len(line.rstrip())

    def settled(self) -> int:
        """See `StopRule.settled`."""
        return self._settled
