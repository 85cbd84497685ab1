"""Imports of C#: namespaces, which most projects lay out like their folders."""

from collections.abc import Iterator
from pathlib import Path

from codegen_lsp.context.imports.folders import Look, folders_below, listing
from codegen_lsp.context.imports.project import Importer
from codegen_lsp.syntax.imports import Import

_PROJECT = ".csproj"
_ENDING = ".cs"


def find(import_: Import, importer: Importer) -> list[Path]:
    """The files of the namespace's folder; of a type in it, the type's."""
    parts = import_.module.partition("<")[0].removeprefix("global::").split(".")
    for start, rest in _starts(parts, importer):
        for folder in _descend(start, rest):
            found = importer.files_in(folder, (_ENDING,))
            if found:
                return found
        for folder in _descend(start, rest[:-1]):
            found = importer.first_of(folder / (part + _ENDING) for part in rest[-1:])
            if found:
                return found
    return []


def _starts(parts: list[str], importer: Importer) -> Iterator[tuple[Path, list[str]]]:
    """Folders that the namespace may start from, and what is left of it to go down from there."""
    known = importer.scanned(_starts_by_name)
    for count in range(len(parts), 0, -1):
        name = ".".join(parts[:count])
        yield from ((folder, parts[count:]) for folder in known.get(name + _PROJECT, ()))
        yield from ((folder / name, parts[count:]) for folder in known.get(name, ()))


def _starts_by_name(root: Path, look: Look) -> dict[str, list[Path]]:
    """The folders by the names of the folders and project files in them."""
    found: dict[str, list[Path]] = {}
    for folder, content in folders_below(root, look):
        projects = (name for name in content.files if name.endswith(_PROJECT))
        for name in (*content.folders, *projects):
            found.setdefault(name, []).append(folder)
    return found


def _descend(folder: Path, parts: list[str]) -> Iterator[Path]:
    """The folders that `parts` lead to; one folder may stand for several, as in `Acme.Shop`."""
    if not parts:
        yield folder
    folders = listing(folder).folders if parts else ()
    for count in range(len(parts), 0, -1):
        name = ".".join(parts[:count])
        if name in folders:
            yield from _descend(folder / name, parts[count:])
