"""What a docstring has too much goes, and what stands in the wrong order moves."""

import re

from codegen_lsp.docstrings import raw_lines
from codegen_lsp.docstrings.agreement import bare_names, expected
from codegen_lsp.docstrings.content import Item, SectionKind
from codegen_lsp.docstrings.drafts import Draft


def settled(draft: Draft) -> Draft:
    """`draft` without what is stale or there twice, its entries in order."""
    for kind, name in draft.difference.stale:
        draft = _without(draft, kind, name, keep=0)
    for kind, name in draft.difference.duplicates:
        draft = _without(draft, kind, name, keep=1)
    for kind in draft.difference.misordered:
        draft = _in_order(draft, kind)
    return draft


def _without(draft: Draft, kind: SectionKind, name: str, keep: int) -> Draft:
    """Without the entries about `name` but for the first `keep`."""
    count = sum(name in bare_names(item) for item in draft.items(kind))
    for _ in range(count - keep):
        draft = _without_last(draft, kind, name)
    return draft


def _without_last(draft: Draft, kind: SectionKind, name: str) -> Draft:
    """Without the last entry about `name`, and without its part if it was the only one there."""
    section, item = next(
        (section, item)
        for section in reversed(draft.sections(kind))
        for item in reversed(section.items)
        if name in bare_names(item)
    )
    lines = draft.lines
    if len(bare_names(item)) > 1:
        lines[item.first] = _without_name(lines[item.first], item, name)
    else:
        whole = section if len(section.items) == 1 else item
        _cut(lines, whole.first, whole.last)
    return draft.with_lines(lines)


def _without_name(line: str, item: Item, name: str) -> str:
    """The first line of an entry about several names, about all but the last that is `name`."""
    written = [each.strip() for each in item.name.split(",")]
    names = bare_names(item)
    gone = len(names) - 1 - names[::-1].index(name)
    pattern = r"\s*,\s*".join(map(re.escape, written))
    kept = ", ".join(each for at, each in enumerate(written) if at != gone)
    return re.sub(pattern, lambda _: kept, line, count=1)


def _cut(lines: list[str], first: int, last: int) -> None:
    """Take lines out, and the blank ones before them where such, or the end, follow."""
    is_end = last == len(lines) or raw_lines.is_closing(lines[last])
    if is_end or raw_lines.is_blank(lines[last]):
        while first > 1 and raw_lines.is_blank(lines[first - 1]):
            first -= 1
    del lines[first:last]


def _in_order(draft: Draft, kind: SectionKind) -> Draft:
    """With the entries of `kind` as in the signature, each with its own lines.

    One that the signature does not tell the place of stays behind the one that it follows.
    """
    rank = {name: at for at, (_, name) in enumerate(expected(draft.documentable, [kind]))}
    items = draft.items(kind)
    ranks: list[int] = []
    for item in items:
        ranks.append(rank.get(bare_names(item)[0], ranks[-1] if ranks else -1))
    lines = draft.lines
    blocks = [lines[item.first : item.last] for item in items]
    moved = [blocks[at] for at in sorted(range(len(items)), key=ranks.__getitem__)]
    for item, block in reversed(list(zip(items, moved, strict=True))):
        lines[item.first : item.last] = block
    return draft.with_lines(lines)
