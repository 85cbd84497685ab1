"""Functions of real Python projects without their docstrings, and what their authors wrote there.

The docstring is cut out with the lines that it takes; the rest of the file stays as it is.
"""

import ast
import inspect
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from codegen_lsp.errors import UsageError
from codegen_lsp.evaluate.docstring_judging import parsed
from codegen_lsp.evaluate.replay_text import Source, read_sources
from codegen_lsp.syntax.parsing import parse
from codegen_lsp.syntax.signatures import documentables
from codegen_lsp.syntax.signatures.facts import Documentable, Existing
from codegen_lsp.text import Snapshot

SHORTEST_LINES = 3
"""Of a function without its docstring: of shorter ones there is little to tell."""

# Seldom documented, and alike: a third of some projects' functions with docstrings are tests.
_TEST = re.compile(r"(?:^|/)(?:tests?|conftest\.py|test_[^/]*|[^/]*_test\.py)(?:/|$)")
_KINDS = frozenset({"function", "method", "constructor", "property"})


@dataclass(frozen=True, slots=True)
class Case:
    """A function to document.

    Attributes:
        id: its project, file and line, which name it.
        snapshot: the file without its docstring.
        documentable: the function as it is there.
        reference: what its author wrote, without indentation.
    """

    id: str
    snapshot: Snapshot
    documentable: Documentable
    reference: str


def sample(folders: Sequence[Path], count: int, seed: int) -> list[Case]:
    """Up to `count` cases, as many from each folder; the same ones for the same `seed`.

    Every function of a folder that has a docstring, those of tests apart, is as likely as any
    other.

    Raises:
        UsageError: a folder has none, or holds no code.
    """
    each = -(-count // len(folders))
    found = [list(islice(_shuffled(folder, seed), each)) for folder in folders]
    for folder, cases in zip(folders, found, strict=True):
        if not cases:
            raise UsageError(
                f"no Python function of {SHORTEST_LINES} lines in {folder} has a docstring"
            )
    return [case for cases in found for case in cases][:count]


def _shuffled(folder: Path, seed: int) -> Iterator[Case]:
    """The cases of a folder in random order; each is cut when it is asked for."""
    places = [
        (source, documentable)
        for source in read_sources(folder)
        if source.language == "python" and not _TEST.search(source.name)
        for documentable in _documented(source)
    ]
    random.Random(seed).shuffle(places)
    for source, documentable in places:
        case = _cut(folder.name, source, documentable)
        if case is not None:
            yield case


def _documented(source: Source) -> Iterator[Documentable]:
    tree = parse(source.language, source.text)
    for each in documentables(tree) if tree else ():
        if each.existing is not None and each.kind in _KINDS and not each.problem:
            yield each


def _cut(project: str, source: Source, documented: Documentable) -> Case | None:
    """The case of a function; None where it is too short or is nothing but its docstring."""
    if documented.existing is None or not (reference := _words(documented.existing)):
        return None
    text = _without(source.text, documented.existing)
    if text is None or parsed(text) is None:
        return None
    snapshot = Snapshot(Path("/", project, source.name).as_uri(), 0, source.language, text)
    found = _at(snapshot, documented.start)
    if found is None or found.problem or found.existing is not None:
        return None
    if text.count("\n", found.start, found.end) + 1 < SHORTEST_LINES:
        return None
    line = snapshot.line_of(found.start) + 1
    return Case(f"{project}/{source.name}:{line}", snapshot, found, reference)


def _words(existing: Existing) -> str:
    """What the docstring says; "" if it says nothing."""
    try:
        value = ast.literal_eval(existing.text)
    except (SyntaxError, ValueError):
        return ""
    return inspect.cleandoc(value) if isinstance(value, str) else ""


def _without(text: str, existing: Existing) -> str | None:
    """The text without the lines of a docstring; None if they hold anything else."""
    start = text.rfind("\n", 0, existing.start) + 1
    end = text.find("\n", existing.end) + 1 or len(text)
    if text[start : existing.start].strip() or text[existing.end : end].strip():
        return None
    return text[:start] + text[end:].lstrip("\n")


def _at(snapshot: Snapshot, start: int) -> Documentable | None:
    tree = parse(snapshot.language, snapshot.text)
    found = documentables(tree) if tree else []
    return next((each for each in found if each.start == start), None)
