"""The numpy style; types are those of the annotations.

Source: https://numpydoc.readthedocs.io/en/latest/format.html.
"""

import ast
import re
from collections.abc import Iterator, Sequence
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

_TITLES: dict[SectionKind, str] = {**python_lines.TITLES, "parameters": "Parameters"}

_ANY_TYPE = "object"
"""Type of a value without annotation: numpydoc wants one, and this one is never wrong."""

_ITERATORS = ("Iterator", "Iterable", "Generator")
_UNDERLINE = re.compile(r"[-=]{2,}")
_ITEM = re.compile(rf"({NAMES})\s*(?::.*)?")


def _render(content: Content, documentable: Documentable, layout: Layout) -> list[str]:
    blocks = python_lines.sections(_section, content, documentable, layout)
    return python_lines.docstring(content, blocks, layout)


def _section(
    kind: SectionKind, entries: Sequence[Entry], documentable: Documentable, layout: Layout
) -> list[str]:
    title = _TITLES[kind]
    lines = [layout.indent + title, layout.indent + "-" * len(title)]
    indent = layout.indent + python_lines.UNIT
    for entry in entries:
        lines.append(layout.indent + _head(kind, entry.name, documentable))
        lines += python_lines.wrapped(entry.text, indent, indent, layout.width)
    return lines


def _head(kind: SectionKind, name: str, documentable: Documentable) -> str:
    """The line above an entry's text: name, type or both."""
    if kind == "raises":
        return name
    if kind == "returns":
        return _tidy(documentable.returns) or _ANY_TYPE
    if kind == "yields":
        return _yielded(documentable.returns) or _ANY_TYPE
    members = python_lines.members(kind, documentable)
    written = _tidy(members[name].type) if name in members else ""
    return python_lines.starred(name, members) + (f" : {written}" if written else "")


def _tidy(annotation: str) -> str:
    """`annotation` on one line with the usual spaces, as pydoclint compares it (DOC105, DOC203)."""
    try:
        return ast.unparse(ast.parse(annotation, mode="eval"))
    except SyntaxError:  # nothing at all, or what may stand in annotations only: `*Types`
        return one_line([annotation])


def _yielded(annotation: str) -> str:
    """The type of what a generator yields; "" unless its annotation says so."""
    try:
        tree = ast.parse(annotation, mode="eval").body
    except SyntaxError:
        return ""
    if not isinstance(tree, ast.Subscript) or not ast.unparse(tree.value).endswith(_ITERATORS):
        return ""
    inner = tree.slice
    return ast.unparse(inner.elts[0] if isinstance(inner, ast.Tuple) else inner)


def _parse(text: str) -> Parsed:
    return python_reading.parsed(text, _sections)


def _sections(bare: Sequence[str]) -> list[Section]:
    """Sections: a title at the margin, underlined, and what stands up to the next such title."""
    headers = [
        number
        for number in range(len(bare) - 1)
        if depth(bare[number]) == 0 and bare[number] and _UNDERLINE.fullmatch(bare[number + 1])
    ]
    found: list[Section] = []
    for header, end in pairwise([*headers, len(bare)]):
        kind = python_reading.kind_of(bare[header].rstrip(": "))
        if kind:
            found.append(_section_at(bare, header, end, kind))
    return found


def _section_at(bare: Sequence[str], header: int, end: int, kind: SectionKind) -> Section:
    is_value = kind in ("returns", "yields")
    last, heads = header + 2, list[int]()
    for number in range(header + 2, end):
        line = bare[number]
        if line and depth(line) == 0:
            is_head = is_value or _ITEM.fullmatch(line) is not None
            if not bare[number - 1] and not (_is_parent(bare, number) if is_value else is_head):
                break  # a paragraph
            heads += [number] if is_head else []
        if line:
            last = number + 1
    if is_value or not heads:
        is_unnamed = kind in ("returns", "yields", "raises") and last > header + 2
        items = [_unnamed(bare, heads, header + 2, last)] if is_unnamed else []
    else:
        items = list(_items(bare, heads, last, kind))
    return Section(kind, header, last, tuple(items))


def _is_parent(bare: Sequence[str], number: int) -> bool:
    """A deeper line follows line `number`."""
    return number + 1 < len(bare) and depth(bare[number + 1]) > 0


def _unnamed(bare: Sequence[str], heads: Sequence[int], first: int, last: int) -> Item:
    """All that comes out of a function, as one item; `heads` are lines of types."""
    below = [bare[number] for number in range(first, last) if number not in heads]
    words = one_line(below) or one_line(bare[first:last])
    return Item("", words, first, last)


def _items(
    bare: Sequence[str], heads: Sequence[int], last: int, kind: SectionKind
) -> Iterator[Item]:
    for number, end in pairwise([*heads, last]):
        names, _, rest = bare[number].partition(":")
        yield item_of(names, rest if kind == "raises" else "", bare, number, end)


STYLE = Style("numpy", python_lines.DEMANDS, (), _render, _section, _parse)
