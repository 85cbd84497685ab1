"""Installed Python packages: signatures of what they offer, read from stubs and sources.

Nothing is imported or run. A module is searched for the definition asked for, and only that is
parsed, so that a module of a megabyte costs little. What a package takes from its own modules is
followed. What is remembered is kept under the time of the file that it came from.
"""

import os
import re
import stat
import textwrap
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

from codegen_lsp.context.content import MAX_BYTES, read_text
from codegen_lsp.context.environments import site_packages
from codegen_lsp.context.imports.python import candidates
from codegen_lsp.context.records import Symbol
from codegen_lsp.context.secrets import redact
from codegen_lsp.syntax.definitions import Definition, definitions
from codegen_lsp.syntax.imports import Import, imports
from codegen_lsp.syntax.parsing import parse

_SPECIAL = frozenset({"__call__", "__init__", "__new__"})
_MOST_NAMES = 20
_MOST_MODULES = 12  # looked into for one name
_MOST_HOPS = 2  # pandas takes DataFrame from a module that takes it from another
_MOST_MEMBERS = 40
_MOST_OVERLOADS = 3
_MOST_STATEMENTS = 1000
_LONGEST_BLOCK = 32_000
_FROM = re.compile(r"(?<![^\n \t])from[ \t]+[\w.]+[ \t]+import[ \t]*(?:\([^)]{0,8000}\)|[^\n(]*)")
_TOP_LINE = re.compile(r"^[^\s)\]}#].*", re.MULTILINE)
_CONDITION = re.compile(r"(?:if|elif|else|try|except|finally|with)\b")


@dataclass(frozen=True, slots=True)
class _File:
    """A module's file as it is now; `name` is its path from the folder of packages."""

    path: Path
    name: str
    mtime_ns: int
    size: int


def signatures(
    module: str, names: Sequence[str], root: Path, environment: Path | None = None
) -> list[Symbol]:
    """What installed packages say about `names` of `module`, in the order of the names.

    A class comes with its constructor and its public members. A name that is a module itself, or
    that is not found, gives nothing.

    Args:
        module: its whole dotted name.
        names: what is taken from it; of many the first.
        root: see `environments.site_packages`.
        environment: see there.

    Returns:
        Symbols whose `file` is the path from the folder of packages.
    """
    parts = tuple(module.split("."))
    if not all(map(str.isidentifier, parts)):
        return []
    folders = site_packages(root, environment)
    wanted = [name for name in names if name.isidentifier()][:_MOST_NAMES]
    return [symbol for name in wanted for symbol in _symbols(parts, name, folders)]


def module_files(module: str, root: Path, environment: Path | None = None) -> list[Path]:
    """The files of an installed module, stubs first; none where it is not installed or too large.

    Args:
        module: its whole dotted name.
        root: see `environments.site_packages`.
        environment: see there.
    """
    parts = tuple(module.split("."))
    if not all(map(str.isidentifier, parts)):
        return []
    return [file.path for file in _files(parts, site_packages(root, environment))]


def _symbols(parts: tuple[str, ...], name: str, folders: list[Path]) -> Sequence[Symbol]:
    """The symbols of `name` in the module `parts`, or in the modules that it takes it from."""
    waiting = deque([(parts, name, 0)])
    seen: set[tuple[tuple[str, ...], str]] = set()
    while waiting and len(seen) < _MOST_MODULES:
        module, wanted, hops = waiting.popleft()
        if (module, wanted) in seen:
            continue
        seen.add((module, wanted))
        for file in _files(module, folders):
            found = _defined(file, wanted)
            if found:
                return found
            if hops < _MOST_HOPS:
                sources = _sources(file, module, wanted)
                waiting.extend((source, original, hops + 1) for source, original in sources)
    return ()


def _files(parts: tuple[str, ...], folders: list[Path]) -> Iterator[_File]:
    """The files of a module: of packages of stubs first, and stubs before sources."""
    for folder in folders:
        for top in (f"{parts[0]}-stubs", parts[0]):
            for path in candidates(folder.joinpath(top, *parts[1:])):
                try:
                    status = path.stat()
                except OSError:
                    continue
                if stat.S_ISREG(status.st_mode) and status.st_size <= MAX_BYTES:
                    name = path.relative_to(folder).as_posix()
                    yield _File(path, name, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=4)
