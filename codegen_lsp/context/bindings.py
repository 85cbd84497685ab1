"""Bindings: what the names that a file imports stand for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from posixpath import basename, dirname, splitext

from codegen_lsp.context.imports import MOST_IMPORTS, resolve_all
from codegen_lsp.context.library import Library
from codegen_lsp.context.place import Place
from codegen_lsp.context.records import Symbol
from codegen_lsp.syntax.imports import Import

_BATCH = 20


@dataclass(frozen=True, slots=True)
class Binding:
    """A name that an import statement makes known.

    Attributes:
        alias: what it is called in the importing file; dotted for Python's `import a.b`.
        name: what its module calls it: "default" and "*" as in `ImportedName`; "" for the module.
        module: as written; "" for a relative one.
        offset: of the statement.
        files: of the workspace that the module stands for, that say most first; none outside it.
    """

    alias: str
    name: str
    module: str
    offset: int
    files: tuple[str, ...]


def bindings(place: Place, file: Path, root: Path) -> Iterator[list[Binding]]:
    """All bindings of `place`, a few statements at a time; some time may pass between."""
    for start in range(0, min(len(place.imports), MOST_IMPORTS), _BATCH):
        batch = place.imports[start : start + _BATCH]
        found: list[Binding] = []
        for import_, paths in zip(
            batch, resolve_all(batch, place.language, file, root), strict=True
        ):
            files = tuple(path.relative_to(root).as_posix() for path in paths)
            found += _of(import_, files)
        yield found


def symbols_of(binding: Binding, library: Library) -> list[Symbol]:
    """The symbols that `binding` names; none for a module as such."""
    if binding.name in ("", "*") or not binding.files:
        return []
    if binding.name == "default":
        return _default(binding, library)
    named = [each for each in library.named(binding.name) if not each.container]
    exact = [each for each in named if each.file in binding.files]
    return exact or passed_on(binding.files, binding.name, library)


def passed_on(files: Sequence[str], name: str, library: Library) -> list[Symbol]:
    """The symbol `name` of a file below one of `files` that are a package's own.

    It may be passed on in ways that cannot be read, such as a loop over a package's modules.
    """
    folders = tuple(f"{dirname(file)}/" for file in files if _is_package(file))
    named = [each for each in library.named(name) if not each.container]
    return [each for each in named if each.file.startswith(folders)][:1]


def module_files(binding: Binding, library: Library) -> tuple[str, ...]:
    """The files whose symbols are members of the name, if `binding` may be of a module."""
    if binding.name in ("", "*"):
        return binding.files
    return tuple(file for file in binding.files if _module_name(file) == binding.name)


def _of(import_: Import, files: tuple[str, ...]) -> Iterator[Binding]:
    module = "" if import_.level else import_.module
    if not import_.names:
        alias = import_.alias or _called(import_.module)
        yield Binding(alias, "", module, import_.offset, files)
    for each in import_.names:
        alias = each.alias or ("" if each.name in ("*", "default") else each.name)
        yield Binding(alias, each.name, module, import_.offset, files)


def _called(module: str) -> str:
    """What a module without an alias is called: Python by its dotted name, others by the last."""
    return splitext(basename(module))[0] if "/" in module else module


def _module_name(file: str) -> str:
    return basename(dirname(file)) if _is_package(file) else splitext(basename(file))[0]


def _is_package(file: str) -> bool:
    return splitext(basename(file))[0] in ("__init__", "index", "lib", "mod")


def _default(binding: Binding, library: Library) -> list[Symbol]:
    """What a file most likely exports by default: what is called so, or the first that it has."""
    found: Sequence[Symbol] = [
        each for file in binding.files[:1] for each in library.of_file(file) if not each.container
    ]
    same = [each for each in found if each.name.lower() == binding.alias.lower()]
    exported = [each for each in found if "default" in each.signature.split("(")[0]]
    return (same or exported or list(found))[:1]
