"""What a docstring says, whatever its style, and what is read of one that is there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from codegen_lsp.syntax.signatures.facts import Documentable

StyleName = Literal[
    "google",
    "numpy",
    "sphinx",
    "plain",
    "jsdoc",
    "tsdoc",
    "godoc",
    "rustdoc",
    "javadoc",
    "doxygen",
    "xml",
]
"""How a docstring is written; the first four are Python's."""

SectionKind = Literal["attributes", "type_parameters", "parameters", "returns", "yields", "raises"]
"""The parts that must agree with the code."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A name and what is said of it; both are one line. Returns and yields have no name."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Content:
    """What a docstring says, in sentences without marks of a style.

    Attributes:
        summary: one sentence.
        sections: entries of each part that there is; a part without entries is not in it.
    """

    summary: str = ""
    sections: dict[SectionKind, tuple[Entry, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Layout:
    r"""How lines are written.

    Attributes:
        indent: white space before each line.
        width: most characters in a line, `indent` included.
        mark: what begins each line of a comment behind `indent`: " * ", "/// "; "" for the style's
            own.
    """

    indent: str = ""
    width: int = 88
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a docstring that is there, and the lines that it takes.

    Attributes:
        name: "" for returns and yields.
        text: what is said, on one line.
        first: number of its first line, from 0, in `Parsed.lines`.
        last: number of the line behind its last.
    """

    name: str
    text: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a docstring that is there: its header line, if it has one, and its items.

    Attributes:
        kind: what it is about.
        first: number of its first line, that of the header if it has one.
        last: number of the line behind its last that is not blank.
        items: in their order.
    """

    kind: SectionKind
    first: int
    last: int
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Parsed:
    r"""A docstring that is there, read in its style.

    Attributes:
        lines: of the text as it is, quotes or marks of comments included, without line ends.
        summary: first paragraph, on one line.
        sections: in their order; what else is said stands in lines that no section has.
        problem: why it cannot be mended, in a few words; "" if it can.
        mark: of a comment, what its new lines must begin with (`Layout.mark`).
    """

    lines: tuple[str, ...]
    summary: str
    sections: tuple[Section, ...] = ()
    problem: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Style:
    r"""How docstrings are written, and read again.

    Lines that are given or taken have no line end. All of them begin with the indentation, also the
    first (in `Parsed.lines` the first has none, as the text begins behind it).

    Attributes:
        name: as the settings call it.
        demands: what it writes of each definition that has it, in this order.
        tolerates: what it may say beside, and then must agree with the code.
        render: writes a docstring anew, quotes or marks of comments included.
        render_section: writes one part as it stands within a docstring, without blank lines around.
        parse: reads the text of an `Existing`.
    """

    name: StyleName
    demands: tuple[SectionKind, ...]
    tolerates: tuple[SectionKind, ...]
    render: Callable[[Content, Documentable, Layout], list[str]]
    render_section: Callable[[SectionKind, Sequence[Entry], Documentable, Layout], list[str]]
    parse: Callable[[str], Parsed]
