"""Where a docstring and the signature disagree; only what the code shows counts.

What the code cannot show is left to the author: an exception may come from a function that is
called, an attribute from the constructor, a keyword from `**kwargs`, a type from `@template`. The
summary of a property says what it gives, and so does one that begins with "Return", as Google's
style guide allows. One that says it inherits lacks nothing.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from codegen_lsp.docstrings.content import Item, Parsed, SectionKind, Style
from codegen_lsp.syntax.signatures.facts import Documentable

Place = tuple[SectionKind, str]
"""A part and the name of an entry in it; the name is "" for returns and yields."""

_GIVES: tuple[SectionKind, ...] = ("returns", "yields")
_ORDERED: tuple[SectionKind, ...] = ("type_parameters", "parameters")
_TYPES = ("class", "interface", "struct", "enum")
_DECORATION = re.compile(r"[\s*&\\\[\]<>`]+|\.\.\.|=.*")
_NOTHING = re.compile(
    r"\W*(?:@returns?\W+)?(?:Promise\W)?(?:none|nothing|null|undefined|void|never)\b", re.IGNORECASE
)
_INHERITS = re.compile(r"@inherit[dD]oc\b|<inheritdoc\b")
_ITERATOR = re.compile(r"Iter|Generator")
_SAYS_RESULT = re.compile(r"(?:return|yield)(?:s|ing)?\b", re.IGNORECASE)
_TITLES = {"returns": "Returns", "yields": "Yields"}
_NOUNS = {
    "attributes": "attribute",
    "type_parameters": "type parameter",
    "parameters": "parameter",
    "raises": "exception raised",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a docstring and its definition disagree.

    Attributes:
        missing: entries that it lacks, in the order in which they would be read.
        stale: names of what is not there any more, as `bare_names` gives them.
        duplicates: names that are documented more than once.
        misordered: parts whose entries stand in another order than in the signature.
    """

    missing: tuple[Place, ...] = ()
    stale: tuple[Place, ...] = ()
    duplicates: tuple[Place, ...] = ()
    misordered: tuple[SectionKind, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.missing or self.stale or self.duplicates or self.misordered)

    @property
    def messages(self) -> tuple[str, ...]:
        """One line for each disagreement."""
        return (
            *(_missing_message(kind, name) for kind, name in self.missing),
            *(_stale_message(kind, name) for kind, name in self.stale),
            *(f"`{name}` is documented more than once" for _, name in self.duplicates),
            *(f"the {_NOUNS[kind]}s are not in order" for kind in self.misordered),
        )


def expected(documentable: Documentable, kinds: Iterable[SectionKind]) -> tuple[Place, ...]:
    """What a complete docstring with parts of these `kinds` documents, in their order."""
    return tuple((kind, name) for kind in kinds for name in _names(documentable, kind))


def bare_names(item: Item) -> tuple[str, ...]:
    """What an entry is about, without stars, brackets and the like; "x, y" is about two."""
    return tuple(_bare(name) for name in item.name.split(","))


def difference(
    documentable: Documentable, parsed: Parsed, style: Style, *, complete: bool = False
) -> Difference:
    """Where `parsed` disagrees with `documentable`.

    Args:
        documentable: the definition.
        parsed: its docstring, read in `style`.
        style: tells what must be documented.
        complete: a docstring without any part, prose alone, lacks them; else it may stay so.
    """
    kinds = _judged(documentable, style)
    there = {section.kind for section in parsed.sections} & set(kinds)
    if there:
        there |= set(style.demands) - {"type_parameters"}  # few authors explain them
    elif complete:
        there |= set(style.demands)
    found = {kind: _documented(parsed, kind) for kind in kinds if kind in there}
    inherits = any(map(_INHERITS.search, parsed.lines))
    return Difference(
        missing=() if inherits else tuple(_missing(documentable, found, parsed.summary)),
        stale=tuple(
            (kind, name) for kind in found for name in _stale(documentable, kind, found, parsed)
        ),
        duplicates=tuple((kind, name) for kind in found for name in _repeated(kind, found[kind])),
        misordered=tuple(kind for kind in found if _is_misordered(documentable, kind, parsed)),
    )


def _judged(documentable: Documentable, style: Style) -> list[SectionKind]:
    """The parts that are held against the code; of a class, not those of its constructor."""
    kinds = [*style.demands, *style.tolerates]
    if documentable.kind not in _TYPES:
        return kinds
    constructors = {*_GIVES, "raises"} | (set() if documentable.parameters else {"parameters"})
    return [kind for kind in kinds if kind not in constructors]


def _names(documentable: Documentable, kind: SectionKind) -> Iterator[str]:
    """Names of the entries that the part `kind` must have."""
    if kind == "parameters":
        yield from (each.name for each in documentable.parameters if each.name.strip("_"))
    elif kind == "attributes" and documentable.kind != "enum":
        yield from (each.name for each in documentable.attributes)
    elif kind == "type_parameters":
        yield from documentable.type_parameters
    elif kind == "raises":
        yield from (each.type for each in documentable.raises)
    elif kind == "yields" and documentable.yields:
        yield ""
    elif kind == "returns" and documentable.returns_value and not documentable.yields:
        yield from () if documentable.kind == "property" else ("",)


