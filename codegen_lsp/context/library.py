"""Library: the symbols of the workspace as seen from one file, whose own text is the editor's.

What the index has of that file may be old, and would show an answer that was hidden on purpose, so
it counts for nothing here.
"""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Protocol

from codegen_lsp.context.place import Place
from codegen_lsp.context.records import Chunk, Symbol

CLASS_LIKE = frozenset({"class", "enum", "extension", "interface", "type"})
"""Kinds that may have members."""

DATA = frozenset({"constant", "variable"})
"""Kinds that hold a value."""

_MOST_PLACES = 64

_Groups = dict[str, list[Symbol]]


class Shelf(Protocol):
    """As much of an index as is read here."""

    def symbols(self, names: Sequence[str], limit: int) -> list[Symbol]:
        """The symbols of these exact names."""
        ...

    def symbols_of(self, file: str) -> list[Symbol]:
        """The symbols of a file, in its order."""
        ...

    def search(self, terms: Sequence[str], limit: int) -> list[Chunk]:
        """The chunks that hold these words, the best first."""
        ...


class Library:
    """Symbols by name, by file and by class; remembers what it has looked up.

    Attributes:
        name: of the file looked from.
        own: the symbols that its text defines.
    """

    def __init__(self, shelf: Shelf, name: str, place: Place) -> None:
        self.name = name
        self.own = _symbols(name, place)
        self._folders = name.split("/")[:-1]
        self._shelf = shelf
        self._named: dict[str, list[Symbol]] = {}
        self._of_file: dict[str, list[Symbol]] = {name: self.own}
        self._containers: dict[str, _Groups] = {}
        self._names: dict[str, _Groups] = {}

    def named(self, name: str) -> list[Symbol]:
        """Every symbol called `name`, those of the file itself first, then the closest files."""
        if name not in self._named:
            found = self._shelf.symbols([name], _MOST_PLACES)
            others = [symbol for symbol in found if symbol.file != self.name]
            others.sort(key=lambda symbol: (-self._closeness(symbol.file), symbol.file))
            self._named[name] = [symbol for symbol in self.own if symbol.name == name] + others
        return self._named[name]

    def of_file(self, file: str) -> list[Symbol]:
        """The symbols of `file`, in its order."""
        if file not in self._of_file:
            self._of_file[file] = self._shelf.symbols_of(file)
        return self._of_file[file]

    def members(self, owner: Symbol) -> list[Symbol]:
        """The members of a class, each name once, in the order of its file."""
        if owner.file not in self._containers:
            found = _grouped(self.of_file(owner.file), attrgetter("container"))
            self._containers[owner.file] = found
        members: dict[str, Symbol] = {}
        for symbol in self._containers[owner.file].get(owner.name, []):
            members.setdefault(symbol.name, symbol)
        return list(members.values())

    def owner(self, symbol: Symbol) -> Symbol | None:
        """The class that `symbol` stands in; None where it only belongs to one, as Go's methods."""
        if not symbol.container:
            return None
        if symbol.file not in self._names:
            self._names[symbol.file] = _grouped(self.of_file(symbol.file), attrgetter("name"))
        owners = [
            each
            for each in self._names[symbol.file].get(symbol.container, [])
            if each.kind in CLASS_LIKE
            and each.start_line <= symbol.start_line <= each.end_line
            and each != symbol
        ]
        return owners[-1] if owners else None

    def search(self, terms: Sequence[str], limit: int) -> list[Chunk]:
        """Chunks of other files that hold these words, the best first."""
        found = self._shelf.search(terms, limit)
        return [chunk for chunk in found if chunk.file != self.name]

    def is_beside(self, file: str) -> bool:
        """Whether `file` lies in the folder of the file looked from."""
        return file.split("/")[:-1] == self._folders

    def _closeness(self, file: str) -> int:
        """How many folders `file` shares with the file looked from, from the top."""
        shared = 0
        for here, there in zip(self._folders, file.split("/")[:-1], strict=False):
            if here != there:
                break
            shared += 1
        return shared


def _grouped(symbols: Sequence[Symbol], key: Callable[[Symbol], str]) -> _Groups:
    groups: _Groups = {}
    for symbol in symbols:
        groups.setdefault(key(symbol), []).append(symbol)
    return groups


def _symbols(name: str, place: Place) -> list[Symbol]:
    # What is being typed may hide the class around it from a reader of the whole text.
    known = {(each.name, each.container) for each in place.definitions}
    missing = [each for each in place.around if (each.name, each.container) not in known]
    return [
        Symbol(
            file=name,
            name=each.name,
            kind=each.kind,
            container=each.container,
            signature=each.signature,
            docstring=each.docstring,
            start_line=place.line_of(each.start),
            end_line=place.line_of(each.end),
        )
        for each in [*place.definitions, *missing]
    ]
