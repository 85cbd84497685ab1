"""Reading Python docstrings that are there: quotes, margin, summary, titles; no style's items."""

import re
from collections.abc import Callable, Sequence

from codegen_lsp.docstrings.content import Item, Parsed, Section, SectionKind
from codegen_lsp.text import split_lines

NAME = r"(?::[\w:]+:)?\[?`?~?(?:\\?\*){0,2}\w[\w.]*`?\]?(?:\(http[^)\s]*\))?"
"""A name as people write it: with stars, in backticks, as a role or a link."""

NAMES = rf"{NAME}(?:\s*[,/|]\s*{NAME})*"

_STRING = re.compile(
    r"""[rRuU]?(?P<quote>\"{3}|'{3}|"|')(?P<body>(?:\\.|(?!(?P=quote))[^\\])*)(?P=quote)""",
    re.DOTALL,
)
_EPYTEXT = re.compile(r"\s*@(?:param|type|returns?|rtype|raises?|keyword)\b")
_LINK = re.compile(r":[\w:]+:(?=`)|~|\[|\](?:\(http[^)\s]*\))?")

_TITLES: dict[SectionKind, tuple[str, ...]] = {
    "attributes": ("attributes", "attribute"),
    "parameters": (
        "args",
        "arg",
        "arguments",
        "parameters",
        "parameter",
        "params",
        "keyword args",
        "keyword arguments",
        "keyword parameters",
        "other parameters",
    ),
    "returns": ("returns", "return"),
    "yields": ("yields", "yield"),
    "raises": ("raises", "raise", "exceptions", "throws"),
}
_KINDS = {title: kind for kind, titles in _TITLES.items() for title in titles}


def parsed(text: str, sections: Callable[[Sequence[str]], Sequence[Section]]) -> Parsed:
    """What the docstring `text` says.

    Args:
        text: with prefix and quotes.
        sections: finds them in its lines, which come without quotes and margin.
    """
    lines = tuple(line.rstrip("\r\n") for line in split_lines(text))
    string = _STRING.fullmatch(text)
    if string is None:
        return Parsed(lines, "", problem="it is more than one plain string")
    bare = _without_margin(string["body"])
    found = tuple(sections(bare))
    if not found and any(map(_EPYTEXT.match, bare)):
        return Parsed(lines, _summary(bare), problem="its fields are those of epytext")
    end = min((section.first for section in found), default=len(bare))
    return Parsed(lines, _summary(bare[:end]), found)


def kind_of(title: str) -> SectionKind | None:
    """The part that a section of that title is; None for others."""
    return _KINDS.get(title.lower())


def depth(line: str) -> int:
    """How many columns of white space `line` begins with."""
    return len(line) - len(line.lstrip())


def one_line(lines: Sequence[str]) -> str:
    """The words of `lines`."""
    return " ".join(" ".join(lines).split())


def without_links(names: str) -> str:
    """Names as they are, without what makes links of them; with commas between."""
    return ", ".join(name.strip() for name in re.split(r"[,/|]", _LINK.sub("", names)))


def item_of(names: str, text: str, bare: Sequence[str], first: int, end: int) -> Item:
    """An item whose first line says `text`, up to the last line before `end` that is not blank."""
    last = max(number for number in range(first, end) if bare[number].strip()) + 1
    return Item(without_links(names), one_line([text, *bare[first + 1 : last]]), first, last)


def _without_margin(body: str) -> list[str]:
    """The lines of `body` without what all but the first are indented by, tabs expanded.

    If the first is a title, all others may be deeper than the margin; the closing quotes are not.
    """
    first, *rest = [line.rstrip("\r\n").expandtabs() for line in split_lines(body)]
    telling = [line for line in rest if line.strip()]
    if kind_of(first.strip(" :")) is not None:
        telling += rest[-1:]
    margin = min((depth(line) for line in telling), default=0)
    return [first.strip(), *(line[margin:].rstrip() for line in rest)]


def _summary(bare: Sequence[str]) -> str:
    words: list[str] = []
    for line in bare:
        if line.strip(" \\"):
            words.append(line)
        elif words:
            break
    return one_line(words)
