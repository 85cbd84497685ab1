"""Families: a class with all its bases, where every one of them is known and makes nothing up."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from codegen_lsp.context import annotations
from codegen_lsp.context.builtin_names import members_of_base
from codegen_lsp.context.receivers import Receivers
from codegen_lsp.context.records import Symbol
from codegen_lsp.context.sources import is_dynamic_class, lines_of

_MOST_CLASSES = 12
_MOST_DECORATORS = 10
_HARMLESS = re.compile(
    r"@(?:\w+\.)*(?:dataclass|final|runtime_checkable|total_ordering|deprecated|unique|"
    r"staticmethod|classmethod|abstractmethod|override|experimental|"
    r"property|cached_property|cache|lru_cache|contextmanager|asynccontextmanager)\b"
)


@dataclass(frozen=True, slots=True)
class Family:
    """A class and its bases.

    Attributes:
        classes: of the workspace, the class itself first.
        members: what other bases hand down.
    """

    classes: tuple[Symbol, ...]
    members: frozenset[str]

    def member(self, name: str, receivers: Receivers) -> Symbol | None:
        """The member of that name that the class has itself, or has from the first base with it."""
        found = (
            member
            for each in self.classes
            for member in receivers.library.members(each)
            if member.name == name
        )
        return next(found, None)

    def texts(self, receivers: Receivers) -> dict[str, str]:
        """The texts of the files that the classes stand in."""
        files = dict.fromkeys(each.file for each in self.classes)
        return {file: receivers.text_of(file) or "" for file in files}

    def inner_texts(self, receivers: Receivers) -> Iterator[str]:
        """The texts of the classes alone."""
        return (_inner_text(each, receivers) for each in self.classes)


class Families:
    """The families of classes, each looked at once."""

    def __init__(self, receivers: Receivers) -> None:
        self.receivers = receivers
        self._known: dict[Symbol, Family | None] = {}

    def of(self, owner: Symbol) -> Family | None:
        """See `family`."""
        if owner not in self._known:
            self._known[owner] = family(owner, self.receivers)
        return self._known[owner]


def family(owner: Symbol, receivers: Receivers) -> Family | None:
    """The family of the class `owner`; None where it may have members that nobody can see."""
    classes: dict[Symbol, None] = {}
    members: set[str] = set()
    waiting = [owner]
    while waiting:
        each = waiting.pop(0)
        if each in classes:
            continue
        classes[each] = None
        bases = None if is_open(each, receivers) else annotations.bases(each, receivers.language)
        if bases is None or len(classes) > _MOST_CLASSES:
            return None
        for base in bases:
            found = receivers.class_named(base, each.file)
            handed = members_of_base(base.rpartition(".")[2]) if found is None else frozenset()
            if handed is None or (found is None and receivers.language != "python"):
                return None
            members |= handed
            waiting += [] if found is None else [found]
    return Family(tuple(classes), frozenset(members))


def is_decorated(symbol: Symbol, receivers: Receivers) -> bool:
    """Whether a decorator may change what `symbol` is."""
    end = symbol.start_line - 1
    above = _lines(symbol, receivers)[max(end - _MOST_DECORATORS, 0) : end]
    for line in reversed(above):
        stripped = line.strip()
        if stripped.startswith("@"):
            if not _HARMLESS.match(stripped):
                return True
        elif not stripped.startswith((")", "#")) and not stripped.endswith(","):
            return False
    return False


def is_open(symbol: Symbol, receivers: Receivers) -> bool:
    """Whether the class can have members that its text does not name."""
    text = _inner_text(symbol, receivers)
    return not text or is_dynamic_class(text) or is_decorated(symbol, receivers)


def _inner_text(symbol: Symbol, receivers: Receivers) -> str:
    """The text of a class, of one that cannot be told from its file all of that; "" without one."""
    if symbol.file == receivers.library.name and not _is_read_whole(symbol, receivers):
        return receivers.text_of(symbol.file) or ""
    return "\n".join(_lines(symbol, receivers)[symbol.start_line - 1 : symbol.end_line])


def _is_read_whole(symbol: Symbol, receivers: Receivers) -> bool:
    """Whether it is sure where a class of the edited file ends.

    Not where the cursor stands in it, nor where the file is so long that parts of it are not read.
    """
    place = receivers.place
    if len(place.text) != len(receivers.text_of(symbol.file) or ""):
        return False
    return not symbol.start_line <= place.line_of(place.offset) <= symbol.end_line + 1


def _lines(symbol: Symbol, receivers: Receivers) -> list[str]:
    """The lines of the text that those of `symbol` are counted in."""
    if symbol.file == receivers.library.name:
        return lines_of(receivers.place.text)
    return lines_of(receivers.text_of(symbol.file) or "")
