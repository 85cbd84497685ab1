"""A docstring that disagrees with its definition, mended where it stands.

What is stale goes, what is missing comes at its place in the order of the signature, what stands in
the wrong order moves with its own lines. All other lines stay byte for byte.
"""

from collections.abc import Sequence
from dataclasses import replace

from codegen_lsp.docstrings import raw_lines
from codegen_lsp.docstrings.agreement import bare_names, expected
from codegen_lsp.docstrings.content import Content, Entry, Item, SectionKind
from codegen_lsp.docstrings.drafts import Draft
from codegen_lsp.docstrings.settling import settled
from codegen_lsp.text import split_lines

_PARTED = ("google", "numpy", "rustdoc")
"""Styles with a blank line between parts; in the others parts follow one another."""


def mend(draft: Draft, words: Content) -> str:
    """What takes the place of the text of `draft`, which is to come through as far as it is right.

    Args:
        draft: the docstring as it is; its style can read it.
        words: a sentence for each entry that is missing, as `draft.difference` tells.
    """
    mark = draft.parsed.mark
    whole = replace(draft, layout=replace(draft.layout, mark=mark))
    opened = _opened(whole)
    draft = settled(_able_to_hold(opened, words))
    for kind in dict.fromkeys(kind for kind, _ in draft.difference.missing):
        names = {name for missing, name in draft.difference.missing if missing == kind}
        entries = [entry for entry in words.sections.get(kind, ()) if entry.name in names]
        draft = _with_entries(draft, kind, entries)
    text = _closed_as_before(whole.text, opened.text, draft.text)
    return raw_lines.on_one_line(text, whole.layout)


def keeps_nothing(draft: Draft) -> bool:
    """Whether all that `draft` says is stale, so that nothing of it would be left."""
    return all(map(_is_edge, settled(_opened(draft)).lines))


def _opened(draft: Draft) -> Draft:
    """With lines of its own for what opens and closes it, as far as lines come and go there."""
    indent, ending = draft.layout.indent, draft.ending
    text = raw_lines.opened(draft.text, indent, ending)
    if any(section.first == 0 for section in draft.parsed.sections):
        text = raw_lines.with_quotes_alone(text, indent, ending)
    return replace(draft, text=text)


def _closed_as_before(before: str, opened: str, text: str) -> str:
    """`text` with the first and the last line of `before` where only opening it has changed them.

    What had one line is to have a line for each thing now.
    """
    old, new = split_lines(before), split_lines(opened)
    if len(old) == 1:
        return text
    first, last = "".join(new[:2]), "".join(new[-2:])
    if old[0] != new[0] and text.startswith(first):
        text = old[0] + text.removeprefix(first)
    if old[-1] != new[-1] and text.endswith(last):
        text = text.removesuffix(last) + old[-1]
    return text


def _able_to_hold(draft: Draft, words: Content) -> Draft:
    """Raw, if backslashes come into a string that has none."""
    rendered = draft.style.render(words, draft.documentable, draft.layout)
    if draft.is_comment or "\\" in draft.text or "\\" not in "".join(rendered):
        return draft
    return replace(draft, text=raw_lines.made_raw(draft.text))


def _with_entries(draft: Draft, kind: SectionKind, entries: Sequence[Entry]) -> Draft:
    sections = draft.sections(kind)
    if not sections:
        return _with_section(draft, kind, entries)
    if not draft.items(kind):  # a title with nothing, or only prose, below it
        lines, last = draft.lines, sections[-1].last
        lines[last:last] = [line for each in entries for line in _item_lines(draft, kind, each)]
        return draft.with_lines(lines)
    for entry in entries:
        draft = _with_entry(draft, kind, entry)
    return draft


def _with_entry(draft: Draft, kind: SectionKind, entry: Entry) -> Draft:
    """With one more entry, behind the last one that stands before it in the signature."""
    order = [name for _, name in expected(draft.documentable, [kind])]
    before = set(order[: order.index(entry.name)])
    items, lines = draft.items(kind), draft.lines
    sibling = next((item for item in reversed(items) if before & {*bare_names(item)}), None)
    gap = _gap(lines, items)
    new = _like(draft, _item_lines(draft, kind, entry), lines[(sibling or items[0]).first])
    if sibling is None:
        lines[items[0].first : items[0].first] = [*new, *gap]
    else:
        lines[sibling.last : sibling.last] = [*gap, *new]
    return draft.with_lines(lines)


