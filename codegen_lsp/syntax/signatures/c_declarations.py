"""Where declarations of C and C++ stand: in namespaces, templates, classes and `#if`s."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import tree_sitter

from codegen_lsp.syntax.parsing import text_of
from codegen_lsp.syntax.signatures.c_declarators import name_of, plain_name

DECLARATIONS = ("declaration", "field_declaration", "function_definition")
"""Nodes that may declare a function."""

_SPECIFIERS = ("class_specifier", "struct_specifier", "union_specifier", "enum_specifier")
_BRANCHES = ("preproc_if", "preproc_ifdef", "preproc_elif", "preproc_elifdef", "preproc_else")


@dataclass(frozen=True, slots=True)
class Scope:
    """What declarations stand in.

    Attributes:
        name: of the class or namespace; "" for the file.
        is_class: it has members.
        is_private: what is in it is not for others.
    """

    name: str = ""
    is_class: bool = False
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class Declaration:
    """A declaration, and all of it with `template <...>` and `extern "C"`."""

    node: tree_sitter.Node
    whole: tree_sitter.Node
    scope: Scope


@dataclass(frozen=True, slots=True)
class Type:
    """A class, struct, union or enum with its members.

    Attributes:
        node: the specifier of the type.
        name: that of a `typedef` before that of the type; "" without any.
        body: the members.
    """

    node: tree_sitter.Node
    name: str
    body: tree_sitter.Node

    @property
    def is_class(self) -> bool:
        """Whether its members are private unless something else is said."""
        return self.node.type == "class_specifier"


def declarations(body: tree_sitter.Node, scope: Scope) -> Iterator[Declaration]:
    """What is declared in `body` and, under whatever condition, in its namespaces."""
    opened = [(iter(body.named_children), scope)]
    while opened:
        nodes, scope = opened[-1]
        node = next(nodes, None)
        if node is None:
            opened.pop()
        elif node.type == "access_specifier":
            is_private = text_of(node).startswith("private")
            opened[-1] = nodes, replace(scope, is_private=is_private)
        elif (inner := _inside(node, scope)) is not None:
            opened.append((iter(inner[0]), inner[1]))
        else:
            yield Declaration(_declared(node), node, scope)


def _inside(node: tree_sitter.Node, scope: Scope) -> tuple[list[tree_sitter.Node], Scope] | None:
    """What `node` holds and in which scope, if it is not a declaration itself."""
    if node.type in _BRANCHES:
        return node.named_children, scope
    body = node.child_by_field_name("body")
    if body is None or body.type != "declaration_list":
        return None
    if node.type == "namespace_definition":
        name = node.child_by_field_name("name")
        last = "" if name is None else text_of(name).rpartition("::")[2]
        scope = Scope(last, is_private=scope.is_private or name is None)
    return body.named_children, scope


def _declared(node: tree_sitter.Node) -> tree_sitter.Node:
    """What `node` is a template of, or declares for C; itself if it is neither."""
    if node.type == "linkage_specification":
        return node.child_by_field_name("body") or node
    while node.type == "template_declaration" and node.named_children:
        node = node.named_children[-1]
    return node


def type_of(declaration: Declaration) -> Type | None:
    """The type whose members stand in `declaration`."""
    node = declaration.node
    is_typed = node.type in ("declaration", "field_declaration", "type_definition")
    specifier = node.child_by_field_name("type") if is_typed else node
    body = None if specifier is None else specifier.child_by_field_name("body")
    if specifier is None or body is None or specifier.type not in _SPECIFIERS:
        return None
    name = plain_name(specifier.child_by_field_name("name"))
    if node.type == "type_definition":
        name = plain_name(name_of(node.child_by_field_name("declarator"))) or name
    return Type(specifier, name, body)


def problem_of(node: tree_sitter.Node) -> str:
    """Which syntax error keeps `node` from being documented; "" for none."""
    if _has_error(node):
        return "syntax error in it"
    if _follows_error(node):
        return "syntax error above it"
    is_within_error = node.parent is not None and node.parent.is_error
    return "syntax error around it" if is_within_error else ""


def _has_error(node: tree_sitter.Node) -> bool:
    """Whether there is an error in `node` other than a macro before what a declaration declares."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if each.is_error or each.is_missing:
            if not _is_macro(each):
                return True
        elif each.has_error:
            waiting.extend(each.children)
    return False


def _follows_error(node: tree_sitter.Node) -> bool:
    """Whether what stands right above `node` is broken, and may be the beginning of it.

    So reads tree-sitter a macro that it takes for a statement without an end.
    """
    above = node.prev_sibling
    if above is None or above.end_point.row + 1 < node.start_point.row:
        return False
    return above.is_error or (above.child_count > 0 and above.children[-1].is_missing)


def _is_macro(error: tree_sitter.Node) -> bool:
    """Whether only names stand at `error`, beside a type and on its line: `EXPORT int f()`."""
    declaration, beside = error.parent, error.prev_sibling
    if declaration is None or declaration.type not in DECLARATIONS or beside is None:
        return False
    declarator = declaration.child_by_field_name("declarator")
    is_before = declarator is not None and error.end_byte <= declarator.start_byte
    is_on_line = beside.end_point.row == error.start_point.row
    return is_before and is_on_line and all(each.type == "identifier" for each in error.children)
