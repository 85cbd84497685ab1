"""Receivers: what stands before a dot, followed only as far as it is sure what it is.

`Inference` guesses, for whom a wrong guess costs a line of context. Here a wrong one would call
right code wrong: two declarations that differ, a test of the type, a union or a name that cannot
be followed mean that nothing is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from codegen_lsp.context import annotations, builtin_names
from codegen_lsp.context.bindings import Binding, bindings, module_files, symbols_of
from codegen_lsp.context.declarations import Declarations
from codegen_lsp.context.library import CLASS_LIKE, DATA, Library, Shelf
from codegen_lsp.context.place import Place, place_at
from codegen_lsp.context.records import Symbol
from codegen_lsp.context.sources import text_of_file
from codegen_lsp.text import Snapshot

SELF = frozenset({"cls", "self", "super()", "this"})

_MOST_STEPS = 6


@dataclass(frozen=True, slots=True)
class Module:
    """A module by its files, from the workspace's root."""

    files: tuple[str, ...]


Value = Symbol | Module
"""What a name stands for; a class also for what is made of it."""


class Receivers:
    """Follows the names of one file, as they are known at one place."""

    def __init__(
        self, place: Place, library: Library, bound: Sequence[Binding], root: Path, text: str
    ) -> None:
        """Follow names.

        Args:
            place: the cursor's.
            library: the workspace's symbols.
            bound: what the file imports.
            root: the workspace's folder.
            text: the whole of the file.
        """
        self.place = place
        self.library = library
        self.root = root
        self._text = text
        self._bindings: dict[str, list[Binding]] = {}
        own_modules = builtin_names.modules(place.language)
        for binding in bound:
            # A folder of the workspace may be called as one of the language's own modules is.
            if binding.module.partition(".")[0] not in own_modules:
                self._bindings.setdefault(binding.alias, []).append(binding)
        self._declarations = Declarations(place)
        self._values: dict[tuple[str, ...], Value | None] = {}
        self._classes: dict[tuple[str, str], Symbol | None] = {}
        self._steps = 0

    @property
    def language(self) -> str:
        """LSP identifier of the file's language."""
        return self.place.language

    def text_of(self, file: str) -> str | None:
        """The text of `file`, the editor's own for the file looked from; None if it has none."""
        return self.text_at(self.root / file)

    def text_at(self, path: Path) -> str | None:
        """The text of the file at `path`; see `text_of`."""
        return self._text if path == self.root / self.library.name else text_of_file(path)

    def value(self, chain: Sequence[str]) -> Value | None:
        """What `chain`, the names of `a.b().c`, stands for at the cursor."""
        key = tuple(chain)
        if key not in self._values:
            self._steps = 0
            self._values[key] = self._value(key, self.place.offset)
        return self._values[key]

    def owner(self, value: Value | None) -> Value | None:
        """The class or module whose members `value` has."""
        if value is None or isinstance(value, Module) or value.kind in CLASS_LIKE:
            return value
        written = annotations.of_symbol(value, self.language)
        return None if written is None else self._type(written, value.file)

    def class_named(self, name: str, file: str) -> Symbol | None:
        """The class that `name` means at the top of `file`."""
        key = (name, file)
        if key not in self._classes:
            self._classes[key] = self._class_named(name, file)
        return self._classes[key]

    def _class_named(self, name: str, file: str) -> Symbol | None:
        if "." in name:
            found = self._value(name.split("."), 0) if file == self.library.name else None
            return found if isinstance(found, Symbol) and found.kind in CLASS_LIKE else None
        own = [each for each in self.library.of_file(file) if each.name == name]
        classes = [each for each in own if each.kind in CLASS_LIKE]
        if not own:
            imported = [
                symbol
                for binding in self._bound(name, file)
                for symbol in symbols_of(binding, self.library)
            ]
            own = classes = [each for each in imported if each.kind in CLASS_LIKE]
        return classes[0] if len(own) == 1 and len(classes) == 1 else None

    def is_self_annotated(self) -> bool:
        """Whether the function around the cursor says itself what its `self` is."""
        places = self._declarations.in_function(self.place.offset).get("self", [])
        return any(self.place.text[at + 4 : at + 5] == ":" for at in places)

    def external_module(self, alias: str) -> str | None:
        """The module from outside the workspace that `alias` is imported as, and nothing else."""
        found = self._bindings.get(alias, [])
        own = [each for each in self.library.own if each.name == alias]
        if len(found) != 1 or own or alias in self._declarations.in_function(self.place.offset):
            return None
        return found[0].module if not found[0].name and not found[0].files else None

    def _bound(self, name: str, file: str) -> list[Binding]:
        """The imports of `file` that make `name` known."""
        if file == self.library.name:
            return self._bindings.get(name, [])
        text = self.text_of(file)
        if text is None:
            return []
        statements = "\n".join(annotations.import_statements(text, name, self.language))
        place = place_at(self.language, statements, 0) if statements else None
        batches = bindings(place, self.root / file, self.root) if place is not None else ()
        return [each for batch in batches for each in batch if each.alias == name]

    def _value(self, chain: Sequence[str], offset: int) -> Value | None:
        self._steps += 1
        if self._steps > _MOST_STEPS or not chain:
            return None
        module, start = self._imported_module(chain)
        value: Value | None = module
        if module is None:
            value, start = self._first(chain[0], offset), 1
        for at in range(start, len(chain)):
            value = self._member(self.owner(value), chain[: at + 1], offset)
        return value

    def _imported_module(self, chain: Sequence[str]) -> tuple[Module | None, int]:
        """The module of Python's `import a.b` that `chain` begins with; how many names that is."""
        for count in range(len(chain), 1, -1):
            for binding in self._bindings.get(".".join(chain[:count]), []):
                return Module(binding.files) if binding.files else None, count
        return None, 0

    def _first(self, link: str, offset: int) -> Value | None:
        if link in SELF:
            return self._own_class(offset)
        name = link.removesuffix("()")
        if name in self._declarations.in_function(offset):
            # What calling the value of a variable gives is another matter.
            return self._variable(name, offset) if link == name else None
        own = [each for each in self.library.own if each.name == name and not each.container]
        if own:
            is_data = any(each.kind in DATA for each in own)
            places = self._declarations.at_top(name)
            if is_data:
                return self._agreed(places, name) if link == name else None
            return _only(own, link)
        found = self._bindings.get(name, [])
        symbols = [each for binding in found for each in symbols_of(binding, self.library)]
        if symbols:
            return _only(symbols, link)
        modules = [module_files(binding, self.library) for binding in found]
        return Module(modules[0]) if len(modules) == 1 and modules[0] else None

    def _member(self, owner: Value | None, chain: Sequence[str], offset: int) -> Value | None:
        """What the last name of `chain` is, all before it being `owner`."""
        name = chain[-1].removesuffix("()")
        if isinstance(owner, Module):
            found = [each for file in owner.files for each in self.library.of_file(file)]
            return _only([e for e in found if e.name == name and not e.container], chain[-1])
        if owner is None or self._declarations.is_tested(".".join(chain), offset):
            return None
        member = self._inherited(owner, name)
        if member is not None:
            return member if _is_plain(member, chain[-1]) else None
        written = f"{chain[0]}.{name}"
        is_own = chain[0] in SELF and len(chain) == 2 and chain[-1] == name
        return self._agreed(self._declarations.of_member(written), written) if is_own else None

    def _inherited(self, owner: Symbol, name: str) -> Symbol | None:
        """The member called `name` of a class or of the first base that has one."""
        waiting, seen = [owner], 0
        while waiting and seen < _MOST_STEPS:
            each, seen = waiting.pop(0), seen + 1
            found = [member for member in self.library.members(each) if member.name == name]
            if found:
                return found[0]
            if each.file == self.library.name and len(self.place.text) != len(self._text):
                return None  # what is not read of the file may have it
            bases = annotations.bases(each, self.language) or ()
            known = (self.class_named(base, each.file) for base in bases)
            waiting += [base for base in known if base is not None]
        return None

    def _own_class(self, offset: int) -> Symbol | None:
        """The class that the place at `offset` stands in."""
        around = self._declarations.around(offset)
        names = [each.name if each.kind in CLASS_LIKE else each.container for each in around]
        own = [each for each in self.library.own if each.kind in CLASS_LIKE]
        found = [each for name in names if name for each in own if each.name == name]
        return found[-1] if found else None

    def _variable(self, name: str, offset: int) -> Value | None:
        """What the variable `name` holds, of the function around `offset`."""
        if self._declarations.is_tested(name, offset):
            return None
        return self._agreed(self._declarations.in_function(offset)[name], name)

    def _agreed(self, places: Sequence[int], written: str) -> Value | None:
        """What all declarations of the name `written`, each at its offset, mean alike."""
        values: list[Value | None] = []
        for at in places:
            what = annotations.declared(self.place.text, at + len(written))
            if what is None or what.text != "None":
                values.append(self._meant(what, at))
        return values[0] if values and all(each == values[0] for each in values) else None

    def _meant(self, what: annotations.Declared | None, offset: int) -> Value | None:
        if what is None:
            return None
        if what.is_type:
            return self._type(what.text, self.library.name)
        return self.owner(self._value(annotations.chain_of(what.text), offset))

    def _type(self, written: str, file: str) -> Symbol | None:
        name = annotations.plain_type(written)
        return None if name is None else self.class_named(name, file)


def surroundings(
    snapshot: Snapshot, offset: int, name: str, root: Path, shelf: Shelf
) -> Receivers | None:
    """What can be followed from `offset` of the file `name` of the workspace at `root`."""
    place = place_at(snapshot.language, snapshot.text, offset)
    if place is None:
        return None
    library = Library(shelf, name, place)
    bound = [each for batch in bindings(place, root / name, root) for each in batch]
    return Receivers(place, library, bound, root, snapshot.text)


def _only(found: Sequence[Symbol], link: str) -> Symbol | None:
    """The one that all of `found` are, overloads of a function; None where they differ."""
    first = found[0] if found else None
    is_same = first is not None and all(
        (each.kind, each.file) == (first.kind, first.file) for each in found
    )
    return first if is_same and first is not None and _is_plain(first, link) else None


def _is_plain(symbol: Symbol, link: str) -> bool:
    """Whether `link` is used as `symbol` can be followed: a function called, a value not."""
    if symbol.kind == "function":
        return link.endswith("()")
    return symbol.kind not in DATA or not link.endswith("()")
