"""Which files `codegen-lsp docstring` is asked about, and their texts."""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from codegen_lsp.context.content import read_text
from codegen_lsp.context.documents import is_denied_document
from codegen_lsp.context.files import Rules, walk
from codegen_lsp.context.refusals import Refusal
from codegen_lsp.docstrings.registry import default_style
from codegen_lsp.errors import UsageError
from codegen_lsp.syntax.languages import language_of
from codegen_lsp.text import Snapshot

_PLACE = re.compile(r"(?P<file>.+):(?P<line>\d{1,9})", re.DOTALL)

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Target:
    """A file to look at.

    Attributes:
        path: absolute.
        name: its path as a person is told it: from the current folder, if it lies in there.
        line: the only one, from 1, whose definition is asked about; None for all of them.
        snapshot: its text.
    """

    path: Path
    name: str
    line: int | None
    snapshot: Snapshot


def targets(arguments: Iterable[str], rules: Rules, say: Say) -> Iterator[Target]:
    """The files that `arguments` (FILE, FOLDER or FILE:LINE) mean, each once; read as they come.

    In folders what ignore files name, secrets, generated files and languages whose docstrings we do
    not know are passed over; of files that are named, `say` is told why they are.

    Raises:
        UsageError: there is no such file, folder or line.
    """
    seen: set[tuple[Path, int | None]] = set()
    for path, line, is_named in _found(arguments, rules, say):
        real = Path(os.path.realpath(path))
        if (real, line) in seen:
            continue
        seen.add((real, line))
        target = _read(path, line, rules, say if is_named else _ignore)
        if target is not None:
            yield target


def _found(
    arguments: Iterable[str], rules: Rules, say: Say
) -> Iterator[tuple[Path, int | None, bool]]:
    """Path, line, and whether it was named itself, of all that there is."""
    for argument, path, line in [(each, *_place(each)) for each in arguments]:
        if not path.is_dir():
            yield path, line, True
        elif line is not None:
            raise UsageError(f"{argument}: a folder has no lines; name a file")
        else:
            for file in walk(path, rules, say):
                if is_known(file.path):
                    yield file.path, None, False


def is_known(path: Path) -> bool:
    """Whether we write the docstrings of the language that `path` is named for."""
    return default_style(language_of(path)) is not None


def _place(argument: str) -> tuple[Path, int | None]:
    """The absolute path that `argument` names, and the line."""
    match = _PLACE.fullmatch(argument)
    if match is not None and not Path(argument).exists():
        file, line = match["file"], int(match["line"])
    else:
        file, line = argument, None
    # Path's function keeps "..", which no file below a folder may have in its path.
    path = Path(os.path.abspath(file))  # noqa: PTH100
    if not path.exists():
        raise UsageError(f"there is no file or folder {file}")
    return path, line


def _read(path: Path, line: int | None, rules: Rules, say: Say) -> Target | None:
    """The target; None where there is nothing to document, which `say` is told."""
    name = shown(path)
    if is_denied_document(path, [path.parent], rules.denied_files):
        say(f"{name} is left out: {Refusal.DENIED.meaning}")
        return None
    if not is_known(path):
        say(f"{name} is left out: its language is not one whose docstrings we write")
        return None
    file = read_text(Path(os.path.realpath(path)))
    if file.refusal is not None:
        say(f"{name} is left out: {file.refusal.meaning}")
        return None
    snapshot = Snapshot(path.as_uri(), 0, language_of(path), file.text)
    if line is not None and not 1 <= line <= len(snapshot.line_starts):
        raise UsageError(f"{name} has no line {line}: its last is {len(snapshot.line_starts)}")
    return Target(path, name, line, snapshot)


def shown(path: Path) -> str:
    """The absolute `path` from the current folder, if it lies in there; with slashes."""
    here = Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()


def patch_name(path: Path) -> str:
    """The name of `path` in a patch: from the top of its repository, as Git takes it anywhere.

    Outside any, from the current folder; and where it is not in there either, from its own. Git
    follows no links, so that the file which one leads to is named.
    """
    path = Path(os.path.realpath(path))
    tops = (folder for folder in path.parents if (folder / ".git").exists())
    here = Path.cwd()
    base = next(tops, here if path.is_relative_to(here) else path.parent)
    return path.relative_to(base).as_posix()


def _ignore(remark: str) -> None:
    del remark
