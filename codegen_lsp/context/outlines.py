"""Outlines: definitions as a reader wants them told: signatures under the headers of classes."""

from collections.abc import Sequence
from pathlib import Path

from codegen_lsp.context.library import CLASS_LIKE
from codegen_lsp.context.records import Symbol
from codegen_lsp.syntax.grammars import Grammar
from codegen_lsp.syntax.languages import grammar_of, language_of, line_comment

_LONGEST_DOCSTRING = 100
_LONGEST_VALUE = 120
_INDENT = "    "
_DATA = frozenset({"constant", "variable"})


def opening(symbol: Symbol, *, documented: bool) -> list[str]:
    """The lines that tell of `symbol` without its members."""
    language = language_of(Path(symbol.file))
    grammar, docstring = grammar_of(language), symbol.docstring[:_LONGEST_DOCSTRING]
    signature = _tidy(symbol.signature)
    if symbol.kind in _DATA or symbol.kind == "type":
        return [signature[:_LONGEST_VALUE]]
    if grammar is not None and grammar.blocks == "indent":
        told = [f'{_INDENT}"""{docstring}"""'] if documented and docstring else []
        return [signature, *told] if told or symbol.kind in CLASS_LIKE else [f"{signature} ..."]
    comment = line_comment(language)
    told = [f"{comment} {docstring}"] if documented and docstring and comment else []
    brace = " {" if symbol.kind in CLASS_LIKE and _has_braces(grammar) else ""
    return [*told, signature + brace]


def with_members(symbol: Symbol, lines: Sequence[str], members: Sequence[Sequence[str]]) -> str:
    """The `lines` that open a class, those of its `members`, and what closes it."""
    grammar = grammar_of(language_of(Path(symbol.file)))
    inside = [_INDENT + line for member in members for line in member]
    if grammar is not None and grammar.blocks == "indent":
        is_empty = not inside and len(lines) == 1
        return "\n".join([*lines, *([f"{_INDENT}..."] if is_empty else inside)])
    return "\n".join([*lines, *inside, "}" if _has_braces(grammar) else "end"])


def _tidy(signature: str) -> str:
    """`signature`, which may have been written on several lines, as if on one."""
    return signature.replace("( ", "(").replace(", )", ")").replace("[ ", "[").replace(", ]", "]")


def _has_braces(grammar: Grammar | None) -> bool:
    return grammar is None or grammar.blocks != "keywords"
