"""Aliases of modules: `paths` and `baseUrl` of tsconfig.json and jsconfig.json."""

from collections.abc import Iterator
from pathlib import Path

from codegen_lsp.context.imports.project import Importer
from codegen_lsp.context.imports.settings import json_table, parsed, table_in, texts

_NAMES = ("tsconfig.json", "jsconfig.json")
_MOST_FILES = 16


def targets(module: str, importer: Importer) -> Iterator[Path]:
    """The paths, perhaps without ending, that the nearest settings with aliases give `module`."""
    for folder in importer.folders:
        for name in _NAMES:
            found = list(_targets(folder / name, module, importer, []))
            if found:
                yield from found
                return


def _targets(settings: Path, module: str, importer: Importer, read: list[Path]) -> Iterator[Path]:
    """What one file says or, where it has no aliases, the files that it names.

    Args:
        settings: the file, which need not exist.
        module: as imported.
        importer: of the import.
        read: files not to be read again; grows.
    """
    path = importer.inside(settings)
    if path is None or path in read or len(read) == _MOST_FILES:
        return
    read.append(path)
    table = parsed(path, json_table) or {}
    options = table_in(table, "compilerOptions")
    bases = [path.parent / base for base in texts(options.get("baseUrl"))]
    aliases = table_in(options, "paths")
    yield from _matching(aliases, module, bases[0] if bases else path.parent)
    if not aliases:
        for other in _others(table, path.parent):
            yield from _targets(other, module, importer, read)
    yield from (base / module for base in bases)


def _others(table: dict[str, object], folder: Path) -> Iterator[Path]:
    """The settings that these extend, the last of which counts most, and the parts they consist of.

    Settings from packages are left out: they know no paths of this project.
    """
    for name in reversed(texts(table.get("extends"))):
        if name.startswith("."):
            yield folder / (name if name.endswith(".json") else f"{name}.json")
    parts = table.get("references")
    for part in parts if isinstance(parts, list) else []:
        for name in texts(part.get("path") if isinstance(part, dict) else None):
            yield folder / name if name.endswith(".json") else folder / name / _NAMES[0]


def _matching(aliases: dict[str, object], module: str, folder: Path) -> Iterator[Path]:
    """The paths from `folder` for `module`, by patterns with at most one `*`, most exact first."""
    for pattern in sorted(aliases, key=lambda pattern: (-len(pattern.partition("*")[0]), pattern)):
        start, star, end = pattern.partition("*")
        fits = module.startswith(start) and module.endswith(end) and len(module) >= len(start + end)
        if fits if star else module == pattern:
            stands_for = module[len(start) : len(module) - len(end)]
            for path in texts(aliases[pattern]):
                yield folder / path.replace("*", stands_for, 1)
