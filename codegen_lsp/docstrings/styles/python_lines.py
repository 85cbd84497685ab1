"""Writing Python docstrings: quotes, the summary's line, wrapped words; no style's sections."""

import re
import textwrap
from collections.abc import Callable, Sequence

from codegen_lsp.docstrings.content import Content, Entry, Layout, SectionKind
from codegen_lsp.syntax.signatures.facts import Documentable, Parameter

UNIT = "    "
"""What a line that belongs to the one above it is indented by."""

DEMANDS: tuple[SectionKind, ...] = ("attributes", "parameters", "returns", "yields", "raises")
"""What the styles with sections write, in this order."""

TITLES: dict[SectionKind, str] = {
    "attributes": "Attributes",
    "returns": "Returns",
    "yields": "Yields",
    "raises": "Raises",
}
"""Titles that google and numpy share."""

SectionWriter = Callable[[SectionKind, Sequence[Entry], Documentable, Layout], list[str]]

_CUTS = (r" (?:that|which|using|from|for|with|based on) ", r", (?:and )?| and ")
"""Where a sentence may end early; the later ones only where no earlier one will do."""

_STARS = {"rest": "*", "keyword-rest": "**"}
_QUOTES = '"""'
_OTHER_QUOTES = "'''"


def docstring(content: Content, blocks: Sequence[Sequence[str]], layout: Layout) -> list[str]:
    r"""A whole docstring of one line or several.

    Args:
        content: its summary is cut where the line is too short for it, as a summary of several
            lines is an error to pydocstyle (D205). One that cannot be cut makes a long line.
        blocks: lines of its sections, indented; a blank line goes before each.
        layout: of the lines.

    Returns:
        Its lines: raw (`r`) if there is a backslash in them (D301), in single quotes if there are
        three double ones (D300).
    """
    raw = "\\" in content.summary or any("\\" in line for block in blocks for line in block)
    begin = layout.indent + ("r" if raw else "")
    room = layout.width - len(begin) - len(_QUOTES) * (1 if blocks else 2)
    summary = _ended(_fitting(content.summary, room))
    text = [line for block in blocks for line in ("", *block)]
    quotes = _OTHER_QUOTES if _QUOTES in "\n".join([summary, *text]) else _QUOTES
    if not blocks:
        return [begin + quotes + summary + quotes]
    return [begin + quotes + summary, *text, layout.indent + quotes]


def sections(
    write: SectionWriter, content: Content, documentable: Documentable, layout: Layout
) -> list[list[str]]:
    """The lines of each part that `content` has, in the usual order."""
    return [
        write(kind, content.sections[kind], documentable, layout)
        for kind in DEMANDS
        if kind in content.sections
    ]


def wrapped(text: str, first: str, others: str, width: int) -> list[str]:
    """`text` in lines of at most `width` characters, unless a word is longer than that.

    Args:
        text: one line.
        first: what the first line begins with.
        others: what the further ones begin with.
        width: most characters in a line.
    """
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    )


def entry_lines(head: str, text: str, indent: str, width: int) -> list[str]:
    """Lines of an entry whose `head` ends with a colon; they hang where there are several."""
    return wrapped(f"{head} {text}", indent, indent + UNIT, width)


def members(kind: SectionKind, documentable: Documentable) -> dict[str, Parameter]:
    """What the entries of a part name, by name: attributes or parameters."""
    found = documentable.attributes if kind == "attributes" else documentable.parameters
    return {member.name: member for member in found}


def starred(name: str, members: dict[str, Parameter]) -> str:
    """`name` with the stars that it has in the signature."""
    return _STARS.get(members[name].kind, "") + name if name in members else name


def _fitting(summary: str, room: int) -> str:
    """`summary` itself, or the longest beginning of `room` characters that is a sentence."""
    if len(summary) <= room:
        return summary
    for cut in _CUTS:
        heads = [summary[: match.start()] for match in re.finditer(cut, summary)]
        whole = [head for head in heads if len(head) < room and _is_whole(head)]
        if whole:
            return whole[-1].rstrip(" ,;:-") + "."
    return summary


def _is_whole(words: str) -> bool:
    """No backtick, quote or bracket is left open in `words`."""
    pairs = all(words.count(mark) % 2 == 0 for mark in '`"')
    return pairs and words.count("(") == words.count(")")


def _ended(summary: str) -> str:
    """`summary` with its period last, so that no closing quote follows one that it quotes with."""
    if summary.endswith(('."', ".'")):
        return summary[:-2] + summary[-1] + "."
    return summary + "." if summary.endswith(('"', "'", "\\")) else summary
