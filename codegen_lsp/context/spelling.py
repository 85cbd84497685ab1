"""Spelling: the names of types that signatures and declarations are written with.

Patterns for what all languages have in common; which of the names are classes of the workspace,
and not keywords or built in, whoever asks can tell.
"""

import re
from collections.abc import Sequence
from itertools import islice

from codegen_lsp.context.records import Symbol

_NAME = re.compile(r"[A-Za-z_]\w*")
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:(?:[?!]?\.|->|::)[A-Za-z_]\w*)*")
_JOINT = re.compile(r"[?!]?\.|->|::")
_ARGUMENTS = re.compile(r"\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)?")
_KEYWORD_ARGUMENT = re.compile(r"\b\w+\s*=[^,)]*")
_MOST_NAMES, _MOST_CHAINS, _MOST_DECLARATIONS = 8, 4, 3

_ANYWHERE = (
    re.compile(
        r"(?<![\w.])(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\??[ \t]*"
        r"(?::(?![:=])|:?=(?!=))[ \t]*(?=(?P<what>[^\n]{1,200}))"
    ),
    re.compile(r"\bwith[ \t]+(?P<what>[^\n]{1,200}?)[ \t]+as[ \t]+(?P<name>[A-Za-z_]\w*)"),
    re.compile(
        r"\bfor\b[^\n]{0,40}?\b(?P<name>[A-Za-z_]\w*)[ \t]+(?:in|of|:=[ \t]*range)\b"
        r"[ \t]*(?P<what>[^\n]{1,200})"
    ),
)
_TYPE_FIRST = re.compile(
    r"\b(?P<what>[A-Z]\w*(?:<[^\n;=()]{0,80}>)?)[ \t*&\[\]]+"
    r"\$?(?P<name>[A-Za-z_]\w*)(?=[ \t]*[=;,):])"
)
_TYPE_LAST = re.compile(
    r"(?<![\w.])(?P<name>[A-Za-z_]\w*)[ \t]+(?=(?P<what>[*\[\]]*[A-Za-z_][\w.]*)[ \t]*[,)\n`])"
)
_BESIDE = {
    "c": _TYPE_FIRST,
    "cpp": _TYPE_FIRST,
    "csharp": _TYPE_FIRST,
    "go": _TYPE_LAST,
    "java": _TYPE_FIRST,
    "php": _TYPE_FIRST,
}


def bases(symbol: Symbol) -> list[str]:
    """Names in the signature of a class that may be those of its bases."""
    text = symbol.signature.partition(symbol.name)[2]
    if not re.match(r"\s*\([^:]*\)?\s*(?:$|:$)", text):  # Python's bases stand in brackets
        text = _ARGUMENTS.sub(" ", text)
    return _names(_KEYWORD_ARGUMENT.sub(" ", text))


def results(symbol: Symbol) -> list[str]:
    """Names in a signature that may be those of the result's type, or of a variable's."""
    head, _, rest = symbol.signature.partition(symbol.name)
    found = _names(_ARGUMENTS.sub(" ", rest))
    return found or [name for name in _names(head) if name != symbol.container]


def types_and_values(what: str) -> list[str]:
    """What stands behind the name of a variable: its type, then its value, as far as they go."""
    depth = 0
    parts = [""]
    for character in what:
        depth += (character in "([{") - (character in ")]}")
        if depth < 0 or (character in ",;" and depth == 0):
            break
        if character == "=" and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts[:2]


def chains(declared: str) -> list[tuple[str, ...]]:
    """The dotted names of an expression or type, each split at its dots; no arguments of calls."""
    found = _DOTTED.finditer(_ARGUMENTS.sub("", declared))
    return [tuple(_JOINT.split(each.group())) for each in islice(found, _MOST_CHAINS)]


def declarations(language: str, text: str) -> dict[str, list[tuple[int, str]]]:
    """Where each variable, dotted or not, is declared or assigned, and its type or value there."""
    found: dict[str, list[tuple[int, str]]] = {}
    for pattern in [*_ANYWHERE, *([_BESIDE[language]] if language in _BESIDE else [])]:
        for each in pattern.finditer(text):
            found.setdefault(each["name"], []).append((each.start("name"), each["what"]))
    return found


def nearest(places: Sequence[tuple[int, str]], offset: int) -> list[str]:
    """What the declarations say that lie nearest to `offset`: before it, from the last one on."""
    before = sorted((place for place in places if place[0] < offset), reverse=True)
    after = sorted(place for place in places if place[0] >= offset)
    return [text for _, text in (before + after)[:_MOST_DECLARATIONS]]


def _names(text: str) -> list[str]:
    return list(dict.fromkeys(_NAME.findall(text)))[:_MOST_NAMES]
