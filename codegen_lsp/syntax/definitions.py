"""Definitions: what a text defines, with signature, documentation and place.

Queries say which nodes define something (`definitions.scm`) and where documentation may stand
(`docstrings.scm`). Broken code gives what can be had. Local variables are left out.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

import tree_sitter

from codegen_lsp.syntax.docstrings import Documentation
from codegen_lsp.syntax.parsing import Tree, text_of

Kind = Literal[
    "class",
    "constant",
    "enum",
    "extension",
    "function",
    "interface",
    "method",
    "module",
    "type",
    "variable",
]
"""What is defined; an "extension" adds members to the type of its name, as Rust's `impl` does."""

LONGEST_SIGNATURE = 300
"""Characters of a signature; what is longer, such as the value of a table, is cut."""

_PREFIX = "definition."
_SPACE = re.compile(r"\s+")
_TYPE_ARGUMENTS = re.compile(r"<[^<>]*>")
_HOLDS_MEMBERS = frozenset({"class", "enum", "extension", "interface"})
_HOLDS_LOCALS = frozenset({"function", "method"})
_DATA = frozenset({"constant", "variable"})


@dataclass(frozen=True, slots=True)
class Definition:
    """Something defined.

    Attributes:
        name: as it is used elsewhere, without its container.
        kind: what it is.
        signature: its text up to its body, on one line and without comments; without a body all
            of it, at most `LONGEST_SIGNATURE` characters.
        docstring: first line of its documentation; "" without any.
        start: offset of its first character.
        end: offset behind its last.
        body: offset at which its body begins; None where it has none.
        container: name of what it is a member of or stands in; "" at the top level.
    """

    name: str
    kind: Kind
    signature: str
    docstring: str
    start: int
    end: int
    body: int | None
    container: str


@dataclass(frozen=True, slots=True)
class _Found:
    """A match of the query; `owner` is the name of a container that does not stand around it."""

    node: tree_sitter.Node
    kind: Kind
    name: str
    owner: str
    body: tree_sitter.Node | None


def definitions(tree: Tree, start: int = 0, end: int | None = None) -> list[Definition]:
    """Everything that the text of `tree` defines, in the order of the text.

    With `start` and `end`, only what touches the text between these offsets.
    """
    documentation = Documentation(tree)
    around: list[_Found] = []
    result: list[Definition] = []
    for found in _found(tree, start, end):
        while around and around[-1].node.end_byte <= found.node.start_byte:
            around.pop()
        # A `typedef struct a { ... } b;` is two definitions of one body, neither in the other.
        holder = next((each for each in reversed(around) if each.body != found.body), None)
        if not (found.kind in _DATA and holder is not None and holder.kind in _HOLDS_LOCALS):
            result.append(_definition(tree, found, holder, documentation))
        if found.body is not None:
            around.append(found)
    return result


def _found(tree: Tree, start: int, end: int | None) -> list[_Found]:
    """The definitions, outer ones first; of several matches for a name the one that says most."""
    best: dict[int, _Found] = {}
    for match in tree.matches("definitions", start, end):
        found, name_start = _read_match(match)
        known = best.get(name_start)
        if found.body is None and found.node.has_error:
            continue  # where it ends is a guess
        if known is None or _weight(found) > _weight(known):
            best[name_start] = found
    return sorted(best.values(), key=lambda found: (found.node.start_byte, -found.node.end_byte))


def _weight(found: _Found) -> tuple[bool, int, bool]:
    length = found.node.end_byte - found.node.start_byte
    return found.body is not None, length, found.kind == "constant"


def _read_match(match: dict[str, tree_sitter.Node]) -> tuple[_Found, int]:
    capture = next(name for name in match if name.startswith(_PREFIX))
    kind = cast("Kind", capture.removeprefix(_PREFIX))
    owner = _plain(text_of(match["container"])) if "container" in match else ""
    if "qualified" in match:
        written = match["qualified"]
        scopes = _plain(text_of(written)).split("::")
        name, owner = scopes[-1], scopes[-2] if len(scopes) > 1 else ""
    else:
        written = match["name"]
        name = text_of(written)
    return _Found(match[capture], kind, name, owner, match.get("body")), written.start_byte


def _plain(name: str) -> str:
    """`name` without type arguments."""
    while (plain := _TYPE_ARGUMENTS.sub("", name)) != name:
        name = plain
    return name


def _definition(
    tree: Tree,
    found: _Found,
    holder: _Found | None,
    documentation: Documentation,
) -> Definition:
    start, end = tree.offset(found.node.start_byte), tree.offset(found.node.end_byte)
    body = None if found.body is None else tree.offset(found.body.start_byte)
    signature = _signature(tree.text, start, end if body is None else body, documentation.comments)
    return Definition(
        name=found.name,
        kind=_kind(found, holder),
        signature=signature if body is None else signature.rstrip(" ,;{="),
        docstring=documentation.first_line(found.node, found.body),
        start=start,
        end=end,
        body=body,
        container=found.owner or ("" if holder is None else holder.name),
    )


def _kind(found: _Found, holder: _Found | None) -> Kind:
    if found.kind == "function" and holder is not None and holder.kind in _HOLDS_MEMBERS:
        return "method"
    return found.kind


def _signature(text: str, start: int, end: int, remarks: Sequence[tuple[int, int]]) -> str:
    end = min(end, start + 4 * LONGEST_SIGNATURE)
    pieces, at = [], start
    for remark_start, remark_end in remarks[bisect_right(remarks, (start, 0)) :]:
        if remark_start >= end:
            break
        pieces.append(text[at:remark_start])
        at = remark_end
    pieces.append(text[at:end])
    return _SPACE.sub(" ", " ".join(pieces)).strip()[:LONGEST_SIGNATURE]
