"""String literals of Python: docstrings, and what a literal says."""

import re
from collections.abc import Iterator

import tree_sitter

from codegen_lsp.syntax.parsing import text_of
from codegen_lsp.syntax.signatures.python_source import flat, without_parentheses

_NO_TEXT = re.compile("[bft]", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_ESCAPED = {r"\"": '"', r"\'": "'", r"\\": "\\"}


def docstring(body: tree_sitter.Node) -> tree_sitter.Node | None:
    """The literal that documents the definition with `body`: its first statement, if it is one.

    As Python reads it: several literals side by side are one; bytes and f-strings are none.
    """
    first = next((node for node in body.named_children if not node.is_extra), None)
    if first is None or first.type != "expression_statement" or first.named_child_count != 1:
        return None
    literal = without_parentheses(first.named_children[0])
    parts = _parts(literal)
    return literal if parts and not any(_NO_TEXT.search(_prefix(part)) for part in parts) else None


def message(node: tree_sitter.Node) -> str:
    """What a literal says, on one line, with the expressions of an f-string in braces; else ""."""
    said = "".join("".join(_pieces(part)) for part in _parts(without_parentheses(node)))
    return _SPACE.sub(" ", said).strip()


def _parts(literal: tree_sitter.Node) -> list[tree_sitter.Node]:
    if literal.type == "concatenated_string":
        return [node for node in literal.named_children if node.type == "string"]
    return [literal] if literal.type == "string" else []


def _prefix(string: tree_sitter.Node) -> str:
    return text_of(string.children[0]).rstrip("\"'") if string.children else ""


def _pieces(string: tree_sitter.Node) -> Iterator[str]:
    for node in string.named_children:
        if node.type == "string_content":
            yield from _content(node)
        elif node.type == "interpolation":
            expression = node.child_by_field_name("expression")
            yield "" if expression is None else f"{{{flat(expression)}}}"


def _content(node: tree_sitter.Node) -> Iterator[str]:
    """The text of a literal's piece with its escapes read; those that mean no sign are a blank."""
    source, at = node.text or b"", 0
    for escape in node.named_children:
        yield source[at : escape.start_byte - node.start_byte].decode("utf-8", "replace")
        written = text_of(escape)
        yield written[:1] if written in ("{{", "}}") else _ESCAPED.get(written, " ")
        at = escape.end_byte - node.start_byte
    yield source[at:].decode("utf-8", "replace")
