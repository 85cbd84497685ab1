"""What a completion is: a text to insert, or an empty one and the reason. Light: no model is known.

The server's process holds suggestions without ever loading what makes them.
"""

from dataclasses import dataclass

from codegen_lsp.completion.reasons import Reason
from codegen_lsp.engine.base import Statistics


@dataclass(frozen=True, slots=True)
class ContextSource:
    """One of the texts that a prompt was made of.

    Attributes:
        name: "prefix" or "suffix" of the document, or what another file's part was found by.
        tokens: how many it took.
        path: of the other file, relative to the workspace folder.
        score: of the other file's part; higher is better, within one prompt.
    """

    name: str
    tokens: int
    path: str | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text to insert at `offset`, or an empty one and the reason.

    Attributes:
        text: what to insert, with the document's line ends.
        offset: code-point offset of the cursor in the snapshot.
        replaces: so many characters behind the cursor give way to `text`, which says them again.
        reason: None exactly if there is a text.
        mean_logprob: mean log-probability of the generated tokens; None if there were none.
        statistics: of the engine, both tries together.
        format_name: fill-in-the-middle format used; None: the model read the prefix alone.
        sources: what the prompt was made of.
        context_ms: time that building the prompt took.
    """

    text: str
    offset: int
    replaces: int
    reason: Reason | None
    mean_logprob: float | None
    statistics: Statistics
    format_name: str | None
    sources: tuple[ContextSource, ...]
    context_ms: float
