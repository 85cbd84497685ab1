"""What the tests of Python's styles share: a definition, what is said of it, what is read."""

from codegen_lsp.docstrings.agreement import bare_names
from codegen_lsp.docstrings.content import Content, Entry, Layout, Parsed, SectionKind, Style
from codegen_lsp.syntax.signatures.facts import Documentable, Kind, Parameter

LAYOUT = Layout("    ", 60)

PARAMETERS = (
    Parameter("path", "Path"),
    Parameter("limit", "int | None", "None", is_optional=True),
    Parameter("names", kind="rest"),
    Parameter("options", "object", kind="keyword-rest"),
)

READ = Content(
    "Read the lines of a file.",
    {
        "parameters": (
            Entry("path", "The file that is read, which need not have a line end at its end."),
            Entry("limit", "How many lines at most."),
            Entry("names", "Columns."),
            Entry("options", "Passed on."),
        ),
        "returns": (Entry("", "The lines without `\\n`, in their order, each of them only once."),),
        "raises": (
            Entry("ValueError", "If `limit < 0`."),
            Entry("errors.NotFound", "If there is none."),
        ),
    },
)

POINT = Content("A point.", {"attributes": (Entry("x", "To the right."), Entry("y", "Downwards."))})


def definition(
    *parameters: Parameter,
    kind: Kind = "function",
    returns: str = "",
    attributes: tuple[Parameter, ...] = (),
) -> Documentable:
    """A definition without a place in a text."""
    return Documentable(
        "read",
        kind,
        "",
        0,
        1,
        "read",
        None,
        "inside",
        0,
        "    ",
        parameters,
        returns=returns,
        attributes=attributes,
    )


READER = definition(*PARAMETERS, returns="list[str]")


def rendered(
    style: Style, content: Content, documentable: Documentable, layout: Layout = LAYOUT
) -> str:
    """The docstring that `style` writes."""
    return "\n".join(style.render(content, documentable, layout))


def items(parsed: Parsed) -> list[tuple[str, list[tuple[str, str]]]]:
    """Kind of each section with names and texts of its items."""
    return [
        (section.kind, [(item.name, item.text) for item in section.items])
        for section in parsed.sections
    ]


def entries(parsed: Parsed) -> dict[SectionKind, tuple[Entry, ...]]:
    """What a docstring that we wrote says, as it was given to us."""
    return {
        section.kind: tuple(Entry(bare_names(item)[0], item.text) for item in section.items)
        for section in parsed.sections
    }


def item_lines(parsed: Parsed) -> list[tuple[str, list[str]]]:
    """Name of each item with the lines that it takes."""
    return [
        (item.name, list(parsed.lines[item.first : item.last]))
        for section in parsed.sections
        for item in section.items
    ]
