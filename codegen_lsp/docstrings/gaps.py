"""The gaps of a docstring that the model fills, in the neutral form of the prompt."""

import re
from dataclasses import dataclass

from codegen_lsp.docstrings.content import SectionKind
from codegen_lsp.docstrings.words import Wanted
from codegen_lsp.syntax.signatures.facts import Documentable, Parameter, Raised

_NOUNS: dict[SectionKind, str] = {
    "attributes": "Attribute {}:",
    "type_parameters": "Type parameter {}:",
    "parameters": "Parameter {}:",
    "returns": "Returns:",
    "yields": "Yields:",
    "raises": "Raises {}:",
}
_BOOLEANS = frozenset({"bool", "boolean", "Boolean", "_Bool"})
_TELLS_TYPE = re.compile(r"(?:\w+\.)*Type(?:Is|Guard)\[")
_CALLED = frozenset({"function", "method", "constructor"})
_SUMMARY_TOKENS = 24
_ENTRY_TOKENS = 26


@dataclass(frozen=True, slots=True)
class Gap:
    """A sentence to write.

    Attributes:
        kind: the part it is in; None for the summary.
        name: of the entry; "" for the summary, returns and yields.
        label: what stands before it in the prompt.
        lead: words that the sentence begins with; "" where it may begin as it likes.
        type: of what it speaks of, as written; "" where unknown.
        parameter: what it speaks of, for parameters and attributes.
        raised: what it speaks of, for exceptions.
        max_new_tokens: how many the model may write.
        is_order: it is the summary of what can be called: "Return the rows."
    """

    kind: SectionKind | None
    name: str
    label: str
    lead: str = ""
    type: str = ""
    parameter: Parameter | None = None
    raised: Raised | None = None
    max_new_tokens: int = _ENTRY_TOKENS
    is_order: bool = False

    @property
    def title(self) -> str:
        """What `Words.replaced` calls it."""
        return self.name or self.kind or "summary"


def gaps_of(documentable: Documentable, wanted: Wanted) -> list[Gap]:
    """The gaps for what is wanted of `documentable`, in their order."""
    found = [_entry_gap(documentable, kind, name) for kind, name in wanted.entries]
    if not wanted.summary:
        return found
    is_order = documentable.kind in _CALLED
    return [
        Gap(None, "", "Summary:", max_new_tokens=_SUMMARY_TOKENS, is_order=is_order),
        *found,
    ]


def is_boolean(type_name: str) -> bool:
    """Whether a value of the type as written is true or false, and nothing else."""
    return type_name.strip() in _BOOLEANS or _TELLS_TYPE.match(type_name) is not None


def _entry_gap(documentable: Documentable, kind: SectionKind, name: str) -> Gap:
    label = _NOUNS[kind].format(name)
    if kind in {"parameters", "attributes"}:
        among = documentable.parameters if kind == "parameters" else documentable.attributes
        parameter = next((each for each in among if each.name == name), Parameter(name))
        lead = "Whether" if is_boolean(parameter.type) else ""
        return Gap(kind, name, label, lead, parameter.type, parameter)
    if kind == "raises":
        raised = next((each for each in documentable.raises if each.type == name), Raised(name))
        return Gap(kind, name, label, "If", raised=raised)
    if kind == "returns":
        lead = "Whether" if is_boolean(documentable.returns) else ""
        return Gap(kind, name, label, lead, documentable.returns)
    if kind == "yields":
        return Gap(kind, name, label, type=documentable.returns)
    return Gap(kind, name, label)
