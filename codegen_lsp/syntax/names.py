"""Names: how a piece of code uses each name: alone, joined to a receiver, in a call, imported.

For the languages that have a query for it (`LANGUAGES`). Which names are known is not told here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import tree_sitter

from codegen_lsp.syntax.delimiters import closers, spans
from codegen_lsp.syntax.parsing import Tree, parse, text_of

LANGUAGES = frozenset(
    {"go", "javascript", "javascriptreact", "python", "typescript", "typescriptreact"}
)
"""LSP identifiers of the languages whose names can be told apart."""

Role = Literal["alone", "argument", "given", "imported", "member"]
"""How a name is used: by itself; as the name of an argument of a call; behind the dot of a receiver
that is given a member of that name; taken from a module; behind the dot of a receiver."""

_ROLES: tuple[Role, ...] = ("member", "argument", "imported")
_NO_NAMES = ("bound", "ignored", "doubtful")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_JOINTS = {
    "attribute": ("object", "attribute"),
    "member_expression": ("object", "property"),
    "selector_expression": ("operand", "field"),
}
_CALLS = {"call": "function", "call_expression": "function", "new_expression": "constructor"}
_WRAPPERS = ("await", "await_expression", "non_null_expression", "parenthesized_expression")
_ELEMENTS = (
    *("jsx_opening_element", "jsx_closing_element", "jsx_self_closing_element"),
    "jsx_namespace_name",
)
_PLAIN = ("identifier", "package_identifier", "super", "this")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in use.

    Attributes:
        text: the name.
        role: how it is used.
        owners: what it is joined to, the first first: "a", "b()" for `a.b().name`, and a first "?"
            where that is no name; for an argument what is called; for an imported name its module.
        offset: of its first character.
    """

    text: str
    role: Role
    owners: tuple[str, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a piece of code.

    Attributes:
        used: in the order of the text.
        bound: those that it gives a meaning itself, each with its offset.
        is_open: it takes all names of a module, so that any name may be known.
    """

    used: tuple[Name, ...]
    bound: tuple[tuple[str, int], ...]
    is_open: bool


def names_between(language: str, before: str, text: str, after: str) -> Names:
    """The names of `text`, read with what stands on both sides of it.

    Where that makes no sense together, `text` is read as if nothing followed it. Offsets are those
    of the three together. Names with letters other than ASCII's are left out.

    Args:
        language: one of `LANGUAGES`.
        before: code that can be parsed from its first character on.
        text: the code asked about.
        after: code that may end anywhere.
    """
    start, end = len(before), len(before) + len(text)
    whole = before + text + after
    plain = _NOT_ASCII.sub("x", whole)  # so that bytes and characters count alike
    tree = _parsed(language, plain)
    if _is_broken(tree, start, end):
        alone = _parsed(language, plain[:end])
        closed = _parsed(language, plain[:end] + closers(spans(alone)))
        tree = tree if _is_broken(closed, start, end) else closed
    found = names(tree, start, end)
    used = (each for each in found.used if whole.startswith(each.text, each.offset))
    return replace(found, used=tuple(used))


def names(tree: Tree, start: int, end: int) -> Names:
    """The names that overlap the text between the offsets `start` and `end`.

    What stands alone within a syntax error is left out: it may be anything.
    """
    matches = tree.matches("names", start, end)
    taken = {node.id for match in matches for node in _of(match, *_NO_NAMES)}
    bound = [node for match in matches for node in _of(match, "bound")]
    used = [name for match in matches if (name := _used(tree, match, taken)) is not None]
    joined = {name.offset for name in used if name.role != "alone"}
    kept = (name for name in used if name.role != "alone" or name.offset not in joined)
    return Names(
        used=tuple(sorted(_within(kept, start, end), key=lambda name: name.offset)),
        bound=tuple((text_of(node), tree.offset(node.start_byte)) for node in bound),
        is_open=any("everything" in match for match in matches),
    )


def _parsed(language: str, text: str) -> Tree:
    tree = parse(language, text)
    if tree is None:
        raise ValueError(f"no grammar for the language {language}")
    return tree


def _is_broken(tree: Tree, start: int, end: int) -> bool:
    if not tree.root.has_error:
        return False
    return "unfinished" in tree.captures("statements", start, end)


def _of(match: dict[str, tree_sitter.Node], *captures: str) -> Iterator[tree_sitter.Node]:
    return (match[capture] for capture in captures if capture in match)


def _used(tree: Tree, match: dict[str, tree_sitter.Node], taken: set[int]) -> Name | None:
    for role in _ROLES:
        if role in match:
            node = match[role]
            owners = (
                (text_of(match["module"]).strip("\"'"),)
                if role == "imported"
                else _chain(match["receiver"])
            )
            is_given = role == "member" and node.id in taken
            return _name(tree, node, "given" if is_given else role, owners)
    alone = match.get("alone")
    if alone is None or alone.id in taken or _is_markup(alone):
        return None
    return _name(tree, alone, "alone", ())


def _name(tree: Tree, node: tree_sitter.Node, role: Role, owners: tuple[str, ...]) -> Name:
    return Name(text_of(node), role, owners, tree.offset(node.start_byte))


def _is_markup(node: tree_sitter.Node) -> bool:
    """Whether `node` names an element of HTML."""
    parent = node.parent
    return parent is not None and parent.type in _ELEMENTS and text_of(node).islower()


def _within(found: Iterator[Name], start: int, end: int) -> Iterator[Name]:
    return (name for name in found if name.offset < end and name.offset + len(name.text) > start)


def _chain(node: tree_sitter.Node) -> tuple[str, ...]:
    """The names that an expression joins."""
    if node.type in _PLAIN:
        return (text_of(node),)
    if node.type in _WRAPPERS:
        return _chain(node.named_children[0]) if node.named_child_count == 1 else ("?",)
    if node.type in _CALLS:
        called = node.child_by_field_name(_CALLS[node.type])
        return ("?",) if called is None else _called(_chain(called))
    if node.type not in _JOINTS:
        return ("?",)
    receiver, name = (node.child_by_field_name(field) for field in _JOINTS[node.type])
    return ("?",) if receiver is None or name is None else (*_chain(receiver), text_of(name))


def _called(chain: tuple[str, ...]) -> tuple[str, ...]:
    return (*chain[:-1], f"{chain[-1]}()")
