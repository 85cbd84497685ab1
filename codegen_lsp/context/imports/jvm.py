"""Imports of Java and Kotlin: packages are folders below any folder of sources."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from codegen_lsp.context.imports.folders import NOT_SOURCES, Look, folders_below
from codegen_lsp.context.imports.project import Importer
from codegen_lsp.syntax.imports import Import

_LANGUAGES = ("java", "kotlin")
_ENDINGS = (".java", ".kt")


def find(import_: Import, importer: Importer) -> list[Path]:
    """The file of the class, or those of a package that is imported whole.

    A nested class and what is static are in the file of their class; a function of Kotlin in any
    file of its package.
    """
    parts = import_.module.split(".")
    inner = "/".join(parts)
    for root in _roots(parts[0], importer):
        path = f"{root}/{inner}"
        # Of the sources of many modules few have the package: os.path is fast, and never raises.
        if os.path.isdir(path):  # noqa: PTH112
            found = list(_files(Path(path), import_, importer))
        else:
            files = (path + ending for ending in _ENDINGS)
            found = importer.first_of(Path(file) for file in files if os.path.isfile(file))  # noqa: PTH113
        if found:
            return found
    return []


def _files(package: Path, import_: Import, importer: Importer) -> Iterator[Path]:
    for name in import_.names:
        if name.name == "*":
            yield from importer.files_in(package, _ENDINGS)
        else:
            file = importer.first_of(package / (name.name + ending) for ending in _ENDINGS)
            yield from file or importer.files_in(package, (".kt",))


def _roots(top: str, importer: Importer) -> Iterable[str]:
    """The folders that packages may start from: around the file, then those with a folder `top`."""
    yield from map(str, importer.folders)
    yield from importer.scanned(_roots_by_package).get(top, ())


def _roots_by_package(root: Path, look: Look) -> dict[str, list[str]]:
    """The folders of sources by the names of the folders in them."""
    found: dict[str, list[str]] = {}
    for folder, content in folders_below(root, look, NOT_SOURCES | {"src"}):
        roots = {folder: content}
        if "src" in content.folders:
            kinds = look(folder / "src")
            paths = (folder / "src" / kind / name for kind in kinds.folders for name in _LANGUAGES)
            roots |= {folder / "src": kinds, **{path: look(path) for path in paths}}
        for path, names in roots.items():
            for name in names.folders:
                found.setdefault(name, []).append(str(path))
    return found