def _text(file: _File) -> str:
    """What `file` says; nothing where its content is refused, as that of a workspace's would be."""
    text = read_text(Path(os.path.realpath(file.path))).text
    return text.replace("\r\n", "\n").replace("\r", "\n")


@lru_cache(maxsize=4096)
def _defined(file: _File, wanted: str) -> tuple[Symbol, ...]:
    """The symbols of what `file` defines as `wanted` at its top level, overloads included."""
    text = _text(file)
    found: list[Symbol] = []
    for start in _starts(text, wanted)[:_MOST_OVERLOADS]:
        block = redact(_block(text, start), file.name)
        line = text.count("\n", 0, start) + 1
        found += (_symbol(each, file, block, line) for each in _of_interest(block, wanted))
    return tuple(found)


def _starts(text: str, wanted: str) -> list[int]:
    """Where the lines begin that may define `wanted`: at the top level, or below a condition."""
    opening = re.compile(
        rf"[ \t]*(?:(?:(?:async[ \t]+)?def|class)[ \t]+{wanted}\b|{wanted}[ \t]*(?::|=(?!=)))"
    )
    found, at = [], text.find(wanted)
    while at >= 0:
        start = text.rfind("\n", 0, at) + 1
        if opening.match(text, start):
            found.append(start)
        at = text.find(wanted, at + len(wanted))
    top = [start for start in dict.fromkeys(found) if text[start] not in " \t"]
    if top or not found:
        return top
    lines = list(_TOP_LINE.finditer(text))
    starts = [line.start() for line in lines]
    above = ((start, bisect_right(starts, start) - 1) for start in found)
    return [start for start, line in above if line >= 0 and _CONDITION.match(lines[line][0])]


def _block(text: str, start: int) -> str:
    """The definition that begins at `start`, without indentation; a long class in part."""
    head = text[start : start + 100]
    indent = len(head) - len(head.lstrip())
    end = re.compile(rf"\n[ \t]{{0,{indent}}}(?=[^\s)\]}}#])").search(text, start)
    block = text[start : len(text) if end is None else end.start()]
    block = textwrap.dedent(block) if indent else block
    if len(block) <= _LONGEST_BLOCK:
        return block
    members = [match.start() for match in re.finditer(r"\n {1,4}(?:@|def |async )", block)]
    return block[: max((at for at in members if at < _LONGEST_BLOCK), default=_LONGEST_BLOCK)]


def _of_interest(block: str, wanted: str) -> list[Definition]:
    """What of the definition is told: itself, and of a class its members by name."""
    tree = parse("python", block)
    found = [] if tree is None else definitions(tree)
    own = [each for each in found if each.name == wanted and not each.container][:1]
    members: dict[str, Definition] = {}
    for each in found if own and own[0].kind == "class" else ():
        if each.container == wanted and (each.name[0] != "_" or each.name in _SPECIAL):
            members.setdefault(each.name, each)
    return [*own, *islice(members.values(), _MOST_MEMBERS)]


def _symbol(found: Definition, file: _File, block: str, line: int) -> Symbol:
    return Symbol(
        file=file.name,
        name=found.name,
        kind=found.kind,
        container=found.container,
        signature=found.signature,
        docstring=found.docstring,
        start_line=line + block.count("\n", 0, found.start),
        end_line=line + block.count("\n", 0, found.end),
    )


def _sources(
    file: _File, parts: tuple[str, ...], wanted: str
) -> Iterator[tuple[tuple[str, ...], str]]:
    """The modules that `file`, of the module `parts`, takes `wanted` from, and its name there."""
    package = parts if file.path.stem == "__init__" else parts[:-1]
    found = [(import_, name) for import_ in _passing(file, wanted) for name in import_.names]
    for import_, name in sorted(found, key=lambda each: each[1].name == "*"):
        if name.name == "*" or (name.alias or name.name) == wanted:
            base = package[: len(package) - import_.level + 1] if import_.level else ()
            module = (*base, *filter(None, import_.module.split(".")))
            if module:
                yield module, wanted if name.name == "*" else name.name


@lru_cache(maxsize=4096)
def _passing(file: _File, wanted: str) -> tuple[Import, ...]:
    """The imports of `file` that may bring `wanted`."""
    statements = islice(_FROM.finditer(_text(file)), _MOST_STATEMENTS)
    word = re.compile(rf"\b{wanted}\b|\*")
    tree = parse("python", "\n".join(each[0] for each in statements if word.search(each[0])))
    return () if tree is None else tuple(imports(tree))
