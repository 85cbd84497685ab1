"""The XML comments of C#."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from codegen_lsp.docstrings.content import (
    Content,
    Entry,
    Item,
    Layout,
    Parsed,
    Section,
    SectionKind,
    Style,
)
from codegen_lsp.docstrings.styles.comment_lines import (
    by_span,
    comment,
    marked,
    paragraph,
    read,
    wrapped,
)
from codegen_lsp.docstrings.styles.third_person import third_person
from codegen_lsp.syntax.signatures.facts import Documentable

_MARK = "/// "
_KINDS: dict[str, SectionKind] = {
    "typeparam": "type_parameters",
    "param": "parameters",
    "returns": "returns",
    "value": "returns",
    "exception": "raises",
}
_DEMANDS: tuple[SectionKind, ...] = ("type_parameters", "parameters", "returns", "raises")
_OPENING = re.compile(r"<(?P<tag>[a-z]+)\b(?P<rest>[^<>]*?)(?P<closed>/)?>")
_CLOSING = re.compile(r"</([a-z]+)>")
_NO_SUMMARY = re.compile(r"<summary>\s*</summary>|<summary\s*/>")
_NAME = re.compile(r"\b(?:name|cref)\s*=\s*[\"'](?:\w:|!:)?(?P<name>[^\"']*)[\"']")


def _render(content: Content, documentable: Documentable, layout: Layout) -> list[str]:
    lines: list[str] = []
    if summary := third_person(content.summary, documentable):
        if documentable.kind == "property":
            summary = re.sub(r"^Returns\b", "Gets", summary)  # as rule SA1623 of StyleCop has it
        lines += ["<summary>", *wrapped(_prose(summary), layout, _MARK), "</summary>"]
    for kind in _DEMANDS:
        lines += _section_lines(kind, content.sections.get(kind, ()), documentable, layout)
    return comment(lines, layout, _MARK)


def _render_section(
    kind: SectionKind, entries: Sequence[Entry], documentable: Documentable, layout: Layout
) -> list[str]:
    return marked(_section_lines(kind, entries, documentable, layout), layout, _MARK)


def _section_lines(
    kind: SectionKind, entries: Sequence[Entry], documentable: Documentable, layout: Layout
) -> list[str]:
    lines: list[str] = []
    for entry in entries:
        opening = _opening(kind, entry.name, documentable)
        closing = f"</{opening.split()[0]}>"
        on_one = wrapped(f"<{opening}>{_prose(entry.text)}{closing}", layout, _MARK)
        on_more = [f"<{opening}>", *wrapped(_prose(entry.text), layout, _MARK), closing]
        lines += on_one if len(on_one) == 1 else on_more
    return lines


def _opening(kind: SectionKind, name: str, documentable: Documentable) -> str:
    match kind:
        case "type_parameters":
            return f'typeparam name="{escape(name)}"'
        case "raises":
            return f'exception cref="{name.replace("<", "{").replace(">", "}")}"'
        case "returns":
            return "value" if documentable.kind == "property" else "returns"
        case _:
            return f'param name="{escape(name)}"'


def _prose(text: str) -> str:
    return by_span(text, _escaped, lambda code: f"<c>{_escaped(code)}</c>")


def _escaped(text: str) -> str:
    return escape(text, quote=False)


@dataclass(frozen=True, slots=True)
class _Element:
    """An element that stands in no other, and its place; `end` is None if it is never closed."""

    tag: str
    name: str
    text: str
    start: int
    end: int | None


def _parse(text: str) -> Parsed:
    found = read(text)
    said = "\n".join(found.contents)
    elements = list(_elements(said))
    problem = found.problem or _problem(said, elements)
    sections = () if problem else tuple(_sections(said, elements))
    return Parsed(found.lines, _summary(said, elements), sections, problem, found.mark)


def _elements(said: str) -> Iterator[_Element]:
    """What elements there are; one that is never closed, such as `<br>`, holds nothing."""
    place = 0
    last_closing = {each.group(1): each.start() for each in _CLOSING.finditer(said)}
    while opening := _OPENING.search(said, place):
        tag, start, place = opening["tag"], opening.start(), opening.end()
        name = _NAME.search(opening["rest"])
        end: int | None = place
        if not opening["closed"]:
            closing = f"</{tag}>"
            is_closed = last_closing.get(tag, -1) >= place
            end = said.index(closing, place) + len(closing) if is_closed else None
        inner = "" if opening["closed"] or end is None else said[place : end - len(tag) - 3]
        named = name["name"].replace("{", "<").replace("}", ">") if name else ""
        yield _Element(tag, named, " ".join(inner.split()), start, end)
        place = place if end is None else end


def _problem(said: str, elements: list[_Element]) -> str:
    """Why lines cannot be taken out or put in."""
    for element in elements:
        if element.tag not in _KINDS:
            continue
        if element.end is None:
            return f"<{element.tag}> is not closed"
        before = said[: element.start].rpartition("\n")[2]
        behind = said[element.end :].partition("\n")[0]
        if before.strip() or behind.strip():
            return f"<{element.tag}> shares a line"
    return ""


def _sections(said: str, elements: list[_Element]) -> Iterator[Section]:
    """A section for each run of elements of one kind."""
    section: Section | None = None
    behind = 0
    for element in elements:
        if element.tag not in _KINDS or element.end is None:
            continue
        kind = _KINDS[element.tag]
        first, last = said.count("\n", 0, element.start), said.count("\n", 0, element.end) + 1
        item = Item("" if kind == "returns" else element.name, element.text, first, last)
        if section and (kind != section.kind or said[behind : element.start].strip()):
            yield section
            section = None
        items = (*section.items, item) if section else (item,)
        section = Section(kind, section.first if section else first, last, items)
        behind = element.end
    if section:
        yield section


def _summary(said: str, elements: list[_Element]) -> str:
    """What the element of that name says; without one, or in an empty one, the other prose."""
    for element in elements:
        if element.tag == "summary" and element.text:
            return element.text
    parts = (element.start for element in elements if element.tag in _KINDS)
    prose = _NO_SUMMARY.sub("", said[: next(parts, len(said))])
    return paragraph(prose.split("\n"))


STYLE = Style("xml", _DEMANDS, (), _render, _render_section, _parse)
