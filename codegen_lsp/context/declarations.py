"""Declarations: where one file gives its variables a type or a value."""

import re

from codegen_lsp.context import annotations
from codegen_lsp.context.place import Place
from codegen_lsp.syntax.definitions import Definition
from codegen_lsp.syntax.names import names

_FUNCTIONS = frozenset({"function", "method"})


class Declarations:
    """The declarations of the text that is read around a cursor; offsets are of that text."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._bound: dict[tuple[int, int], dict[str, list[int]]] = {}
        self._tested: dict[tuple[int, int], frozenset[str]] = {}

    def around(self, offset: int) -> list[Definition]:
        """The definitions around `offset`, outermost first."""
        around = self._place.around if offset == self._place.offset else []
        return around or [
            each for each in self._place.definitions if each.start <= offset < each.end
        ]

    def in_function(self, offset: int) -> dict[str, list[int]]:
        """Where each local name is bound in the outermost function around `offset`, before that."""
        span = self._function(offset)
        if span not in self._bound:
            found = self._bound[span] = {}
            bound = names(self._place.tree, *span).bound if span[0] < span[1] else ()
            for name, at in bound:
                if span[0] <= at < span[1] and self._place.text[at - 1 : at] != ".":
                    found.setdefault(name, []).append(at)
        return self._bound[span]

    def at_top(self, name: str) -> list[int]:
        """Where the file's own variable `name` is given a type or a value, outside of functions."""
        return self._declared(rf"^{re.escape(name)}\b", name)

    def of_member(self, written: str) -> list[int]:
        """Where a member, written as `self.name`, is given a type or a value."""
        return self._declared(rf"(?<![\w.]){re.escape(written)}\b", written)

    def is_tested(self, written: str, offset: int) -> bool:
        """Whether the function around `offset` asks what `written` is."""
        start, end = span = self._function(offset)
        if span not in self._tested:
            self._tested[span] = annotations.tested(self._place.text[start:end])
        return written.replace("()", "") in self._tested[span]

    def _declared(self, pattern: str, written: str) -> list[int]:
        text = self._place.text
        found = re.finditer(pattern, text, re.MULTILINE)
        return [
            each.start() for each in found if annotations.is_declared(text, each.start(), written)
        ]

    def _function(self, offset: int) -> tuple[int, int]:
        """Offsets of the outermost function around `offset`, as far as it is written before it."""
        start = next(
            (each.start for each in self.around(offset) if each.kind in _FUNCTIONS), offset
        )
        return start, offset
