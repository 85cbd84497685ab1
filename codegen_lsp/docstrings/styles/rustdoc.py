"""Rustdoc: Markdown with headers for the parts; only that of errors is usual (RFC 1574)."""

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
from codegen_lsp.docstrings.styles.comment_lines import comment, marked, paragraph, read, wrapped
from codegen_lsp.docstrings.styles.third_person import third_person
from codegen_lsp.syntax.signatures.facts import Documentable

_MARK = "/// "
_DEMANDS: tuple[SectionKind, ...] = ("raises",)
_TOLERATES: tuple[SectionKind, ...] = ("type_parameters", "parameters", "returns")
_TITLES: dict[SectionKind, str] = {
    "type_parameters": "Type Parameters",
    "parameters": "Arguments",
    "returns": "Returns",
    "raises": "Errors",
}
_KINDS: dict[str, SectionKind] = {
    **{title.lower(): kind for kind, title in _TITLES.items()},
    "args": "parameters",
    "parameters": "parameters",
    "params": "parameters",
    "return": "returns",
    "return value": "returns",
    "error": "raises",
}
_HEADER = re.compile(r"\s{0,3}#+\s+(?P<title>.*?)[\s:#]*$")
_LISTED = re.compile(
    r"\s*[-*+]\s+[`*]*(?P<name>[^\s`*:]+)[`*]*\s*(?:[-\u2013\u2014:]\s*)?(?P<text>.*)"
)


def _render(content: Content, documentable: Documentable, layout: Layout) -> list[str]:
    summary = third_person(content.summary, documentable)
    parts = [wrapped(summary, layout, _MARK)] if summary else []
    for kind in (*_DEMANDS, *_TOLERATES):
        if entries := content.sections.get(kind):
            parts.append(_section_lines(kind, entries, layout))
    lines = [line for part in parts for line in ("", *part)]
    return comment(lines[1:], layout, _MARK) if lines else []


def _render_section(
    kind: SectionKind, entries: Sequence[Entry], _: Documentable, layout: Layout
) -> list[str]:
    return marked(_section_lines(kind, entries, layout), layout, _MARK)


def _section_lines(kind: SectionKind, entries: Sequence[Entry], layout: Layout) -> list[str]:
    lines = [f"# {_TITLES[kind]}", ""]
    for entry in entries:
        hang = "  " if kind in ("type_parameters", "parameters") else ""
        lines += wrapped(_written(kind, entry), layout, _MARK, hang)
    return lines


def _written(kind: SectionKind, entry: Entry) -> str:
    if kind == "returns":
        return entry.text
    if kind != "raises":
        return f"* `{entry.name}` - {entry.text}"
    if re.match(r"(?:If|When|Unless)\b", entry.text):
        return f"Returns `{entry.name}` {entry.text[0].lower()}{entry.text[1:]}"
    return f"Returns `{entry.name}`: {entry.text}"


def _parse(text: str) -> Parsed:
    found = read(text)
    end = len(found.contents)
    headers = [*_headers(found.contents), (end, "")]
    sections = [
        _section(kind, found.contents, first, behind)
        for (first, title), (behind, _) in pairwise(headers)
        if (kind := _KINDS.get(title.lower()))
    ]
    before = found.contents[: headers[0][0]] if sections else found.contents
    summary = paragraph(before)
    return Parsed(found.lines, summary, tuple(sections), found.problem, found.mark)


def _headers(contents: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Number and title of each header outside of code."""
    is_code = False
    for number, line in enumerate(contents):
        is_code ^= line.lstrip().startswith(("```", "~~~"))
        header = _HEADER.match(line)
        if header and not is_code:
            yield number, header["title"]


def _section(kind: SectionKind, contents: tuple[str, ...], start: int, end: int) -> Section:
    while not contents[end - 1].strip():
        end -= 1
    if kind in ("type_parameters", "parameters"):
        items = tuple(_listed(contents, start + 1, end))
    else:
        first = next((n for n in range(start + 1, end) if contents[n].strip()), end)
        text = " ".join(" ".join(contents[first:end]).split())
        items = (Item("", text, first, end),) if text else ()
    return Section(kind, start, end, items)


def _listed(contents: tuple[str, ...], start: int, end: int) -> Iterator[Item]:
    """The items of a list, each with the lines up to the next."""
    numbers = [n for n in range(start, end) if _is_item(contents[n])]
    for first, behind in pairwise([*numbers, end]):
        last = behind
        while not contents[last - 1].strip():
            last -= 1
        found = _LISTED.match(" ".join(" ".join(contents[first:last]).split()))
        if found:
            yield Item(found["name"], found["text"], first, last)


def _is_item(line: str) -> bool:
    return _LISTED.match(line) is not None and not line.startswith("  ")


STYLE = Style("rustdoc", _DEMANDS, _TOLERATES, _render, _render_section, _parse)
