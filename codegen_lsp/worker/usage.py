"""What the other files of a workspace say for a docstring: who calls, and how one is written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from codegen_lsp.context.files import Rules, why_not
from codegen_lsp.context.index import Index
from codegen_lsp.context.locating import locate
from codegen_lsp.docstrings.content import StyleName
from codegen_lsp.docstrings.usual import usual_styles
from codegen_lsp.text import Snapshot

_MOST_CHUNKS = 8
_MOST_CALLERS = 3
_LONGEST_CALLER = 120


@dataclass(frozen=True, slots=True)
class Usage:
    """What a docstring may take from other files.

    Attributes:
        callers: lines that call the definition.
        style: that most docstrings in them have; None where they do not tell.
    """

    callers: tuple[str, ...] = ()
    style: StyleName | None = None


class UsageFinder:
    """Looks into the files of workspace folders; the style of each is learnt once."""

    def __init__(self, roots: Sequence[Path], rules: Rules) -> None:
        """Look into the folders `roots`; `rules` tell which files may be read."""
        self._roots = sorted(roots, key=lambda root: len(root.parts), reverse=True)
        self._rules = rules
        self._styles: dict[tuple[Path, str], StyleName | None] = {}

    def find(self, snapshot: Snapshot, name: str) -> Usage:
        """What there is for a docstring of the definition `name` in `snapshot`."""
        located = locate(snapshot.uri, self._roots)
        if located is None:
            return Usage()
        root, file = located
        return Usage(self._callers(root, file, name), self._style(root, snapshot.language))

    def _callers(self, root: Path, file: str, name: str) -> tuple[str, ...]:
        """Lines of other files that call `name`, by the index."""
        call = re.compile(rf"(?<![\w$])(?<!def ){re.escape(name)}\(")
        lines = [
            line.strip()
            for chunk in Index.open(root).search([name], _MOST_CHUNKS)
            if chunk.file != file and why_not(root, root / chunk.file, self._rules) is None
            for line in chunk.text.splitlines()
            if call.search(line) and len(line) <= _LONGEST_CALLER
        ]
        return tuple(dict.fromkeys(lines))[:_MOST_CALLERS]

    def _style(self, root: Path, language: str) -> StyleName | None:
        key = root, language
        if key not in self._styles:
            self._styles[key] = usual_styles(root, [language], self._rules).get(language)
        return self._styles[key]
