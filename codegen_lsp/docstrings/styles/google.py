"""The google style, without types: what the signature says stands there.

Source: https://google.github.io/styleguide/pyguide.html, section 3.8.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

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
from codegen_lsp.docstrings.styles import python_lines, python_reading
from codegen_lsp.docstrings.styles.python_reading import NAMES, depth, item_of, one_line
from codegen_lsp.syntax.signatures.facts import Documentable

_TITLES: dict[SectionKind, str] = {**python_lines.TITLES, "parameters": "Args"}

_HEADER = re.compile(r"([A-Z][A-Za-z ]*?)\s*:\s*")
_UNDERLINE = re.compile(r"[-=]{2,}\s*")
_ITEM = re.compile(rf"(?:[-*+]\s+)?({NAMES})\s*(?:\(.*?\))?\s*(?::(?!:)|\s--?\s)\s*(.*)")
_TYPE = re.compile(r"^[\w.]+(?:\[[^:]*\])?: ")


def _render(content: Content, documentable: Documentable, layout: Layout) -> list[str]:
    blocks = python_lines.sections(_section, content, documentable, layout)
    return python_lines.docstring(content, blocks, layout)


def _section(
    kind: SectionKind, entries: Sequence[Entry], documentable: Documentable, layout: Layout
) -> list[str]:
    indent = layout.indent + python_lines.UNIT
    lines = [f"{layout.indent}{_TITLES[kind]}:"]
    members = python_lines.members(kind, documentable)
    for entry in entries:
        if entry.name:
            head = f"{python_lines.starred(entry.name, members)}:"
            lines += python_lines.entry_lines(head, entry.text, indent, layout.width)
        else:
            lines += python_lines.wrapped(entry.text, indent, indent, layout.width)
    return lines


def _parse(text: str) -> Parsed:
    return python_reading.parsed(text, _sections)


def _sections(bare: Sequence[str]) -> list[Section]:
    """Sections: a title at the margin that ends with a colon, and deeper lines below it."""
    found: list[Section] = []
    for number, line in enumerate(bare):
        header = _HEADER.fullmatch(line)
        kind = header and python_reading.kind_of(header[1])
        underlined = number + 1 < len(bare) and _UNDERLINE.fullmatch(bare[number + 1])
        if kind and not underlined:
            found.append(_section_at(bare, number, kind))
    return found


def _section_at(bare: Sequence[str], header: int, kind: SectionKind) -> Section:
    last = header + 1
    for number in range(header + 1, len(bare)):
        if bare[number].strip():
            if depth(bare[number]) == 0:
                break
            last = number + 1
    return Section(kind, header, last, tuple(_items(bare, header + 1, last, kind)))


def _items(bare: Sequence[str], first: int, last: int, kind: SectionKind) -> list[Item]:
    """Items of the lines from `first` up to `last`: those that are not deeper than the first."""
    filled = [number for number in range(first, last) if bare[number].strip()]
    if not filled:
        return []
    if kind in ("returns", "yields"):
        text = one_line(bare[filled[0] : last])
        return [Item("", _TYPE.sub("", text, count=1), filled[0], last)]
    margin = depth(bare[filled[0]])
    heads = {
        number: match
        for number in filled
        if depth(bare[number]) <= margin and (match := _ITEM.fullmatch(bare[number].strip()))
    }
    if kind == "raises" and not heads:
        return [item_of("", bare[filled[0]], bare, filled[0], last)]
    return [
        item_of(heads[number][1], heads[number][2], bare, number, end)
        for number, end in pairwise([*heads, last])
    ]


STYLE = Style("google", python_lines.DEMANDS, (), _render, _section, _parse)
