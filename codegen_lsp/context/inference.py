"""Inference: what names near the cursor stand for: symbols and modules of the workspace.

No type checker: annotations, calls of classes and functions' result types are followed through
signatures, in all languages alike. What cannot be told so is left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from codegen_lsp.context import spelling
from codegen_lsp.context.bindings import Binding, module_files, passed_on, symbols_of
from codegen_lsp.context.library import CLASS_LIKE, DATA, Library
from codegen_lsp.context.place import Place
from codegen_lsp.context.records import Symbol

_SELF = frozenset({"self", "this", "cls", "super", "Self", "$this"})
_PACKAGE_WIDE = frozenset({"csharp", "go", "java", "kotlin", "swift"})
_MOST_STEPS = 4
_MOST_BASES = 8


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the workspace, by its files."""

    files: tuple[str, ...]


Meaning = Symbol | Module


class Inference:
    """Follows names as they are known at one place."""

    def __init__(self, place: Place, library: Library) -> None:
        self._place = place
        self._library = library
        self._bound: dict[str, list[Binding]] = {}
        self._declared: dict[str, list[Symbol]] = {}

    def add(self, bindings: Iterable[Binding]) -> None:
        """Make known what the file imports."""
        for binding in bindings:
            self._bound.setdefault(binding.alias, []).append(binding)

    def imports_file(self, file: str) -> bool:
        """Whether an import statement stands for `file`, alone or among others."""
        return any(
            file in binding.files for bindings in self._bound.values() for binding in bindings
        )

    def meanings(self, names: Sequence[str]) -> list[Meaning]:
        """What `a.b.c`, given as its names, may stand for; nothing where that cannot be told."""
        for count in range(len(names), 1, -1):  # Python's `import a.b`
            if module := self._imported(".".join(names[:count])):
                return self._behind(module, names, count)
        return self._behind(self._first(names[0]), names, 1) if names else []

    def members(self, meaning: Meaning) -> list[Symbol]:
        """What can be written behind its dot, each name once: inherited members come last."""
        if isinstance(meaning, Module):
            found = [each for file in meaning.files for each in self._library.of_file(file)]
            return [each for each in found if not each.container]
        members: dict[str, Symbol] = {}
        for owner in self.family(meaning):
            for member in self._library.members(owner):
                members.setdefault(member.name, member)
        return list(members.values())

    def family(self, symbol: Symbol) -> list[Symbol]:
        """The classes whose members it has: itself, or what it gives or holds, and their bases."""
        family: dict[tuple[str, str], Symbol] = {}
        waiting = self.classes_of(symbol)
        while waiting and len(family) < _MOST_BASES:
            each = waiting.pop(0)
            if (each.file, each.name) not in family:
                family[each.file, each.name] = each
                waiting += self._classes(spelling.bases(each), each)
        return list(family.values())

    def classes_of(self, symbol: Symbol) -> list[Symbol]:
        """The class itself, or the classes that a function gives or a variable holds."""
        if symbol.kind in CLASS_LIKE:
            return [symbol]
        return self._classes(spelling.results(symbol), symbol)

    def enclosing_classes(self) -> list[Symbol]:
        """The classes that the cursor stands in, outermost first."""
        found: list[Symbol] = []
        for each in self._place.around:
            name = each.name if each.kind in CLASS_LIKE else each.container
            known = [own for own in self._library.own if own.name == name]
            found += [own for own in known if own.kind in CLASS_LIKE][:1]
        return list(dict.fromkeys(found))

    def visible(self, name: str) -> list[Symbol]:
        """Top-level symbols called `name` that are known without being imported by that name."""
        opened = {
            file
            for bound in self._bound.values()
            for binding in bound
            if binding.name == "*" or self._place.language in ("c", "cpp")
            for file in binding.files
        }
        if not opened and self._place.language not in _PACKAGE_WIDE:
            return []  # what the index has of every name in reach would be looked up for nothing
        return [
            each
            for each in self._library.named(name)
            if not each.container and (each.file in opened or self._is_of_package(each))
        ]

    def _is_of_package(self, symbol: Symbol) -> bool:
        return self._place.language in _PACKAGE_WIDE and self._library.is_beside(symbol.file)

    def _behind(self, meanings: list[Meaning], names: Sequence[str], done: int) -> list[Meaning]:
        """Follow `names` from the one at `done` on; those before it stand for `meanings`."""
        for count in range(done, len(names)):
            found = [each for meaning in meanings for each in self._member(meaning, names[count])]
            meanings = found or list(self._declared_member(names[: count + 1]))
        return meanings

    def _declared_member(self, names: Sequence[str]) -> list[Symbol]:
        """The classes of `self.a`; fields may be declared without the `self`."""
        found = self._declared_as(".".join(names))
        is_own = len(names) == 2 and names[0] in _SELF
        return self._declared_as(names[1]) if is_own and not found else found

    def _member(self, meaning: Meaning, name: str) -> list[Meaning]:
        found: list[Meaning] = [each for each in self.members(meaning) if each.name == name]
        if found or not isinstance(meaning, Module):
            return found
        return list(passed_on(meaning.files, name, self._library))

    def _first(self, name: str) -> list[Meaning]:
        if name in _SELF:
            return list(self.enclosing_classes()[-1:])
        own = [each for each in self._library.own if each.name == name and not each.container]
        known: list[Meaning] = [each for each in own if each.kind not in DATA]
        imported = self._imported(name)
        symbols: list[Meaning] = [each for each in imported if isinstance(each, Symbol)]
        # A variable may be called as a module is.
        declared = self._declared_as(name) if not known and not symbols else []
        return known or symbols or list(declared) or imported or list(self.visible(name))

    def _imported(self, alias: str) -> list[Meaning]:
        found: list[Meaning] = []
        for binding in self._bound.get(alias, []):
            found += symbols_of(binding, self._library)
            files = module_files(binding, self._library)
            found += [Module(files)] if files else []
        return found

    def _declared_as(self, name: str) -> list[Symbol]:
        """The classes that a variable, dotted or not, is annotated or assigned with."""
        if name not in self._declared:
            self._declared[name] = []  # so that a variable assigned from itself comes to an end
            self._declared[name] = self._read_declarations(name)
        return self._declared[name]

    def _read_declarations(self, name: str) -> list[Symbol]:
        places = self._declarations.get(name, [])
        for what in spelling.nearest(places, self._place.offset):
            for text in spelling.types_and_values(what):
                if found := self._classes_in(text):
                    return found
        return []

    def _classes_in(self, text: str) -> list[Symbol]:
        """The classes that a type or an expression, as written here, may be of."""
        found = [
            each
            for chain in spelling.chains(text)
            for meaning in self.meanings(chain)
            if isinstance(meaning, Symbol)
            for each in self.classes_of(meaning)
        ]
        return list(dict.fromkeys(found))

    @cached_property
    def _declarations(self) -> dict[str, list[tuple[int, str]]]:
        return spelling.declarations(self._place.language, self._place.text)

    def _classes(self, names: Sequence[str], user: Symbol) -> list[Symbol]:
        """The classes that `names` mean in the signature of `user`."""
        found: list[Symbol] = []
        for name in names:
            named = self._library.named(name)
            if user.file == self._library.name:
                named = [each for each in self._imported(name) if isinstance(each, Symbol)] + named
            classes = [each for each in named if each.kind in CLASS_LIKE and each != user]
            same = [each for each in classes if each.file == user.file]
            found += (same or classes)[:1]
        return list(dict.fromkeys(found))
