"""Candidates: definitions that the code at the cursor may need, each with its score.

A score is trust times relevance. Trust says how surely a name means this definition; relevance, how
likely it is needed at the cursor: as near as its name is used, or as like it is to the words there.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from codegen_lsp.context.bindings import Binding, module_files, symbols_of
from codegen_lsp.context.chosen import Source
from codegen_lsp.context.inference import Inference, Module
from codegen_lsp.context.library import CLASS_LIKE, DATA, Library
from codegen_lsp.context.packages import signatures
from codegen_lsp.context.place import Place, Use, words_of
from codegen_lsp.context.records import Symbol

TRUST: Mapping[str, float] = MappingProxyType(
    {
        "receiver": 1.0,  # a member of what stands before the dot at the cursor
        "import": 0.9,
        "base": 0.8,
        "type": 0.7,  # of a variable used near the cursor
        "scope": 0.6,
        "package": 0.5,
        "guess": 0.5,  # the only method of that name
    }
)
"""By how a definition was found."""

_MEMBER, _FIELD, _CONSTRUCTOR, _PRIVATE = 0.15, 0.4, 0.6, 0.3
_CONSTRUCTORS = frozenset({"__init__", "constructor", "__construct", "initialize", "new"})
_RECENT = 1.1  # times the score: what is in a file that was open or edited lately
_NEAR = 0.5  # from here on packages are asked
_MOST_GUESSES = 2
_MOST_MEMBERS, _MOST_IN_MODULE = 400, 300


@dataclass(frozen=True, slots=True)
class Candidate:
    """A definition.

    Attributes:
        symbol: what is defined.
        owner: the class that it is shown in; None at the top level.
        source: what it was found by.
        score: above 0, at most 1.
    """

    symbol: Symbol
    owner: Symbol | None
    source: Source
    score: float


class Finder:
    """Finds candidates for one place; every method is a source and yields the best first."""

    def __init__(
        self, place: Place, library: Library, inference: Inference, recent: Collection[str]
    ) -> None:
        """Look around at `place`; `recent` names files that were open or edited lately."""
        self._place = place
        self._recent = recent
        self._library = library
        self._inference = inference

    def at_cursor(self) -> Iterator[Candidate]:
        """Members of what stands before the dot at the cursor."""
        typed = self._place.typed.lower()
        for meaning in self._inference.meanings(self._place.receiver):
            for member in self._inference.members(meaning):
                fits = member.name.lower().startswith(typed)
                relevance = self._relevance(member, 0.5) if fits else 0.1
                yield from self._shown(member, TRUST["receiver"] * relevance)

    def imported(self, bindings: Sequence[Binding]) -> Iterator[Candidate]:
        """What the file imports by name, with the members of classes and of modules."""
        for binding in bindings:
            need = self._place.need_of(binding.alias)
            symbols = symbols_of(binding, self._library)
            for symbol in symbols:
                yield from self._with_members(symbol, TRUST["import"] * need)
            if not symbols:
                yield from self._of_module(module_files(binding, self._library))

    def _of_module(self, files: Sequence[str]) -> Iterator[Candidate]:
        """What a module has that sounds like the words near the cursor."""
        for member in self._inference.members(Module(tuple(files)))[:_MOST_IN_MODULE]:
            yield from self._shown(member, TRUST["import"] * self._relevance(member, 0))

    def used(self) -> Iterator[Candidate]:
        """What names near the cursor stand for: members, functions of modules, visible names."""
        for use in self._place.uses:
            found = False
            for meaning in self._inference.meanings((*use.owners, use.name)):
                if isinstance(meaning, Symbol):
                    found = True
                    yield from self._for_use(use, meaning)
            if not found and use.owners:
                yield from self._guessed(use)
            elif not use.owners:
                for own in self._library.own:
                    if own.name == use.name and own.kind in DATA and not own.container:
                        yield from self._shown(own, TRUST["scope"] * use.nearness)

    def inherited(self) -> Iterator[Candidate]:
        """Members of the classes that the class around the cursor extends."""
        for own in self._inference.enclosing_classes()[-1:]:
            for member in self._inference.members(own):
                if member.file != self._library.name:
                    relevance = self._relevance(member, _floor(member))
                    yield from self._shown(member, TRUST["base"] * relevance)

    def scope(self) -> Iterator[Candidate]:
        """The headers that the cursor stands under, the innermost first."""
        for each in reversed(self._place.around):
            for own in self._library.own:
                if own.name == each.name and own.container == each.container:
                    yield from self._shown(own, TRUST["scope"])

    def packaged(self, bindings: Sequence[Binding], root: Path) -> Iterator[Candidate]:
        """What installed packages have of the names used at the cursor."""
        if self._place.language != "python":
            return
        outside = [each for each in bindings if each.module and not each.files]
        for use in self._place.uses:
            if use.nearness < _NEAR:
                return
            for binding in outside:
                if name := _taken(use, binding):
                    for symbol in signatures(binding.module, [name], root):
                        if not symbol.container:
                            score = TRUST["package"] * use.nearness
                            yield Candidate(symbol, None, "package", score)

    def _for_use(self, use: Use, symbol: Symbol) -> Iterator[Candidate]:
        if symbol.name == use.name:
            yield from self._shown(symbol, TRUST["import"] * use.nearness)
        else:  # a variable's class
            yield from self._with_members(symbol, TRUST["type"] * use.nearness)
        if symbol.kind not in CLASS_LIKE and use.nearness > 0.5:
            for each in self._inference.classes_of(symbol):
                yield from self._with_members(each, 0.6 * TRUST["type"] * use.nearness)

    def _guessed(self, use: Use) -> Iterator[Candidate]:
        """Methods by their name alone, if hardly any other is called so.

        A name of one word, such as `append`, may well be a library's.
        """
        named = [each for each in self._library.named(use.name) if each.container]
        if len(words_of(use.name)) > 1 and len(named) <= _MOST_GUESSES:
            for symbol in named:
                yield from self._shown(symbol, TRUST["guess"] * use.nearness / len(named))

    def _with_members(self, symbol: Symbol, score: float) -> Iterator[Candidate]:
        yield from self._shown(symbol, score)
        if symbol.kind in CLASS_LIKE:
            for member in self._inference.members(symbol)[:_MOST_MEMBERS]:
                yield from self._shown(member, score * self._relevance(member, _floor(member)))

    def _shown(self, symbol: Symbol, score: float) -> Iterator[Candidate]:
        if score > 0:
            owner = self._library.owner(symbol)
            source = self._source(symbol)
            score *= _RECENT if source == "recent" else 1
            yield Candidate(symbol, owner, source, min(score, 1.0))

    def _source(self, symbol: Symbol) -> Source:
        if symbol.file == self._library.name:
            return "scope"
        if symbol.file in self._recent:
            return "recent"
        return "import" if self._inference.imports_file(symbol.file) else "symbol"

    def _relevance(self, symbol: Symbol, floor: float) -> float:
        is_private = symbol.name.startswith("_") and symbol.name not in _CONSTRUCTORS
        return self._place.relevance(symbol.name, floor * (_PRIVATE if is_private else 1))


def _taken(use: Use, binding: Binding) -> str:
    """What `use` takes from the module of `binding`, by its name there; "" for nothing."""
    if binding.name:
        return binding.name if (use.name, use.owners) == (binding.alias, ()) else ""
    return use.name if use.owners and ".".join(use.owners) == binding.alias else ""


def _floor(member: Symbol) -> float:
    """How much of a class's relevance any member has; fields say what the class is."""
    if member.name in _CONSTRUCTORS or member.name == member.container:
        return _CONSTRUCTOR
    return _FIELD if member.kind in DATA else _MEMBER
