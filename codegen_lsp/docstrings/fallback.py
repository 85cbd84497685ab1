"""Plain sentences that are true by the facts alone, for where the model's are not good enough."""

import re
from collections.abc import Callable

from codegen_lsp.docstrings.against_name import lacks_class
from codegen_lsp.docstrings.content import SectionKind
from codegen_lsp.docstrings.gaps import Gap, is_boolean
from codegen_lsp.docstrings.imperative import imperative, is_verb
from codegen_lsp.docstrings.vocabulary import TELLS, word_list, words
from codegen_lsp.syntax.signatures.facts import Documentable, Parameter, Raised

_SHORT_CONDITION = 40
_SHORT_WORD = 5
_LONGEST_CONDITION = 100
_LONGEST_MESSAGE = 80
_LONGEST_DEFAULT = 24
_LINKS = frozenset(
    {
        "to",
        "from",
        "for",
        "of",
        "on",
        "in",
        "by",
        "with",
        "as",
        "at",
        "into",
        "and",
        "or",
        "if",
        "via",
        "without",
        "over",
        "per",
        "after",
        "before",
        "since",
        "until",
        "all",
        "any",
        "each",
    }
)
_NOUN_KINDS = frozenset({"class", "interface", "struct", "enum"})
_DOERS = frozenset(
    {"main", "callback", "hook", "middleware", "task", "job", "command", "tool", "handler"}
    | {"wrapper", "decorator", "runner", "listener", "validator", "converter", "formatter"}
    | {"resolver", "processor", "worker", "executor", "loader", "dispatcher", "checker"}
)
_PLAIN_DECORATORS = frozenset(
    {"property", "staticmethod", "classmethod", "override", "abstractmethod", "wraps", "cache"}
    | {"lru_cache", "cached_property", "contextmanager", "asynccontextmanager", "final"}
    | {"Override", "deprecated", "inline", "must_use"}
)
_CLEAR_VERBS = word_list("clear_verbs")
"""Verbs that are no nouns: `cache_rows` may keep rows, or give those of a cache."""
_OR_NONE = re.compile(r"\s*\|\s*None$")
_YIELDS_NOTHING = re.compile(r"\[None\b")
"""As context managers are annotated: `Iterator[None]`."""
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


def certain(gap: Gap) -> str:
    """What needs no model: that nothing is yielded, or a short condition of an exception; or ""."""
    if gap.kind == "yields" and _YIELDS_NOTHING.search(gap.type):
        return "Nothing, for as long as the caller's code runs."
    if gap.raised is not None and gap.raised.type == "NotImplementedError":
        is_told = 0 < len(gap.raised.condition) <= _SHORT_CONDITION
        return _condition(gap.raised) if is_told else "If that is not implemented."
    if gap.raised is None or not 0 < len(gap.raised.condition) <= _SHORT_CONDITION:
        return ""
    return _condition(gap.raised)


def plain(gap: Gap, documentable: Documentable) -> str:
    """A short sentence for `gap` that says no more than the signature shows."""
    if gap.kind is None:
        return _summary(documentable)
    if gap.raised is not None:
        return _raised(gap.raised)
    if gap.parameter is not None:
        return _parameter(gap.parameter)
    return _OTHERS[gap.kind](documentable)


def _summary(documentable: Documentable) -> str:
    spoken = words(documentable.name)
    if documentable.kind in _NOUN_KINDS:
        return f"{_article(spoken)} {' '.join(spoken)}.".capitalize() if spoken else "A type."
    if documentable.kind == "constructor":
        return f"Create a new `{documentable.container or documentable.name}`."
    if documentable.kind == "property" and spoken and spoken[0] not in TELLS:
        return f"The {' '.join(spoken)}."
    if not spoken:
        return f"Carry out `{documentable.name}`."
    return _order(spoken, documentable)


def _order(spoken: list[str], documentable: Documentable) -> str:
    first, rest = spoken[0], spoken[1:]
    said = ""
    if first in TELLS and rest:
        said = f"Tell whether it {' '.join(spoken)}."
    elif is_boolean(documentable.returns):
        said = f"Tell whether `{documentable.name}` holds."
    elif spoken == ["main"]:
        said = "Run the program."
    elif first == "on" and rest:
        said = f"Handle {' '.join(rest)}."
    elif imperative(first) != first and not documentable.returns_value:  # "accepts"
        said = " ".join((imperative(first), *rest)) + "."
    elif is_verb(first) and (first in _CLEAR_VERBS or not documentable.returns_value):
        link = "the " if rest and rest[0] not in _LINKS else ""
        said = f"{first.capitalize()} {link}{' '.join(rest)}".rstrip() + "."
    elif documentable.yields:
        said = f"Yield {' '.join(spoken)}."
    elif (
        documentable.returns_value
        and first not in _LINKS
        and not is_verb(first)
        and not lacks_class(documentable.name, documentable.returns)
        and not _names_doer(documentable)
    ):
        said = f"Return the {' '.join(spoken)}."
    return said or f"Carry out `{documentable.name}`."


