"""Packages of one repository: the `workspaces` of package.json and pnpm-workspace.yaml."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path
from typing import Any

from codegen_lsp.context.imports.folders import listing
from codegen_lsp.context.imports.project import Importer
from codegen_lsp.context.imports.settings import json_table, texts

_MANIFEST = "package.json"
_PNPM = "pnpm-workspace.yaml"
_MOST_PATTERNS = 50
_MOST_MEMBERS = 20
_MOST_ENTRIES = 16
_SOURCES = ("src/index", "index")
_FIELDS = ("source", "types", "module", "main")
_PACKAGES = re.compile(r"^packages:[ \t]*\n((?:[ \t]*(?:[-#][^\n]*)?(?:\n|\Z))*)", re.MULTILINE)
_ITEM = re.compile(r"""^[ \t]*-[ \t]+["']?([^"'#\s]+)""", re.MULTILINE)


def targets(module: str, importer: Importer) -> Iterator[Path]:
    """Paths, perhaps without ending, in the package of this repository that `module` names.

    Sources come before what is built from them.
    """
    parts = module.split("/")
    count = 2 if module.startswith("@") else 1
    name, rest = "/".join(parts[:count]), "/".join(parts[count:])
    last = parts[:count][-1]
    for folder, table in importer.settings(_MANIFEST, json_table, _members(last, importer)):
        if table.get("name") == name:
            yield from _in_package(folder, table, rest)
            return


def _in_package(folder: Path, table: dict[str, Any], rest: str) -> Iterator[Path]:
    if rest:
        yield from (folder / rest, folder / "src" / rest)
        return
    yield from (folder / source for source in _SOURCES)
    for field in _FIELDS:
        yield from (folder / path for path in texts(table.get(field)))
    yield from (folder / path for path in islice(_leaves(table.get("exports")), _MOST_ENTRIES))


def _leaves(exports: object) -> Iterator[str]:
    """The paths that `exports` names for the package itself, whatever their conditions."""
    if isinstance(exports, dict):
        for key, value in exports.items():
            if key == "." or not key.startswith("."):
                yield from _leaves(value)
    elif isinstance(exports, str):
        yield exports


def _members(name: str, importer: Importer) -> Iterator[Path]:
    """The folders of the packages of one repository that may hold the one called `name`.

    That are those whose name is part of it, or the other way round, as people choose them: of
    hundreds of packages a few.
    """
    for folder, patterns in _patterns(importer):
        wanted = [each for each in patterns if not each.startswith("!")][:_MOST_PATTERNS]
        found = (each for pattern in wanted for each in _expand(folder, pattern.split("/")))
        fitting = (each for each in found if each.name in name or name in each.name)
        yield from islice(fitting, _MOST_MEMBERS)


def _patterns(importer: Importer) -> Iterator[tuple[Path, list[str]]]:
    for folder, table in importer.settings(_MANIFEST, json_table):
        workspaces = table.get("workspaces")
        listed = workspaces.get("packages") if isinstance(workspaces, dict) else workspaces
        yield folder, texts(listed)
    yield from importer.settings(_PNPM, _pnpm_packages)


def _pnpm_packages(text: str) -> list[str]:
    found = _PACKAGES.search(text)
    return _ITEM.findall(found[1]) if found else []


def _expand(folder: Path, parts: list[str]) -> Iterator[Path]:
    """The folders below `folder` that a pattern means; `**` is at most two folders deep."""
    if not parts:
        yield folder
    elif parts[0] in ("", "."):
        yield from _expand(folder, parts[1:])
    elif parts[0] == "..":  # not in this workspace, or reached another way
        return
    elif parts[0] == "**":
        for stars in ([], ["*"], ["*", "*"]):
            yield from _expand(folder, [*stars, *parts[1:]])
    elif "*" in parts[0]:
        for name in listing(folder).folders:
            if fnmatchcase(name, parts[0]) and name[0] != "." and name != "node_modules":
                yield from _expand(folder / name, parts[1:])
    else:
        yield from _expand(folder / parts[0], parts[1:])
