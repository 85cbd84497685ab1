"""Imports of Rust: `mod` and `use`, in files laid out either way, and crates in local folders.

Modules with a body in the same file are not known here: `super` is the module of another file.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codegen_lsp.context.imports.project import Importer, is_file
from codegen_lsp.context.imports.settings import table_in, texts, toml_table
from codegen_lsp.syntax.imports import Import

_MANIFEST = "Cargo.toml"
_ROOTS = ("lib.rs", "main.rs")
_FOLDERS_OF_ROOTS = frozenset({"benches", "examples", "tests"})
_DEPENDENCIES = ("dependencies", "dev-dependencies", "build-dependencies")


@dataclass(frozen=True, slots=True)
class _Module:
    """A module: its file, None where there is none, and the folder of the modules in it."""

    file: Path | None
    folder: Path


def find(import_: Import, importer: Importer) -> list[Path]:
    """The file that the path leads to; where names are modules themselves, theirs."""
    parts = [part.strip().removeprefix("r#") for part in import_.module.split("::") if part]
    for start, rest in _starts(parts, importer):
        module = _descend(start, rest, importer)
        names = [name.name for name in import_.names] or ["self"]
        found = [_descend(module, [name], importer).file for name in names]
        if any(found):
            return [file for file in found if file is not None]
    return []


def _starts(parts: list[str], importer: Importer) -> Iterator[tuple[_Module, list[str]]]:
    """The modules that the path may begin at, and what is left of it."""
    module = _Module(importer.file, _folder_below(importer.file))
    if parts and parts[0] == "crate":
        yield _crate(importer.folders, importer), parts[1:]
    elif not parts or parts[0] in ("self", "super"):
        while parts and parts[0] in ("self", "super"):
            module = _above(module, importer) if parts[0] == "super" else module
            parts = parts[1:]
        yield module, parts
    else:
        if _descend(module, parts[:1], importer) is not module:
            yield module, parts
        folder = _folder_of_crate(parts[0], importer)
        if folder is not None:
            yield _crate([folder], importer), parts[1:]


def _descend(module: _Module, parts: list[str], importer: Importer) -> _Module:
    """The module that `parts` lead to from `module`, as far as they are modules with a file."""
    for part in parts:
        file = importer.first((module.folder / f"{part}.rs", module.folder / part / "mod.rs"))
        if file is None:
            break
        module = _Module(file, module.folder / part)
    return module


def _folder_below(file: Path) -> Path:
    above = file.parent.parent
    is_root = file.name in (*_ROOTS, "build.rs", "mod.rs") or (
        (file.parent.name in _FOLDERS_OF_ROOTS and is_file(above / _MANIFEST))
        or (file.parent.name == "bin" and above.name == "src")
    )
    return file.parent if is_root else file.with_suffix("")


def _above(module: _Module, importer: Importer) -> _Module:
    folder = module.folder.parent
    names = ("mod.rs", f"../{folder.name}.rs", *_ROOTS)
    return _Module(importer.first(folder / name for name in names), folder)


def _crate(folders: Iterable[Path], importer: Importer) -> _Module:
    """The root module of the crate whose manifest is in the first of `folders` that has one."""
    for folder, table in importer.settings(_MANIFEST, toml_table, folders):
        if "package" in table:
            named = texts(table_in(table, "lib").get("path"))
            candidates = [*named, *(f"src/{name}" for name in _ROOTS)]
            file = importer.first(folder / name for name in candidates)
            return _Module(file, folder / "src" if file is None else file.parent)
    return _Module(None, importer.root / "src")


def _folder_of_crate(name: str, importer: Importer) -> Path | None:
    """The folder of the crate that code calls `name`; None for one from elsewhere."""
    manifests = list(importer.settings(_MANIFEST, toml_table))
    for folder, table in manifests:
        if _in_code(str(table_in(table, "package").get("name"))) == name:
            return folder
        for kind in _DEPENDENCIES:
            for key in table_in(table, kind):
                if _in_code(key) == name:
                    return _folder_of_dependency(kind, key, (folder, table), manifests)
    return None


def _in_code(name: str) -> str:
    return name.replace("-", "_")


def _folder_of_dependency(
    kind: str,
    key: str,
    manifest: tuple[Path, dict[str, Any]],
    manifests: list[tuple[Path, dict[str, Any]]],
) -> Path | None:
    """Where a dependency lies, as its manifest or that of the workspace says."""
    folder, table = manifest
    dependency = table_in(table, kind, key)
    if dependency.get("workspace") is True:
        for folder, table in manifests:  # noqa: B007
            dependency = table_in(table, "workspace", "dependencies", key)
            if dependency:
                break
    path = dependency.get("path")
    return folder / path if isinstance(path, str) else None
