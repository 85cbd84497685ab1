"""Includes of C and C++: beside the file, or in the usual folders of the ones above it."""

from collections.abc import Iterator
from pathlib import Path

from codegen_lsp.context.imports.project import Importer
from codegen_lsp.syntax.imports import Import

_USUAL = ("", "include", "src", "inc", "lib")


def find(import_: Import, importer: Importer) -> list[Path]:
    """The file included; one in angle brackets is not looked for beside the file."""
    return importer.first_of(_candidates(import_.module, importer))


def _candidates(module: str, importer: Importer) -> Iterator[Path]:
    name = module.strip("<>")
    if not module.startswith("<"):
        yield importer.file.parent / name
    for folder in importer.folders:
        for usual in _USUAL:
            if usual or folder == importer.root:
                yield folder / usual / name
