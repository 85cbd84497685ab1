"""Imports of Python: packages with and without `__init__`, relative imports, sources in `src/`."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from codegen_lsp.context.imports.folders import Look, folders_below
from codegen_lsp.context.imports.project import Importer, is_file
from codegen_lsp.syntax.imports import Import

_PROJECT_FILES = frozenset({"pyproject.toml", "setup.cfg", "setup.py"})
_MOST_NAMES = 50


def find(import_: Import, importer: Importer) -> list[Path]:
    """The module's file, stub before source; instead of it those of names that are modules."""
    parts = import_.module.split(".") if import_.module else []
    for base in _bases(import_, importer, parts):
        found = list(_files(base.joinpath(*parts), import_, importer))
        if found:
            return found
    return []


def _bases(import_: Import, importer: Importer, parts: list[str]) -> Iterator[Path]:
    """The folders that the module's path may start from, as Python would search them."""
    if import_.level:
        parents = importer.file.parents
        if import_.level <= len(parents):
            yield parents[import_.level - 1]
    elif not parts or parts[0] in sys.stdlib_module_names:
        # Beside a file named like one of its own modules, Python takes its own.
        yield from (importer.root, importer.root / "src")
    else:
        yield from _roots(importer, parts[0])


def _roots(importer: Importer, top: str) -> Iterator[Path]:
    for folder in importer.folders:
        if folder == importer.root or not is_file(folder / "__init__.py"):
            yield from (folder, folder / "src")
    if top == importer.root.name:
        yield importer.root.parent  # the workspace is the package itself
    for folder in importer.scanned(_projects):
        yield from (folder, folder / "src")


def _projects(root: Path, look: Look) -> list[Path]:
    """The folders of the projects of one repository."""
    folders = folders_below(root, look)
    return [folder for folder, content in folders if not _PROJECT_FILES.isdisjoint(content.files)]


def _files(target: Path, import_: Import, importer: Importer) -> Iterator[Path]:
    names = [name.name for name in import_.names[:_MOST_NAMES]]
    is_package = os.path.isdir(target)  # noqa: PTH112 - never raises
    modules = [importer.first(candidates(target / name)) if is_package else None for name in names]
    yield from filter(None, modules)
    if None in modules or not names:
        yield from importer.first_of(candidates(target))


def candidates(target: Path) -> list[Path]:
    """Where the file of the module at `target` may be: a package before a module, stubs first."""
    return [
        target / "__init__.pyi",
        target / "__init__.py",
        Path(f"{target}.pyi"),
        Path(f"{target}.py"),
    ]
