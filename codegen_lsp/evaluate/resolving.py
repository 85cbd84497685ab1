"""Which file of a project defines a name, as Jedi's static analysis sees it."""

import warnings
from pathlib import Path
from typing import Any

from codegen_lsp.errors import UsageError
from codegen_lsp.evaluate.replay_text import Source


class Resolver:
    """Resolves names of a project's files; imports nothing of it and reads no installed package."""

    def __init__(self, folder: Path) -> None:
        """Resolve in `folder`: a project, or a package in one.

        Raises:
            UsageError: Jedi is not installed.
        """
        try:
            import jedi  # noqa: PLC0415 - needed for this benchmark alone
        except ImportError:
            message = "this benchmark needs Jedi: install it with pip install 'codegen-lsp[bench]'"
            raise UsageError(message) from None
        self._script = jedi.Script
        self._folder = folder
        top = folder
        while (top / "__init__.py").is_file():
            top = top.parent
        self._project = jedi.Project(top, sys_path=[str(top)], smart_sys_path=False)
        self._environment = jedi.InterpreterEnvironment()
        self._latest: tuple[str, Any] = ("", None)

    def is_foreign(self, source: Source, line: int, column: int) -> bool:
        """Whether the name at `line` (from one) and `column` is one that another file defines.

        A name that Jedi cannot tell is none.
        """
        own = self._folder / source.name
        try:
            with warnings.catch_warnings(action="ignore"):  # of modules of other systems
                found = self._of(source, own).goto(line, column, follow_imports=True)
        except Exception:  # Jedi raises all kinds on code that it does not understand
            return False
        return any(
            each.type != "module"
            and each.module_path is not None
            and each.module_path != own
            and each.module_path.is_relative_to(self._folder)
            for each in found
        )

    def _of(self, source: Source, path: Path) -> Any:
        if self._latest[0] != source.name:
            script = self._script(
                source.text, path=path, project=self._project, environment=self._environment
            )
            self._latest = source.name, script
        return self._latest[1]
