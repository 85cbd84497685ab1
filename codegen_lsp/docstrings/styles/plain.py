"""The plain style: a summary and nothing else (PEP 257)."""

from collections.abc import Sequence

from codegen_lsp.docstrings.content import Content, Entry, Layout, Parsed, SectionKind, Style
from codegen_lsp.docstrings.styles import python_lines, python_reading
from codegen_lsp.syntax.signatures.facts import Documentable


def _render(content: Content, _documentable: Documentable, layout: Layout) -> list[str]:
    return python_lines.docstring(content, [], layout)


def _render_section(
    _kind: SectionKind, _entries: Sequence[Entry], _documentable: Documentable, _layout: Layout
) -> list[str]:
    return []


def _parse(text: str) -> Parsed:
    return python_reading.parsed(text, lambda _bare: ())


STYLE = Style("plain", (), (), _render, _render_section, _parse)
