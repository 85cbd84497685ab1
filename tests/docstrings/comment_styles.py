"""What the tests of the comment styles share: a definition, what is said of it, what is read."""

from codegen_lsp.docstrings.content import Content, Entry, Layout, Parsed, Style
from codegen_lsp.syntax.signatures.facts import Documentable, Kind, Parameter

LAYOUT = Layout("  ", 60)

TAKE = Content(
    "Return the first `limit` items, or fewer.",
    {
        "type_parameters": (Entry("T", "Kind of item."),),
        "parameters": (
            Entry("items", "The items that the first ones are taken from, in their order."),
            Entry("limit", "How many at most."),
        ),
        "returns": (Entry("", "The items."),),
        "raises": (Entry("RangeError", "If `limit < 0`."),),
    },
)


def definition(
    *parameters: Parameter, name: str = "take", kind: Kind = "function", returns_value: bool = True
) -> Documentable:
    """A definition without a place in a text."""
    return Documentable(
        name, kind, "", 0, 1, name, None, "above", 0, "", parameters, returns_value=returns_value
    )


def rendered(style: Style, content: Content, layout: Layout = LAYOUT) -> str:
    """The comment that `style` writes."""
    return "\n".join(style.render(content, definition(), layout))


def outline(parsed: Parsed) -> list[tuple[str, list[str]]]:
    """Kind of each section with the names of its items."""
    return [(section.kind, [item.name for item in section.items]) for section in parsed.sections]


def item_lines(parsed: Parsed) -> list[tuple[str, list[str]]]:
    """Name of each item with the lines that it takes."""
    return [
        (item.name, list(parsed.lines[item.first : item.last]))
        for section in parsed.sections
        for item in section.items
    ]
