"""A docstring while it is mended, line by line."""

from dataclasses import dataclass, replace

from codegen_lsp.docstrings import raw_lines
from codegen_lsp.docstrings.agreement import Difference, difference
from codegen_lsp.docstrings.content import Item, Layout, Parsed, Section, SectionKind, Style
from codegen_lsp.syntax.signatures.facts import Documentable


@dataclass(frozen=True, slots=True)
class Draft:
    """A docstring on its way to agree with its definition.

    Attributes:
        text: as it is by now.
        documentable: the definition.
        style: that of the docstring.
        layout: of lines that come.
        ending: line end of those.
    """

    text: str
    documentable: Documentable
    style: Style
    layout: Layout
    ending: str

    @property
    def parsed(self) -> Parsed:
        """The text, read in its style."""
        return self.style.parse(self.text)

    @property
    def lines(self) -> list[str]:
        """The text as `raw_lines.split` gives it; one for each of `parsed.lines`."""
        return raw_lines.split(self.text, self.layout.indent)

    @property
    def difference(self) -> Difference:
        """Where it still disagrees."""
        return difference(self.documentable, self.parsed, self.style, complete=True)

    @property
    def is_comment(self) -> bool:
        """Whether it is no string."""
        return self.documentable.placement == "above"

    def with_lines(self, lines: list[str]) -> "Draft":
        """The same with other lines."""
        return replace(self, text=raw_lines.join(lines, self.layout.indent, self.ending))

    def sections(self, kind: SectionKind) -> list[Section]:
        """Its parts about `kind`."""
        return [section for section in self.parsed.sections if section.kind == kind]

    def items(self, kind: SectionKind) -> list[Item]:
        """The entries about `kind`, in its order."""
        return [item for section in self.sections(kind) for item in section.items]
