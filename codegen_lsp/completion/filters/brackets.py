"""Which bracket of a text closes which, told by sight: no tree, any language.

Strings, comments, regular expressions and Rust's lifetimes are skipped. Code is looked at through
windows, so an unmatched bracket may have its partner outside.
"""

import re
from dataclasses import dataclass
from functools import cache

_PAIRS = {"(": ")", "[": "]", "{": "}"}
_CHARACTER = r"'(?:\\[^'\n]*|[^'\\\n])'"
_QUOTED = r"'(?:[^'\\\n]|\\.)*'"
_LIFETIMES = ("rust",)


@dataclass(frozen=True, slots=True)
class Brackets:
    """The brackets of a text by their offsets.

    Attributes:
        closer_of: each opener that is closed, and its closer.
        opened: openers that are not closed, outermost first.
        faults: how many brackets have no partner.
        quote: offset of a double quote that is not closed on its line, the last one; else None.
    """

    closer_of: dict[int, int]
    opened: tuple[int, ...]
    faults: int
    quote: int | None


def brackets(text: str, language: str, comment: str) -> Brackets:
    """The brackets of `text`, in whose language `comment` begins one; "" where nothing does."""
    closer_of: dict[int, int] = {}
    opened: list[int] = []
    surplus, quote = 0, None
    for found in _token(_CHARACTER if language in _LIFETIMES else _QUOTED, comment).finditer(text):
        mark = found["mark"]
        if mark in _PAIRS:
            opened.append(found.start())
        elif mark == '"':
            quote = found.start()
        elif mark and opened and _PAIRS[text[opened[-1]]] == mark:
            closer_of[opened.pop()] = found.start()
        elif mark:
            surplus += 1
    return Brackets(closer_of, tuple(opened), len(opened) + surplus, quote)


@cache
def _token(single: str, comment: str) -> re.Pattern[str]:
    guard = r"(?<!\S)" if comment == "#" else "(?<!:)"  # `$#`, and the `//` of an address
    line_comment = rf"{guard}{re.escape(comment)}[^\n]*|" if comment else ""
    return re.compile(
        rf"""{line_comment}/\*.*?\*/|\"\"\".*?\"\"\"|'''.*?'''|"(?:[^"\\\n]|\\.)*"|{single}"""
        r"""|`(?:[^`\\]|\\.)*`|(?<=[=(,:!&|?{};\s])/(?![/*\s])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/"""
        r"""|(?P<mark>[()\[\]{}"])""",
        re.DOTALL,
    )
