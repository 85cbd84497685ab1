r"""The sphinx style: a list of fields, without types; stars are escaped (`\*args`), as reST wants.

Source: https://www.sphinx-doc.org/en/master/usage/domains/python.html#info-field-lists.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

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
from codegen_lsp.docstrings.styles.python_reading import depth, item_of
from codegen_lsp.syntax.signatures.facts import Documentable

_FIELDS: dict[SectionKind, str] = {
    "attributes": "ivar",
    "parameters": "param",
    "returns": "returns",
    "yields": "yields",
    "raises": "raises",
}

_KINDS: dict[str, SectionKind] = {
    **dict.fromkeys(("ivar", "cvar", "var", "vartype"), "attributes"),
    **dict.fromkeys(
        ("param", "parameter", "arg", "argument", "key", "keyword", "kwarg", "type"), "parameters"
    ),
    **dict.fromkeys(("returns", "return", "rtype"), "returns"),
    **dict.fromkeys(("yields", "yield", "ytype"), "yields"),
    **dict.fromkeys(("raises", "raise", "except", "exception"), "raises"),
}
_TYPES = ("type", "vartype", "rtype", "ytype")

_FIELD = re.compile(r":(\w+)((?:\s+(?::[\w:]+:`[^`]*`|[^:])*)?):(?!\w*:`)\s*(.*)")
_TYPE_LINE = re.compile(rf"\s*:(?:{'|'.join(_TYPES)})\b.*:")
_LAST_NAMES = re.compile(r"[^\s,\]]+(?:\s*,\s*[^\s,\]]+)*$")
_LITERAL = re.compile(r"(?<!`)`([^`]+)`(?!`)")


@dataclass(frozen=True, slots=True)
class _Field:
    kind: SectionKind
    item: Item
    is_type: bool

    @property
    def subject(self) -> tuple[SectionKind, str]:
        """What it is about, however its stars are written."""
        return self.kind, self.item.name.strip("\\*")


def _render(content: Content, documentable: Documentable, layout: Layout) -> list[str]:
    blocks = python_lines.sections(_section, content, documentable, layout)
    fields = [line for block in blocks for line in block]
    return python_lines.docstring(content, [fields] if fields else [], layout)


def _section(
    kind: SectionKind, entries: Sequence[Entry], documentable: Documentable, layout: Layout
) -> list[str]:
    lines: list[str] = []
    members = python_lines.members(kind, documentable)
    for entry in entries:
        name = python_lines.starred(entry.name, members).replace("*", r"\*")
        head = f":{_FIELDS[kind]} {name}:" if name else f":{_FIELDS[kind]}:"
        text = _LITERAL.sub(r"``\1``", entry.text)  # single backticks mean something else in reST
        lines += python_lines.entry_lines(head, text, layout.indent, layout.width)
    return lines


def _parse(text: str) -> Parsed:
    read = python_reading.parsed(text, _sections)
    items = [item for section in read.sections for item in section.items]
    held = {number for item in items for number in range(item.first, item.last)}
    for number, line in enumerate(read.lines):
        if number not in held and _TYPE_LINE.match(line):
            return replace(read, problem="a type stands apart from what it belongs to")
    return read


def _sections(bare: Sequence[str]) -> list[Section]:
    """Sections: fields of one kind that follow each other, those of their types among them."""
    runs: list[list[_Field]] = []
    for field in _without_apart(_with_types(list(_fields(bare)))):
        before = runs[-1][-1] if runs else None
        if before and before.kind == field.kind and _adjoin(bare, before.item, field.item):
            runs[-1].append(field)
        else:
            runs.append([field])
    return [_section_of(run) for run in runs]


def _section_of(run: Sequence[_Field]) -> Section:
    items = tuple(field.item for field in run)
    return Section(run[0].kind, items[0].first, items[-1].last, items)


def _fields(bare: Sequence[str]) -> Iterator[_Field]:
    for number, line in enumerate(bare):
        match = _FIELD.fullmatch(line)
        kind = _KINDS.get(match[1]) if match else None
        if match is None or kind is None:
            continue
        names = None if kind in ("returns", "yields") else _LAST_NAMES.search(match[2])
        text = "" if match[1] in _TYPES else match[3]
        item = item_of(names[0] if names else "", text, bare, number, _end(bare, number))
        yield _Field(kind, item, match[1] in _TYPES)


def _end(bare: Sequence[str], first: int) -> int:
    """Number of the line behind a field: what stands close below it belongs to it, or deeper."""
    for number in range(first + 1, len(bare)):
        line, above = bare[number], bare[number - 1]
        begins_other = line.startswith((":", ".. ")) or (line and not above)
        if begins_other and depth(line) == 0:
            return number
    return len(bare)


def _with_types(fields: Sequence[_Field]) -> list[_Field]:
    """The fields, each as one with that of its type where the two are neighbours.

    A type without a name is that of the field above it.
    """
    merged: list[_Field] = []
    for field in fields:
        before = merged[-1] if merged else None
        if before and before.is_type != field.is_type and _is_same(before, field):
            own = before.item if field.is_type else field.item
            item = replace(own, first=before.item.first, last=field.item.last)
            merged[-1] = _Field(field.kind, item, is_type=False)
        else:
            merged.append(field)
    return merged


def _is_same(before: _Field, field: _Field) -> bool:
    is_unnamed = field.is_type and field.subject == (before.kind, "")
    return is_unnamed or field.subject == before.subject


def _without_apart(fields: Sequence[_Field]) -> list[_Field]:
    """The fields without those of a type whose own field stands elsewhere."""
    own = {field.subject for field in fields if not field.is_type}
    return [field for field in fields if not (field.is_type and field.subject in own)]


def _adjoin(bare: Sequence[str], one: Item, other: Item) -> bool:
    return not any(bare[one.last : other.first])


STYLE = Style("sphinx", python_lines.DEMANDS, (), _render, _section, _parse)
