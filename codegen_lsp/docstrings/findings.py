"""Which definitions of a file have no docstring, or one that disagrees; told without a model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from codegen_lsp.docstrings.agreement import difference
from codegen_lsp.docstrings.content import Parsed, StyleName
from codegen_lsp.docstrings.detecting import StyleSetting, style_for, style_of
from codegen_lsp.docstrings.reading import read
from codegen_lsp.docstrings.registry import STYLES
from codegen_lsp.syntax.signatures.facts import Documentable
from codegen_lsp.text import Snapshot

_FUNCTIONS = ("function", "method", "constructor", "property")
_CALLED_BY_NAME = ("__init__", "__call__")


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked of the docstrings of a file.

    Attributes:
        style: of new ones; "auto" follows the file, then `usual`.
        usual: the style of the repository by LSP language, where one is known.
        is_complete: a docstring of prose alone is stale where its definition demands parts.
        with_private: private definitions, and those in functions, must have one, too.
    """

    style: StyleSetting = "auto"
    usual: Mapping[str, StyleName] = field(default_factory=dict)
    is_complete: bool = False
    with_private: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A definition that needs a docstring, or another.

    Attributes:
        documentable: the definition.
        code: what is wrong.
        messages: one line each.
        line: one-based, of the first line of the definition.
    """

    documentable: Documentable
    code: Literal["missing", "stale"]
    messages: tuple[str, ...]
    line: int


def inspect(snapshot: Snapshot, options: Options) -> list[Finding]:
    """What is wrong with the docstrings of `snapshot`, in its order."""
    file = read(snapshot.language, snapshot.text)
    style = style_for(options.style, snapshot.language, file.docstrings, options.usual)
    if style is None:
        return []
    found = []
    for documentable in file.definitions:
        line = snapshot.line_of(documentable.start) + 1
        if documentable.problem:
            continue
        if documentable.existing is not None:
            messages = _messages(documentable, snapshot.language, style, options)
            if messages:
                found.append(Finding(documentable, "stale", messages, line))
        elif _is_wanted(documentable, file.definitions, style, options):
            found.append(Finding(documentable, "missing", ("it has no docstring",), line))
    return found


def _messages(
    documentable: Documentable, language: str, style: StyleName, options: Options
) -> tuple[str, ...]:
    """Where the docstring that is there disagrees."""
    text = documentable.existing.text if documentable.existing else ""
    own = STYLES[style_of(text, language, style)]
    parsed = own.parse(text)
    if parsed.problem:
        return ()
    return difference(documentable, parsed, own, complete=options.is_complete).messages


def _is_wanted(
    documentable: Documentable,
    definitions: Sequence[Documentable],
    style: StyleName,
    options: Options,
) -> bool:
    """Whether one without a docstring should have one."""
    if documentable.is_override or documentable.name.startswith("test_"):
        return False
    if documentable.placement == "inside" and not _is_callers_business(documentable):
        return False
    holders = [each for each in definitions if _holds(each, documentable)]
    if documentable.kind == "constructor" and _documents_parameters(holders, style):
        return False
    is_hidden = documentable.is_private or any(
        each.is_private or each.kind in _FUNCTIONS for each in holders
    )
    return options.with_private or not is_hidden


def _is_callers_business(documentable: Documentable) -> bool:
    """Whether one of Python's has a life of its own: no overload, no hook of the language."""
    name = documentable.name
    is_hook = name.startswith("__") and name.endswith("__")
    is_accessor = any(each.endswith((".setter", ".deleter")) for each in documentable.decorators)
    if documentable.is_overload or is_accessor:
        return False
    if name == "__init__":
        return bool(documentable.parameters)
    return not is_hook or name in _CALLED_BY_NAME


def _holds(outer: Documentable, inner: Documentable) -> bool:
    return outer is not inner and outer.start <= inner.start and inner.end <= outer.end


def _documents_parameters(holders: Sequence[Documentable], style: StyleName) -> bool:
    """Whether the class of a constructor speaks of its parameters already."""
    texts = [each.existing.text for each in holders if each.existing is not None]
    parsed: list[Parsed] = [STYLES[style].parse(text) for text in texts]
    return any(part.kind == "parameters" for each in parsed for part in each.sections)
