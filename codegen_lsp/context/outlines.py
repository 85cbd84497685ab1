"""Outlines: definitions as a reader wants them told: signatures under the headers of classes."""

import re
from collections.abc import Sequence
from pathlib import Path

from codegen_lsp.context.library import CLASS_LIKE, DATA
from codegen_lsp.context.records import Symbol
from codegen_lsp.syntax.grammars import Grammar
from codegen_lsp.syntax.languages import grammar_of, language_of, line_comment

_LONGEST_DOCSTRING = 100
_LONGEST_VALUE = 120
_INDENT = "    "
_ON_ONE_LINE = (("( ", "("), (", )", ")"), (" )", ")"), ("[ ", "["), (", ]", "]"))
_LONG = 160  # characters of a signature
# Names before their types, as in most languages; elsewhere long signatures are cut.
_PARAMETERS = re.compile(
    r"(?P<head>(?:async )?(?:def|fn|func|fun|function)? ?[\w ]+)\((?P<parameters>.*)\)"
    r"(?P<tail>[^()]*)"
)
_PARAMETER = re.compile(r"(?:^|, )([*&.]*\w+|\*|/|\.{3})(?:[^,=]*(=))?")
_NESTED = re.compile(r"\[(?:[^\[\]]|\[[^\[\]]*\])*\]|\([^()]*\)|\{[^{}]*\}")
_LAST_WORD = re.compile(r"[^\s\"',;()\[\]{}]*\Z")
_STRING = re.compile(r"\"[^\"]*\"|'[^']*'")


def opening(symbol: Symbol, *, documented: bool) -> list[str]:
    """The lines that tell of `symbol` without its members."""
    language = language_of(Path(symbol.file))
    grammar, docstring = grammar_of(language), _cut(symbol.docstring, _LONGEST_DOCSTRING)
    signature = _tidy(symbol.signature)
    if symbol.kind in DATA or symbol.kind == "type":
        return [_cut(signature, _LONGEST_VALUE)]
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
    """`signature` as if written on one line; a long one with the names of its parameters only."""
    for written, meant in _ON_ONE_LINE:
        signature = signature.replace(written, meant)
    if len(signature) <= _LONG:
        return signature
    signature = _STRING.sub('""', signature)
    if signature.count("(") > signature.count(")"):  # it was cut
        signature = f"{signature.rpartition(', ')[0]}, ...)"
    match = _PARAMETERS.fullmatch(signature)
    if match is None:
        return _cut(signature, _LONG)
    found = _PARAMETER.findall(_NESTED.sub("", match["parameters"]))
    names = ", ".join(f"{name}=..." if default else name for name, default in found)
    return f"{match['head']}({names}){match['tail']}"[: 2 * _LONG]


def _cut(text: str, most: int) -> str:
    """`text`, or as much of it as fits and ends between words: half a key is not known for one."""
    return text if len(text) <= most else _LAST_WORD.sub("", text[:most])


def _has_braces(grammar: Grammar | None) -> bool:
    return grammar is None or grammar.blocks != "keywords"
