"""Holes in real projects whose text uses a name that another file of the project defines.

What completion with a project's context is measured on: without it the model can only guess such
names. A hole is the rest of a line, from a random place at or before the name.
"""

import builtins
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from codegen_lsp.errors import UsageError
from codegen_lsp.evaluate.cases import Case
from codegen_lsp.evaluate.replay_text import Source
from codegen_lsp.syntax.definitions import definitions
from codegen_lsp.syntax.imports import imports
from codegen_lsp.syntax.parsing import Tree, parse
from codegen_lsp.syntax.references import references

_SHORTEST_ANSWER = 4  # characters
_SHORTEST_NAME = 4
_MOST_FILES = 3  # that define a name: one that everything has says nothing of the project
_KINDS = ("class", "constant", "enum", "function", "method")
_KNOWN_TO_ALL = frozenset(dir(builtins)).union(
    *(dir(kind) for kind in (str, bytes, dict, list, set, object, int, type))
)
_WORD = re.compile(r"[A-Za-z_]\w*")
_NO_CODE = re.compile(r"\s*(?:#|@|\"|'|import\b|from\b|def\b|class\b|async def\b|\Z)")
_OWN = re.compile(r"(?:\bfor\s+(?=\w+\s+in\b)|(?=\w+\s*(?:=(?!=)|:)))\b([A-Za-z_]\w*)")
"""What a file seems to use as a variable, parameter, field or keyword of its own."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A case, and the names in it that other files define.

    Attributes:
        case: to complete; its prefix and suffix are the rest of the file at its path.
        names: at least one.
    """

    case: Case
    names: tuple[str, ...]


def cut(sources: Sequence[Source], count: int, seed: int) -> list[Hole]:
    """Up to `count` holes in the Python files among `sources`, the same ones for the same `seed`.

    Every file gives one before any gives a second, so that few files do not decide the figures.

    Raises:
        UsageError: no file has one.
    """
    trees = {
        source.name: tree
        for source in sources
        if source.language == "python" and (tree := parse("python", source.text)) is not None
    }
    defined = {name: frozenset(_defined(tree)) for name, tree in trees.items()}
    spread = Counter(each for names in defined.values() for each in names)
    known = frozenset(name for name, files in spread.items() if files <= _MOST_FILES)
    chance = random.Random(seed)
    by_file = []
    for source in sources:
        if source.name in trees:
            own = frozenset(_OWN.findall(source.text))
            foreign = known - defined[source.name] - own - _KNOWN_TO_ALL
            found = list(_holes(source, trees[source.name], foreign, chance))
            chance.shuffle(found)
            by_file.append(found)
    chance.shuffle(by_file)
    rounds = [hole for turn in zip_longest(*by_file) for hole in turn if hole]
    if not rounds:
        raise UsageError("no Python file there uses a name that another one defines")
    return rounds[:count]


def _defined(tree: Tree) -> Iterator[str]:
    for each in definitions(tree):
        if each.kind in _KINDS and len(each.name) >= _SHORTEST_NAME and each.name[:2] != "__":
            yield each.name


def _holes(
    source: Source, tree: Tree, foreign: frozenset[str], chance: random.Random
) -> Iterator[Hole]:
    skipped = [(each.offset, _end_of_import(source.text, each.offset)) for each in imports(tree)]
    start = 0
    for number, line in enumerate(source.text.split("\n"), start=1):
        end = start + len(line)
        is_code = not _NO_CODE.match(line) and not any(a < end and start < b for a, b in skipped)
        if is_code and not foreign.isdisjoint(_WORD.findall(line)):
            names = tuple(name for name in references(tree, start, end) if name in foreign)
            hole = _hole(source, (start, end), number, names, chance)
            if hole is not None:
                yield hole
        start = end + 1


def _end_of_import(text: str, start: int) -> int:
    line_end = text.find("\n", start)
    return text.find(")", start) if "(" in text[start:line_end] else line_end


def _hole(
    source: Source,
    span: tuple[int, int],
    number: int,
    names: tuple[str, ...],
    chance: random.Random,
) -> Hole | None:
    """The hole in the line at `span`, if it uses one of `names`."""
    line = source.text[slice(*span)]
    places = [match.start() for name in names if (match := re.search(rf"\b{name}\b", line))]
    if not places:
        return None
    indent = len(line) - len(line.lstrip())
    at = span[0] + chance.randint(indent, max(places))
    middle = source.text[at : span[1]].rstrip()
    if len(middle) < _SHORTEST_ANSWER:
        return None
    case = Case(
        id=f"{source.name}:{number}",
        language=source.language,
        prefix=source.text[:at],
        suffix=source.text[at + len(middle) :],
        middle=middle,
        path=source.name,
    )
    within = tuple(name for name in names if re.search(rf"\b{name}\b", middle))
    return Hole(case, within) if within else None