def _documented(parsed: Parsed, kind: SectionKind) -> list[str]:
    items = [item for part in parsed.sections if part.kind == kind for item in part.items]
    return [name for item in items for name in bare_names(item)]


def _missing(
    documentable: Documentable, found: dict[SectionKind, list[str]], summary: str
) -> Iterator[Place]:
    is_result_said = _SAYS_RESULT.match(summary) is not None or any(
        found.get(kind) and _may_give(documentable, kind) for kind in _GIVES
    )
    for kind, name in expected(documentable, found):
        if kind in _GIVES and is_result_said:
            continue
        known = found[kind]
        is_named = any(_is_same(kind, name, other) for other in known)
        if not is_named and not (_is_rest_of(documentable, name) and _extra(documentable, known)):
            yield kind, name


def _stale(
    documentable: Documentable,
    kind: SectionKind,
    found: dict[SectionKind, list[str]],
    parsed: Parsed,
) -> Iterator[str]:
    """Names under `kind` that the code shows to be wrong."""
    names = found[kind]
    if kind == "parameters" and not _takes_any_keyword(documentable):
        yield from dict.fromkeys(_extra(documentable, names))
    elif kind == "type_parameters" and documentable.type_parameters:  # else `@template` makes one
        yield from (name for name in names if name not in documentable.type_parameters)
    elif kind in _GIVES and names and not _may_give(documentable, kind):
        yield from () if _says_nothing(parsed, kind) else ("",)


def _extra(documentable: Documentable, names: Iterable[str]) -> list[str]:
    """Documented parameters that the signature has not; `options.depth` is one of `options`."""
    known = {parameter.name for parameter in documentable.parameters}
    return [name for name in names if name not in known and name.split(".")[0] not in known]


def _is_rest_of(documentable: Documentable, name: str) -> bool:
    return any(
        each.kind == "keyword-rest" and each.name == name for each in documentable.parameters
    )


def _takes_any_keyword(documentable: Documentable) -> bool:
    return any(each.kind == "keyword-rest" for each in documentable.parameters)


def _may_give(documentable: Documentable, kind: SectionKind) -> bool:
    """Whether something may come out, also of what overrides it; a promise may be meant."""
    if kind == "yields":
        return documentable.yields or _ITERATOR.search(documentable.returns) is not None
    if documentable.returns_value or documentable.yields or documentable.kind == "property":
        return True
    is_open = "NotImplementedError" in {each.type for each in documentable.raises}
    is_abstract = any(name.endswith("abstractmethod") for name in documentable.decorators)
    is_promise = documentable.is_async and documentable.placement == "above"
    return is_open or is_abstract or is_promise


def _says_nothing(parsed: Parsed, kind: SectionKind) -> bool:
    """Whether what stands there says that there is no result."""
    items = [item for part in parsed.sections if part.kind == kind for item in part.items]
    written = ("\n".join(parsed.lines[item.first : item.last]) for item in items)
    return all(_NOTHING.match(said) for said in written)


def _repeated(kind: SectionKind, names: list[str]) -> list[str]:
    if kind not in _ORDERED:  # one exception may have several causes
        return []
    return [name for name in dict.fromkeys(names) if names.count(name) > 1]


def _is_misordered(documentable: Documentable, kind: SectionKind, parsed: Parsed) -> bool:
    """Whether entries stand in another order; one about several counts as about its first."""
    if kind not in _ORDERED:
        return False
    rank = {name: number for number, (_, name) in enumerate(expected(documentable, [kind]))}
    items = [item for part in parsed.sections if part.kind == kind for item in part.items]
    ranks = [rank[name] for item in items if (name := bare_names(item)[0]) in rank]
    return ranks != sorted(ranks)


def _is_same(kind: SectionKind, name: str, documented: str) -> bool:
    """Whether an entry is about `name`; one without a name is about whatever its part is."""
    if kind == "raises":
        return not documented or _last_part(name) == _last_part(documented)
    return name == documented


def _last_part(name: str) -> str:
    return re.split(r"\.|::", _bare(name))[-1]


def _bare(name: str) -> str:
    return _DECORATION.sub("", name)


def _missing_message(kind: SectionKind, name: str) -> str:
    if kind in _GIVES:
        return f"{_TITLES[kind]} is missing"
    return f"{_NOUNS[kind]} `{name}` is not documented"


def _stale_message(kind: SectionKind, name: str) -> str:
    if kind == "returns":
        return "Returns is there, but nothing is returned"
    if kind == "yields":
        return "Yields is there, but nothing is yielded"
    return f"`{name}` is documented but not a {_NOUNS[kind]}"
