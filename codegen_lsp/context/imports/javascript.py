"""Imports of JavaScript and TypeScript: by path, by alias of the compiler, by package nearby."""

from collections.abc import Iterator
from pathlib import Path

from codegen_lsp.context.imports import packages_json, tsconfig
from codegen_lsp.context.imports.project import Importer
from codegen_lsp.syntax.imports import Import

_TYPED = (".ts", ".tsx", ".d.ts", ".mts", ".cts")
_UNTYPED = (".js", ".jsx", ".mjs", ".cjs")
_WRITTEN_FROM = {
    ".js": (".ts", ".tsx", ".d.ts"),
    ".jsx": (".tsx",),
    ".mjs": (".mts", ".d.mts"),
    ".cjs": (".cts", ".d.cts"),
}
"""The sources of a file that the compiler will write: imports name that file."""

_SOURCES = frozenset({*_TYPED, *_UNTYPED, ".vue", ".svelte"})


def find(import_: Import, importer: Importer) -> list[Path]:
    """The module's file."""
    module = import_.module
    if module.startswith("."):
        return importer.first_of(_files(importer.file.parent / module, module, importer))
    targets = (
        target
        for source in (tsconfig, packages_json)
        for target in source.targets(module, importer)
    )
    return importer.first_of(
        file for target in targets for file in _files(target, module, importer)
    )


def _files(target: Path, module: str, importer: Importer) -> Iterator[Path]:
    """The files that `target` may stand for: itself, with an ending, or a folder's index."""
    typed = importer.language.startswith("typescript")
    endings = _TYPED + _UNTYPED if typed else _UNTYPED + _TYPED
    if target.suffix in _SOURCES:
        sources = [target.with_suffix(end) for end in _WRITTEN_FROM.get(target.suffix, ())]
        yield from [*sources, target] if typed else [target, *sources]
    if module.rpartition("/")[2] not in ("", ".", ".."):
        yield from (Path(f"{target}{ending}") for ending in endings)
    yield from (target / f"index{ending}" for ending in endings)
