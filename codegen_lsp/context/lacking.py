"""Lacking: whether a class, a module or a function is sure not to have a name.

Only where all files are known that its members may come from. A class that the rules of `families`
cannot see through, and a module that takes names on in bulk, lack nothing.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from codegen_lsp.context import annotations, builtin_names
from codegen_lsp.context.families import Families, Family, is_decorated, is_open
from codegen_lsp.context.imports import resolve_all
from codegen_lsp.context.imports.project import MOST_FILES
from codegen_lsp.context.library import CLASS_LIKE
from codegen_lsp.context.packages import module_files
from codegen_lsp.context.receivers import SELF, Module, Receivers
from codegen_lsp.context.records import Symbol
from codegen_lsp.context.sources import has_word, is_dynamic_module, passes_everything
from codegen_lsp.syntax.imports import Import, ImportedName
from codegen_lsp.syntax.names import Name

Lack = Literal["certain", "likely", "none", "unknown"]
"""What is told: "none" if the name is there, "unknown" if the receiver is."""


def member_is_lacking(name: Name, families: Families) -> Lack:
    """Whether what `name` is joined to lacks a member of that name."""
    receivers = families.receivers
    owner = receivers.owner(receivers.value(name.owners))
    if owner is None:
        return _of_package(name, receivers)
    if isinstance(owner, Module):
        return _of_module(owner.files, name.text, receivers)
    known = families.of(owner)
    if _is_mixed_in(owner, name, receivers):
        return "none"
    if known is None:
        return "none" if is_open(owner, receivers) else "unknown"
    return _of_family(known, name.text, receivers)


def _is_mixed_in(owner: Symbol, name: Name, receivers: Receivers) -> bool:
    """Whether `self` may be of a class with further bases, as where a mixin is written."""
    if len(name.owners) != 1 or name.owners[0] not in SELF:
        return False
    return "mixin" in f"{owner.name}{owner.file}".lower() or receivers.is_self_annotated()


def argument_is_lacking(name: Name, families: Families) -> Lack:
    """Whether the function that `name` is given to has no parameter of that name."""
    receivers = families.receivers
    if receivers.language != "python" or name.owners[0] == "super()":
        return "unknown"
    called = receivers.value((*name.owners[:-1], f"{name.owners[-1]}()"))
    if not isinstance(called, Symbol):
        return "unknown"
    known: Family | None = None
    if called.kind in CLASS_LIKE:
        known = families.of(called)
        if known is None:
            return "unknown"
        made = known.member("__init__", receivers) or known.member("__new__", receivers)
        if made is None:
            return _of_family(known, name.text, receivers)
        called = made
    accepted = None if is_decorated(called, receivers) else annotations.parameters(called)
    if accepted is None:
        return "unknown"
    return "none" if name.text in accepted else "certain"


def import_is_lacking(name: Name, receivers: Receivers) -> Lack:
    """Whether the module that `name` is taken from, of the workspace, has nothing of that name."""
    written = name.owners[0]
    module = written.lstrip(".") if receivers.language == "python" else written
    level = len(written) - len(module) if receivers.language == "python" else 0
    if not level and module.partition(".")[0] in builtin_names.modules(receivers.language):
        return "unknown"
    import_ = Import(module, (ImportedName(name.text),), "", level, 0)
    file = receivers.root / receivers.library.name
    (paths,) = resolve_all([import_], receivers.language, file, receivers.root)
    if not paths:
        return _of_package_import(module, name.text, receivers) if not level else "unknown"
    files = tuple(path.relative_to(receivers.root).as_posix() for path in paths)
    return _of_module(files, name.text, receivers)


def _of_family(known: Family, name: str, receivers: Receivers) -> Lack:
    if name in known.members:
        return "none"
    texts = known.texts(receivers)
    if not any(has_word(text, name) for text in texts.values()):
        return "certain"
    inner = known.inner_texts(receivers)
    return "none" if any(has_word(text, name) for text in inner) else "likely"


def _of_module(files: Sequence[str], name: str, receivers: Receivers) -> Lack:
    if len(files) >= MOST_FILES:
        return "unknown"
    return _of_files([receivers.root / file for file in files], name, receivers)


def _of_files(paths: Sequence[Path], name: str, receivers: Receivers) -> Lack:
    """What the texts of a module's files say, and the modules beside a package's own."""
    texts = [receivers.text_at(path) for path in paths]
    if not texts or None in texts:
        return "unknown"
    if any(_is_module_beside(path, name) for path in paths):
        return "none"
    for text in filter(None, texts):
        if is_dynamic_module(text) or passes_everything(text) or has_word(text, name):
            return "none"
    return "certain"


def _is_module_beside(file: Path, name: str) -> bool:
    """Whether a module called `name` lies beside `file`, or is the file itself."""
    if name in (file.stem, file.parent.name):
        return True
    return any(file.parent.glob(f"{name}.*")) or (file.parent / name).is_dir()


def _of_package(name: Name, receivers: Receivers) -> Lack:
    """What an installed package says, where `name` is joined to its module."""
    if len(name.owners) != 1 or receivers.language != "python":
        return "unknown"
    module = receivers.external_module(name.owners[0])
    return "unknown" if module is None else _of_package_import(module, name.text, receivers)


def _of_package_import(module: str, name: str, receivers: Receivers) -> Lack:
    paths = module_files(module, receivers.root) if receivers.language == "python" else []
    return _of_files(paths, name, receivers)