def _gap(lines: Sequence[str], items: Sequence[Item]) -> Sequence[str]:
    """The blank lines that an author leaves between entries."""
    between = lines[items[0].last : items[1].first] if len(items) > 1 else ()
    return between if all(map(raw_lines.is_blank, between)) else ()


def _item_lines(draft: Draft, kind: SectionKind, entry: Entry) -> list[str]:
    """The lines of `entry` as its style writes them, without a header."""
    content = Content("Do it.", {kind: (entry,)})
    indent = draft.layout.indent
    text = "\n".join(draft.style.render(content, draft.documentable, draft.layout))
    parsed = draft.style.parse(text.removeprefix(indent))
    item = next(item for each in parsed.sections if each.kind == kind for item in each.items)
    return _as_there(draft, parsed.lines[item.first : item.last])


def _like(draft: Draft, lines: Sequence[str], sibling: str) -> list[str]:
    """`lines` with the indentation and the mark of the line `sibling`."""
    own = raw_lines.start_of(lines[0], is_comment=draft.is_comment)
    wanted = raw_lines.start_of(sibling, is_comment=draft.is_comment)
    return [wanted + line.removeprefix(own) for line in lines]


def _with_section(draft: Draft, kind: SectionKind, entries: Sequence[Entry]) -> Draft:
    """With a new part, among the others in the order of the style, or at the end."""
    new = draft.style.render_section(kind, entries, draft.documentable, draft.layout)
    block, lines = _as_there(draft, new), draft.lines
    order = [*draft.style.demands, *draft.style.tolerates]
    known = [section for section in draft.parsed.sections if section.kind in order]
    before = [each for each in known if order.index(each.kind) < order.index(kind)]
    after = [each for each in known if order.index(each.kind) > order.index(kind)]
    is_parted = draft.style.name in _PARTED
    if before:
        last = max(before, key=lambda each: each.last)
        _put(draft, lines, last.last, _like(draft, block, lines[last.first]), is_parted=is_parted)
    elif after:
        first = min(after, key=lambda each: each.first)
        _put(
            draft, lines, first.first, _like(draft, block, lines[first.first]), is_parted=is_parted
        )
    else:
        _put_last(draft, lines, block)
    return draft.with_lines(lines)


def _put_last(draft: Draft, lines: list[str], block: list[str]) -> None:
    """Put `block` behind all that is said."""
    at = len(lines) - raw_lines.is_closing(lines[-1])
    while at > 1 and raw_lines.is_blank(lines[at - 1]):
        at -= 1
    if draft.is_comment and at > 1:  # with its stars below the others
        own, wanted = raw_lines.mark_of(block[0]), raw_lines.mark_of(lines[at - 1])
        block = [wanted + line.removeprefix(own) for line in block]
    _put(draft, lines, at, block, is_parted=draft.style.name != "xml")


def _put(draft: Draft, lines: list[str], at: int, block: list[str], *, is_parted: bool) -> None:
    """Put `block` in; if `is_parted`, with blank lines between it and what is not blank."""
    blank = (draft.layout.indent + draft.layout.mark).rstrip() if draft.is_comment else ""
    above, below = lines[at - 1 : at], lines[at : at + 1]
    lines[at:at] = [
        *(blank for line in above if is_parted and not _is_edge(line)),
        *block,
        *(blank for line in below if is_parted and not _is_edge(line)),
    ]


def _is_edge(line: str) -> bool:
    return raw_lines.is_blank(line) or raw_lines.is_closing(line) or raw_lines.is_opening(line)


def _as_there(draft: Draft, lines: Sequence[str]) -> list[str]:
    """New `lines` in the manner of the docstring that they come into."""
    if draft.is_comment:
        return raw_lines.tagged_alike(lines, draft.text)
    tabbed = raw_lines.indented_alike(lines, draft.layout.indent)
    if raw_lines.is_raw(draft.text):
        return tabbed
    return [line.replace("\\", "\\\\") for line in tabbed]
