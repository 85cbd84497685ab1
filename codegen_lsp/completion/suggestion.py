"""What a completion is: a text to insert, or an empty one and the reason. Light: no model is known.

The server's process holds suggestions without ever loading what makes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from codegen_lsp.completion.confidence import shipped, typed_along
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

    def as_json(self) -> dict[str, object]:
        """What users are shown of it."""
        shown: dict[str, object] = {"source": self.name, "tokens": self.tokens}
        return shown if self.path is None else shown | {"path": self.path, "score": self.score}


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
        features: what its confidence is judged by; None where there is no text.
        unknown_names: names in it that nothing known defines; they lower the confidence.
        filtered_by: names of the filters that have cut or refused the text.
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
    features: Mapping[str, float] | None = None
    unknown_names: tuple[str, ...] = ()
    filtered_by: tuple[str, ...] = ()

    @property
    def confidence(self) -> float | None:
        """How likely the user would keep what is left of it; None where that was not judged."""
        if self.features is None:
            return None
        return shipped().confidence(typed_along(self.features, len(self.text.strip())))


def silence(offset: int, reason: Reason) -> Suggestion:
    """No suggestion at `offset`, where the model was not even asked."""
    return Suggestion("", offset, 0, reason, None, Statistics(), None, (), 0.0)