def _names_doer(documentable: Documentable) -> bool:
    """Whether a name says who does something, not what is given: "callback handler", "main".

    What is registered somewhere by a decorator is often named so: a tool, a command, a route.
    """
    last = words(documentable.name)[-1]
    is_registered = any(
        each.rpartition(".")[2] not in _PLAIN_DECORATORS for each in documentable.decorators
    )
    return is_registered or last in _DOERS


def _raised(raised: Raised) -> str:
    if 0 < len(raised.condition) <= _LONGEST_CONDITION and "`" not in raised.condition:
        return _condition(raised)
    message = _PLACEHOLDER.sub("...", raised.message).split("\n")[0].strip().rstrip(".")
    if message and '"' not in message:
        return f'If it fails with "{message[:_LONGEST_MESSAGE].rstrip()}".'
    return "If it fails."


def _condition(raised: Raised) -> str:
    return f"If `{raised.condition}`." if "`" not in raised.condition else ""


def _parameter(parameter: Parameter) -> str:
    if parameter.kind == "rest":
        return "The other positional arguments."
    if parameter.kind == "keyword-rest":
        return "The other keyword arguments."
    spoken = words(parameter.name)
    if is_boolean(parameter.type):
        said = _whether(parameter.name, spoken)
    elif len(parameter.name) > 1 and spoken and (spoken[1:] or spoken[0] not in _LINKS):
        said = f"The {' '.join(spoken)}{' value' if _is_participle(spoken) else ''}"
    else:
        said = f"The `{parameter.name}` to use"
    default = parameter.default
    has_default = (
        0 < len(default) <= _LONGEST_DEFAULT and "`" not in default and "\n" not in default
    )
    return f"{said}, `{default}` by default." if has_default else f"{said}."


def _is_participle(spoken: list[str]) -> bool:
    return len(spoken) == 1 and spoken[0].endswith(("ed", "ing")) and len(spoken[0]) > _SHORT_WORD


def _whether(name: str, spoken: list[str]) -> str:
    if spoken[:1] and spoken[0] in TELLS and spoken[1:]:
        return f"Whether it {' '.join(spoken)}"
    if len(spoken) > 1 and is_verb(spoken[0]):
        return f"Whether to {' '.join(spoken)}"
    return f"Whether `{name}` is on"


def _returns(documentable: Documentable) -> str:
    spoken = words(documentable.name)
    if is_boolean(documentable.returns):
        tells = len(spoken) > 1 and spoken[0] in TELLS
        return f"Whether it {' '.join(spoken)}." if tells else "Whether it is so."
    if lacks_class(
        documentable.name, documentable.returns
    ):  # the name may speak of something that is in it
        return _typed(documentable.returns)
    if spoken and spoken[0] in {"get", "fetch", "load", "read", "find", "create", "build", "make"}:
        spoken = spoken[1:]
    elif spoken and (is_verb(spoken[0]) or spoken[0] in _LINKS):
        spoken = []
    if spoken and spoken[0] not in _LINKS and not _names_doer(documentable):
        return f"The {' '.join(spoken)}."
    is_told = documentable.returns not in {"", "Any", "typing.Any", "object", "any", "unknown"}
    return _typed(documentable.returns) if is_told else "The result."


def _typed(returns: str) -> str:
    type_name = _OR_NONE.sub("", returns)
    or_none = ", or `None`" if type_name != returns else ""
    return f"{_article([type_name.lower()]).capitalize()} `{type_name}`{or_none}."


def _yields(documentable: Documentable) -> str:
    del documentable
    return "Each value in turn."


def _type_parameter(documentable: Documentable) -> str:
    del documentable
    return "A type that the caller chooses."


_OTHERS: dict[SectionKind, Callable[[Documentable], str]] = {
    "returns": _returns,
    "yields": _yields,
    "type_parameters": _type_parameter,
}


def _article(spoken: list[str]) -> str:
    return "an" if spoken and spoken[0][0] in "aeiou" else "a"
