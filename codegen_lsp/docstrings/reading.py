"""What a file says that the docstring of one of its definitions may need."""

import re
import textwrap
from dataclasses import dataclass
from functools import lru_cache

from codegen_lsp.docstrings.words import Code
from codegen_lsp.syntax.parsing import parse
from codegen_lsp.syntax.remainder import identifiers
from codegen_lsp.syntax.signatures import documentables
from codegen_lsp.syntax.signatures.facts import Documentable
from codegen_lsp.text import Snapshot

_LINE_END = re.compile(r"\r\n|\n|\r")
_MOST_CALLERS = 3
_LONGEST_CALLER = 120


@dataclass(frozen=True, slots=True)
class File:
    """A file as far as its documentation is concerned.

    Attributes:
        definitions: what can be documented in it, in its order.
        names: its identifiers.
    """

    definitions: tuple[Documentable, ...] = ()
    names: frozenset[str] = frozenset()

    @property
    def docstrings(self) -> list[str]:
        """The docstrings that are there, as they stand in the file."""
        return [each.existing.text for each in self.definitions if each.existing is not None]


@lru_cache(maxsize=2)
def read(language: str, text: str) -> File:
    """What stands in `text`; nothing for a language whose definitions are not known."""
    tree = parse(language, text)
    if tree is None:
        return File()
    return File(tuple(documentables(tree)), identifiers(tree))


def code_of(snapshot: Snapshot, documentable: Documentable, callers: tuple[str, ...]) -> Code:
    """What may be read to write about `documentable`, a definition in `snapshot`.

    Args:
        snapshot: the document.
        documentable: the definition.
        callers: lines of other files that use it; those of its own file come before them.
    """
    file = read(snapshot.language, snapshot.text)
    own = _callers(snapshot.text, documentable)
    return Code(
        documentable,
        snapshot.language,
        _source(snapshot.text, documentable),
        (*own, *callers)[:_MOST_CALLERS],
        file.names,
    )


def _source(text: str, documentable: Documentable) -> str:
    r"""The definition without its docstring, `\n` between its lines, the first not indented."""
    start, end, existing = documentable.start, documentable.end, documentable.existing
    source = text[start:end]
    if existing is not None and start <= existing.start:
        before = text[start : existing.start].rstrip(" \t")
        after = re.sub(r"^[ \t;]*(?:\r\n|\n|\r)?", "", text[existing.end : end], count=1)
        source = before + after
    line_start = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    lead = text[line_start:start]
    lead = lead if not lead.strip() else ""
    return textwrap.dedent(_LINE_END.sub("\n", lead + source)).rstrip()


def _callers(text: str, documentable: Documentable) -> tuple[str, ...]:
    """Lines outside the definition that call it, without the white space around them."""
    call = re.compile(rf"(?<![\w$])(?<!def ){re.escape(documentable.name)}\(")
    lines = []
    for found in call.finditer(text):
        if not documentable.start <= found.start() < documentable.end:
            start = max(text.rfind("\n", 0, found.start()), text.rfind("\r", 0, found.start())) + 1
            end = _LINE_END.search(text, found.end())
            lines.append(text[start : end.start() if end else len(text)].strip())
    return tuple(dict.fromkeys(line for line in lines if len(line) <= _LONGEST_CALLER))
