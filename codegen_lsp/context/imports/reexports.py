"""Re-exports: files that pass on names of others, such as a package's `__init__.py`."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from codegen_lsp.context.imports.settings import parsed
from codegen_lsp.syntax.imports import Import, imports
from codegen_lsp.syntax.parsing import parse

_PASSING = frozenset({"__init__", "index", "lib", "mod"})
_LARGEST = 64_000
_MOST_STARS = 10
_ALL_WITHOUT_NAMES = frozenset({"javascript", "javascriptreact", "typescript", "typescriptreact"})


def behind(path: Path, import_: Import, language: str) -> Iterator[Import]:
    """The imports of the file at `path` that give it what `import_` takes from it.

    First those that name it; if that is not all of it, those that take everything as well. Files
    that rarely pass anything on, by their name, are not read.
    """
    wanted = {name.name for name in import_.names} - {"*", "self"}
    if not wanted or path.stem not in _PASSING:
        return
    found = parsed(path, _reader(language), _LARGEST) or []
    for each in found:
        given = tuple(name for name in each.names if (name.alias or name.name) in wanted)
        if given:
            wanted -= {name.alias or name.name for name in given}
            yield replace(each, names=given)
    if wanted:
        yield from [each for each in found if _takes_all(each, language)][:_MOST_STARS]


def _takes_all(import_: Import, language: str) -> bool:
    """Whether it is `from x import *`, `pub use x::*` or `export * from 'x'`."""
    if not import_.names:
        return language in _ALL_WITHOUT_NAMES and not import_.alias
    return any(name.name == "*" and not name.alias for name in import_.names)


@cache
def _reader(language: str) -> Callable[[str], list[Import]]:
    def read(text: str) -> list[Import]:
        tree = parse(language, text)
        return [] if tree is None else imports(tree)

    return read
