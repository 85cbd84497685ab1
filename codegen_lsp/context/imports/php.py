"""Imports of PHP: classes where `composer.json` says (PSR-4), and files by their path."""

from collections.abc import Iterator
from pathlib import Path

from codegen_lsp.context.imports.project import Importer
from codegen_lsp.context.imports.settings import json_table, table_in, texts
from codegen_lsp.syntax.imports import Import

_USUAL = ("src", "lib", "")


def find(import_: Import, importer: Importer) -> list[Path]:
    """The files of the names, or the file required."""
    if not import_.names and "." in import_.module:  # no class has a dot in its name
        folders = (importer.file.parent, importer.root)
        return importer.first_of(folder / import_.module for folder in folders)
    names = [f"{import_.module}\\{name.name}" for name in import_.names] or [import_.module]
    found = (importer.first(_candidates(name.strip("\\"), importer)) for name in names)
    return [file for file in found if file is not None]


def _candidates(name: str, importer: Importer) -> Iterator[Path]:
    """Where a class of this whole name may lie; the longest prefix that composer knows first."""
    for folder, table in importer.settings("composer.json", json_table):
        psr4 = table_in(table, "autoload", "psr-4") | table_in(table, "autoload-dev", "psr-4")
        for prefix in sorted(psr4, key=len, reverse=True):
            if name.startswith(prefix):
                rest = name.removeprefix(prefix).strip("\\").replace("\\", "/")
                yield from (folder / where / f"{rest}.php" for where in texts(psr4[prefix]))
    path = name.replace("\\", "/")
    yield from (importer.root / usual / f"{path}.php" for usual in _USUAL)
