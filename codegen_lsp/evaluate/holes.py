"""Holes in real projects whose text uses a name that another file of the project defines.

What completion with a project's context is measured on: without it the model can only guess such
names. A hole is the rest of a line, from a random place at or before the name. Which file defines a
name, Jedi says (David Halter, https://jedi.readthedocs.io): a static analysis that shares nothing
with the one that chooses contexts, follows imports, and infers the types of receivers.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import Path

from codegen_lsp.errors import UsageError
from codegen_lsp.evaluate.cases import Case
from codegen_lsp.evaluate.replay_text import Source
from codegen_lsp.evaluate.resolving import Resolver
from codegen_lsp.syntax.definitions import definitions
from codegen_lsp.syntax.imports import imports
from codegen_lsp.syntax.parsing import Tree, parse
from codegen_lsp.syntax.references import references

_SHORTEST_ANSWER = 4  # characters
_SHORTEST_NAME = 4
_WORD = re.compile(r"[A-Za-z_]\w*")
_NO_CODE = re.compile(r"\s*(?:#|@|\"|'|import\b|from\b|def\b|class\b|async def\b|\Z)")


@dataclass(frozen=True, slots=True)
class Hole:
    """A case, and the names in it that other files define.

    Attributes:
        case: to complete; its prefix and suffix are the rest of the file at its path.
        names: at least one.
    """

    case: Case
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of code that may be cut: its offsets, and its number from one."""

    start: int
    end: int
    number: int


def cut(folder: Path, sources: Sequence[Source], count: int, seed: int) -> list[Hole]:
    """Up to `count` holes in the Python files among `sources`, the same ones for the same `seed`.

    Every file gives one before any gives a second, so that few files do not decide the figures.

    Args:
        folder: the project's, or its package's.
        sources: the files there.
        count: most holes.
        seed: of all that is drawn.

    Raises:
        UsageError: no file has one, or Jedi is not installed.
    """
    resolver = Resolver(folder)
    trees = {
        source.name: tree
        for source in sources
        if source.language == "python" and (tree := parse("python", source.text)) is not None
    }
    known = frozenset(name for tree in trees.values() for name in _defined(tree))
    chance = random.Random(seed)
    by_file = [
        _holes(source, trees[source.name], known, resolver, random.Random(chance.random()))
        for source in sources
        if source.name in trees
    ]
    chance.shuffle(by_file)
    rounds = (hole for turn in zip_longest(*by_file) for hole in turn if hole)
    if holes := list(islice(rounds, count)):
        return holes
    raise UsageError(f"no Python file in {folder} uses a name that another one defines")


def _defined(tree: Tree) -> Iterator[str]:
    for each in definitions(tree):
        if len(each.name) >= _SHORTEST_NAME and each.name[:2] != "__":
            yield each.name


def _holes(
    source: Source,
    tree: Tree,
    known: frozenset[str],
    resolver: Resolver,
    chance: random.Random,
) -> Iterator[Hole]:
    """The holes of a file in random order; each is looked for when it is asked for."""
    lines = list(_lines(source, tree))
    chance.shuffle(lines)
    for line in lines:
        names = [name for name in references(tree, line.start, line.end) if name in known]
        text = source.text[line.start : line.end]
        places = {
            name: match.start() for name in names if (match := re.search(rf"\b{name}\b", text))
        }
        foreign = {
            name: place
            for name, place in places.items()
            if resolver.is_foreign(source, line.number, place)
        }
        if hole := _hole(source, line, foreign, chance):
            yield hole


def _lines(source: Source, tree: Tree) -> Iterator[_Line]:
    """The lines of code that are no import and no header."""
    skipped = [(each.offset, _end_of_import(source.text, each.offset)) for each in imports(tree)]
    start = 0
    for number, line in enumerate(source.text.split("\n"), start=1):
        end = start + len(line)
        if not _NO_CODE.match(line) and not any(a < end and start < b for a, b in skipped):
            yield _Line(start, end, number)
        start = end + 1


def _end_of_import(text: str, start: int) -> int:
    line_end = text.find("\n", start)
    return text.find(")", start) if "(" in text[start:line_end] else line_end


def _hole(
    source: Source, line: _Line, foreign: dict[str, int], chance: random.Random
) -> Hole | None:
    """The hole in `line`, if it uses a name of `foreign`, which has their places in it."""
    if not foreign:
        return None
    text = source.text[line.start : line.end]
    at = line.start + chance.randint(len(text) - len(text.lstrip()), max(foreign.values()))
    middle = source.text[at : line.end].rstrip()
    if len(middle) < _SHORTEST_ANSWER:
        return None
    case = Case(
        id=f"{source.name}:{line.number}",
        language=source.language,
        prefix=source.text[:at],
        suffix=source.text[at + len(middle) :],
        middle=middle,
        path=source.name,
    )
    return Hole(case, tuple(name for name, place in foreign.items() if line.start + place >= at))
