"""Imports of Ruby, Lua and Bash: files named by their path from one of a few folders."""

from pathlib import Path

from codegen_lsp.context.imports.project import Importer
from codegen_lsp.syntax.imports import Import

_RUBY = ("lib", "", "app", "src")
_LUA = ("", "lua", "src", "lib")


def find_ruby(import_: Import, importer: Importer) -> list[Path]:
    """The file required: relative to this one, or below `lib` of a folder above."""
    name = import_.module if import_.module.endswith(".rb") else f"{import_.module}.rb"
    if import_.level:
        return importer.first_of([importer.file.parent / name])
    return importer.first_of(
        folder / usual / name for folder in importer.folders for usual in _RUBY
    )


def find_lua(import_: Import, importer: Importer) -> list[Path]:
    """The file of the module: dots are folders, and a folder has an `init.lua`."""
    path = import_.module.replace(".", "/")
    return importer.first_of(
        (
            folder / usual / f"{path}{ending}"
            for folder in importer.folders
            for usual in _LUA
            for ending in (".lua", "/init.lua")
        ),
    )


def find_shell(import_: Import, importer: Importer) -> list[Path]:
    """The file sourced: relative to this one, else to the root."""
    return importer.first_of(
        [folder / import_.module for folder in (importer.file.parent, importer.root)]
    )
