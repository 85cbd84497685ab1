"""What is asked of whoever writes the sentences of a docstring, and what comes back."""

from dataclasses import dataclass

from codegen_lsp.docstrings.content import Content, SectionKind
from codegen_lsp.syntax.signatures.facts import Documentable


@dataclass(frozen=True, slots=True)
class Code:
    r"""What may be read to write about a definition.

    Attributes:
        documentable: the definition.
        language: LSP language identifier.
        source: text of the definition without its docstring, lines with `\n` between them.
        callers: lines of code elsewhere that use it; may be none.
        file_names: identifiers of its file; what a sentence has in backticks is among them.
    """

    documentable: Documentable
    language: str
    source: str
    callers: tuple[str, ...] = ()
    file_names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Wanted:
    """The sentences that are missing.

    Attributes:
        summary: whether one is wanted.
        entries: part and name of each other one, in the order in which they will be read; the name
            is "" for returns and yields.
        summary_width: most characters of the summary.
    """

    summary: bool
    entries: tuple[tuple[SectionKind, str], ...] = ()
    summary_width: int = 72


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences that were wanted.

    Attributes:
        content: one for each that was wanted, and no others.
        replaced: the names of those entries, and "summary", whose sentence the model did not write
            well enough, so that a plain one from the facts stands there; for returns and yields
            the part's name.
    """

    content: Content
    replaced: tuple[str, ...] = ()
