"""Imports of Go: packages are folders of modules, which `go.mod` names and `go.work` gathers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from codegen_lsp.context.imports.project import Importer
from codegen_lsp.syntax.imports import Import

_COMMENT = re.compile(r"//[^\n]*")
_MODULE = re.compile(r'^[ \t]*module[ \t]+"?([^\s"]+)', re.MULTILINE)
_REPLACED = re.compile(
    r"""^[ \t]*(?:replace[ \t]+)?"?([^\s"]+)"?(?:[ \t]+v\S+)?[ \t]+=>[ \t]+"""
    r""""?(\.{1,2}(?:/[^\s"]*)?)"?""",
    re.MULTILINE,
)
_USED = re.compile(r'^[ \t]*(?:use[ \t]+)?"?(\.{1,2}(?:/[^\s"]*)?)"?[ \t]*$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Module:
    """What a go.mod says: the module's path, and local folders by path of the module in them."""

    path: str
    replaced: tuple[tuple[str, str], ...]


def find(import_: Import, importer: Importer) -> list[Path]:
    """All files of the package but its tests."""
    folders = {
        folder / import_.module.removeprefix(path).strip("/"): len(path)
        for path, folder in _modules(importer)
        if import_.module == path or import_.module.startswith(f"{path}/")
    }
    for folder in sorted(folders, key=lambda folder: -folders[folder]):
        found = importer.files_in(folder, (".go",), but=("_test.go",))
        if found:
            return found
    return []


def _modules(importer: Importer) -> Iterator[tuple[str, Path]]:
    """The modules that the file may import from, by path, and their folders."""
    own = next(importer.settings("go.mod", _read_module), None)
    if own is None:
        return
    folder, module = own
    yield module.path, folder
    for path, where in module.replaced:
        yield path, folder / where
    for folder, used in importer.settings("go.work", _read_used):
        used_folders = [folder / where for where in used]
        for used_folder, other in importer.settings("go.mod", _read_module, used_folders):
            yield other.path, used_folder


def _read_module(text: str) -> _Module:
    text = _COMMENT.sub("", text)
    module = _MODULE.search(text)
    if module is None:
        raise ValueError("no module")
    return _Module(module[1], tuple(_REPLACED.findall(text)))


def _read_used(text: str) -> list[str]:
    return _USED.findall(_COMMENT.sub("", text))
