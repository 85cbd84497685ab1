"""A sentence and all that it is checked against."""

from collections.abc import Sequence
from dataclasses import dataclass

from codegen_lsp.docstrings.gaps import Gap
from codegen_lsp.docstrings.words import Code


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence to check.

    Attributes:
        sentence: tidy.
        gap: where it is to stand.
        code: what it speaks of.
        earlier: sentences of the entries that stand before it.
        mean_logprob: how sure the model was of it.
    """

    sentence: str
    gap: Gap
    code: Code
    earlier: Sequence[str] = ()
    mean_logprob: float = 0.0
