"""Imports: the files of the workspace that import statements stand for.

One module per family of languages knows where its modules lie; this one asks them. Nothing is
imported or run, nothing outside the workspace is found, and whether a file may be read into a
prompt is not asked here.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from codegen_lsp.context.imports import (
    csharp,
    golang,
    headers,
    javascript,
    jvm,
    php,
    python,
    reexports,
    rust,
    scripts,
)
from codegen_lsp.context.imports.project import MOST_FILES, Importer
from codegen_lsp.syntax.imports import Import

MOST_IMPORTS = 200
"""Imports of one file that are looked up; those that follow are taken for a generated file's."""

_Resolver = Callable[[Import, Importer], Iterable[Path]]

RESOLVERS: dict[str, _Resolver] = {
    "c": headers.find,
    "cpp": headers.find,
    "csharp": csharp.find,
    "go": golang.find,
    "java": jvm.find,
    "javascript": javascript.find,
    "javascriptreact": javascript.find,
    "kotlin": jvm.find,
    "lua": scripts.find_lua,
    "php": php.find,
    "python": python.find,
    "ruby": scripts.find_ruby,
    "rust": rust.find,
    "shellscript": scripts.find_shell,
    "typescript": javascript.find,
    "typescriptreact": javascript.find,
}
"""What finds the files of an import, by LSP language identifier."""


def resolve(import_: Import, language: str, file: Path, root: Path) -> list[Path]:
    """The files of the workspace that `import_` stands for, those that say most first.

    That is the module's file, or the files of a module that is a folder, as in Go; where names of
    it are modules themselves, their files. A file that only passes names on comes after those
    that it takes them from.

    Args:
        import_: from the text of `file`.
        language: LSP language identifier of that text.
        file: need not exist.
        root: the workspace's folder.

    Returns:
        Paths below `root`, each file once and by its name without symbolic links, at most
        `MOST_FILES`; none for what is not in the workspace.
    """
    return resolve_all([import_], language, file, root)[0]


def resolve_all(
    imports: Sequence[Import], language: str, file: Path, root: Path
) -> list[list[Path]]:
    """For each of `imports`, all from `file`, what `resolve` says; the first `MOST_IMPORTS` only.

    Faster than one by one: what they have in common is looked up once.
    """
    real_root = Path(os.path.realpath(root))
    # A file that is a link means what lies beside the link.
    importer = Importer(Path(os.path.realpath(file.parent)) / file.name, real_root, language)
    return [
        [root / path.relative_to(real_root) for path in _resolved(import_, importer)]
        for import_ in imports[:MOST_IMPORTS]
    ]


def _resolved(import_: Import, importer: Importer) -> list[Path]:
    resolver = RESOLVERS.get(importer.language)
    if resolver is None:
        return []
    direct = _distinct(resolver(import_, importer))
    behind = (
        path
        for passing in direct
        for each in reexports.behind(passing, import_, importer.language)
        for path in resolver(each, replace(importer, file=passing))
    )
    return [path for path in _distinct([*behind, *direct]) if path != importer.file]


def _distinct(paths: Iterable[Path]) -> list[Path]:
    """Each file once, although where case is ignored, or by hard links, it has several names."""
    found: dict[tuple[int, int], Path] = {}
    for path in paths:
        try:
            status = path.stat()
        except OSError:  # it has just gone
            continue
        found.setdefault((status.st_dev, status.st_ino), path)
        if len(found) == MOST_FILES:
            break
    return list(found.values())
