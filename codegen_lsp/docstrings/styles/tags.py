"""Styles whose comments say the parts in tags at the starts of lines: `@param name text`."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
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
    StyleName,
)
from codegen_lsp.docstrings.styles.comment_lines import comment, marked, paragraph, read, wrapped
from codegen_lsp.docstrings.styles.third_person import third_person
from codegen_lsp.syntax.signatures.facts import Documentable

HANG = "    "
"""What the second and later lines of a tag begin with, as Google's guides for Java and JavaScript
have it."""

ReadTag = Callable[[str, str], tuple[SectionKind, str, str] | None]
"""Kind, name and text that a tag and what follows it stand for; None for tags of other things."""


@dataclass(frozen=True, slots=True)
class Tags:
    """What sets one style of tags apart.

    Attributes:
        name: of the style.
        demands: as of `Style`.
        tolerates: as of `Style`.
        tagged: writes an entry as one long line.
        prose: writes sentences; escapes what the style would take for marks.
        read: reads a tag.
        brief: what the summary begins with.
        about: tags whose text is a summary too.
        sign: pattern of the character that begins a tag.
        ends_at_blank: a blank line ends what a tag says.
    """

    name: StyleName
    demands: tuple[SectionKind, ...]
    tolerates: tuple[SectionKind, ...]
    tagged: Callable[[SectionKind, Entry, Documentable], str]
    prose: Callable[[str], str]
    read: ReadTag
    brief: str = ""
    about: tuple[str, ...] = ()
    sign: str = "@"
    ends_at_blank: bool = False


@dataclass(frozen=True, slots=True)
class _Block:
    """A tag and its lines, or prose, whose tag is ""."""

    tag: str
    text: str
    first: int
    last: int


def tag_style(tags: Tags) -> Style:
    """The style that `tags` describes."""

    def said(
        kind: SectionKind, entries: Sequence[Entry], documentable: Documentable, layout: Layout
    ) -> list[str]:
        written = (
            tags.tagged(kind, replace(entry, text=tags.prose(entry.text)), documentable).strip()
            for entry in entries
        )
        return [line for words in written for line in wrapped(words, layout, hang=HANG)]

    def render_section(
        kind: SectionKind, entries: Sequence[Entry], documentable: Documentable, layout: Layout
    ) -> list[str]:
        return marked(said(kind, entries, documentable, layout), layout)

    def render(content: Content, documentable: Documentable, layout: Layout) -> list[str]:
        summary = tags.prose(third_person(content.summary, documentable))
        lines = wrapped(tags.brief + summary, layout) if summary else []
        below = [
            line
            for kind in (*tags.demands, *tags.tolerates)
            for line in said(kind, content.sections.get(kind, ()), documentable, layout)
        ]
        return comment([*lines, *([""] if lines and below else []), *below], layout)

    def parse(text: str) -> Parsed:
        return _parse(text, tags)

    return Style(tags.name, tags.demands, tags.tolerates, render, render_section, parse)


def _parse(text: str, tags: Tags) -> Parsed:
    found = read(text)
    blocks = list(_blocks(found.contents, tags))
    sections = () if found.problem else tuple(_sections(blocks, tags.read))
    about = [block.text for block in blocks if block.tag in ("", *tags.about)]
    others = [f"@{block.tag} {block.text}".strip() for block in blocks if not sections]
    summary = next(iter([*about, *others]), "")
    return Parsed(found.lines, summary, sections, found.problem, found.mark)


def _blocks(contents: tuple[str, ...], tags: Tags) -> Iterator[_Block]:
    """What begins with a tag, and prose; without the blank lines behind it."""
    starts: list[int] = []
    tag = re.compile(rf"\s*{tags.sign}[A-Za-z]")
    is_code = False
    for number, line in enumerate(contents):
        is_code ^= line.lstrip().startswith("```")
        behind_blank = number == 0 or not contents[number - 1].strip()
        if not is_code and (tag.match(line) or (behind_blank and _begins(tags, starts, line))):
            starts.append(number)
    for first, end in pairwise([*starts, len(contents)]):
        last = end
        while not contents[last - 1].strip():
            last -= 1
        yield _block(contents[first:last], first, tags)


def _begins(tags: Tags, starts: list[int], line: str) -> bool:
    """Prose begins with `line`, which stands behind a blank one."""
    return bool(line.strip()) and (tags.ends_at_blank or not starts)


def _block(contents: tuple[str, ...], first: int, tags: Tags) -> _Block:
    tag = re.match(rf"\s*{tags.sign}(\w+)\s?(.*)", contents[0])
    if tag is None:
        return _Block("", paragraph(contents), first, first + len(contents))
    words = " ".join([tag.group(2), *contents[1:]]).split()
    return _Block(tag.group(1), " ".join(words), first, first + len(contents))


def _sections(blocks: list[_Block], read_tag: ReadTag) -> Iterator[Section]:
    """A section for each run of tags of one kind."""
    section: Section | None = None
    for block in blocks:
        tag = read_tag(block.tag, block.text)
        if section and (tag is None or tag[0] != section.kind):
            yield section
            section = None
        if tag is not None:
            kind, name, text = tag
            item = Item(name, text, block.first, block.last)
            before = section.items if section else ()
            first = section.first if section else block.first
            section = Section(kind, first, block.last, _joined(kind, before, item))
    if section:
        yield section


def _joined(kind: SectionKind, before: tuple[Item, ...], item: Item) -> tuple[Item, ...]:
    """`before` and `item`, which may say more of the last: of its property, of one more result."""
    if before and (kind == "returns" or _is_within(kind, item.name, before[-1].name)):
        text = f"{before[-1].text} {item.text}".strip()
        return (*before[:-1], replace(before[-1], text=text, last=item.last))
    return (*before, item)


def _is_within(kind: SectionKind, name: str, owner: str) -> bool:
    """`name` is one of a property or an element of the parameter `owner`."""
    return kind == "parameters" and name.startswith((f"{owner}.", f"{owner}["))
