"""What can be documented in C and C++: functions and methods, classes, structs, unions, enums.

A macro that is called where a declaration could stand is not taken for one. Prototypes count; one
whose function follows in the same file is one of several signatures.
"""

import re
from dataclasses import replace

import tree_sitter

from codegen_lsp.syntax.parsing import Tree, text_of
from codegen_lsp.syntax.signatures.c_declarations import (
    DECLARATIONS,
    Declaration,
    Scope,
    Type,
    declarations,
    problem_of,
    type_of,
)
from codegen_lsp.syntax.signatures.c_declarators import (
    Function,
    function_of,
    name_of,
    parameters_of,
    plain_name,
    return_type,
)
from codegen_lsp.syntax.signatures.c_throws import raised
from codegen_lsp.syntax.signatures.comments import place_above
from codegen_lsp.syntax.signatures.facts import Documentable, Kind, Parameter
from codegen_lsp.syntax.signatures.source import Frame, Source, child_of, children_of
from codegen_lsp.syntax.signatures.walking import own_nodes

_MARKS = re.compile(
    r"(?:/\*\*(?![*/<])|/\*!(?!<)|///(?![/<])|//!(?!<))"
    r"(?!(?s:.*)[@\\](?:[{}]|(?:file|defgroup|addtogroup|name|mainpage)\b))"
)
"""Doxygen's, but not what stands behind a member (`///<`) or documents a file or a group."""

_KINDS: dict[str, Kind] = {
    "class_specifier": "class",
    "struct_specifier": "struct",
    "union_specifier": "struct",
    "enum_specifier": "enum",
}
_LOCAL = ("lambda_expression", "class_specifier", "struct_specifier")
_RETURNS = ("return_statement", "co_return_statement")


def documentables(tree: Tree) -> list[Documentable]:
    """The functions and types of a file and of its namespaces, and the members of its classes."""
    source = Source(tree, _MARKS)
    found: list[Documentable | None] = []
    waiting = [(tree.root, Scope())]
    while waiting:
        for each in declarations(*waiting.pop()):
            type_ = type_of(each)
            found.append(_function(source, each) if type_ is None else _type(source, each, type_))
            if type_ is not None:
                is_private = type_.is_class or each.scope.is_private
                waiting.append((type_.body, Scope(type_.name, True, is_private)))
    definitions = sorted(filter(None, found), key=lambda each: each.start)
    written = {(each.container, each.name) for each in definitions if each.body is not None}
    return [
        replace(each, is_overload=each.body is None and (each.container, each.name) in written)
        for each in definitions
    ]


def _type(source: Source, declaration: Declaration, type_: Type) -> Documentable | None:
    if not type_.name:
        return None
    scope = Scope(type_.name, is_class=True, is_private=type_.is_class)
    kind = _KINDS[type_.node.type]
    return replace(
        _definition(source, declaration, type_.name, kind, type_.body),
        type_parameters=_type_parameters(declaration, ""),
        attributes=_attributes(source, type_.body, scope),
    )


def _attributes(source: Source, body: tree_sitter.Node, scope: Scope) -> tuple[Parameter, ...]:
    """The public data members of a class, the enumerators of an enum."""
    found: list[Parameter] = []
    for node in (each.node for each in declarations(body, scope) if not each.scope.is_private):
        if node.type == "enumerator":
            found.append(Parameter(plain_name(node.child_by_field_name("name"))))
        elif node.type == "field_declaration" and function_of(node) is None:
            written = source.text(node.child_by_field_name("type"))
            names = map(name_of, node.children_by_field_name("declarator"))
            found += [Parameter(text_of(name), written) for name in names if name is not None]
    return tuple(found)


def _is_real(declaration: Declaration, function: Function) -> bool:
    """Whether a function without a type is one of those that have none, and not a macro's call."""
    if declaration.node.child_by_field_name("type") is not None:
        return True
    is_conversion = function.node.type == "operator_cast"
    return is_conversion or function.name.lstrip("~ ") == _owner(declaration, function)


def _owner(declaration: Declaration, function: Function) -> str:
    return function.scope or declaration.scope.name


def _function(source: Source, declaration: Declaration) -> Documentable | None:
    node = declaration.node
    function = function_of(node) if node.type in DECLARATIONS else None
    if function is None or not _is_real(declaration, function):
        return None
    body = node.child_by_field_name("body")
    kind = _kind(declaration, function)
    is_typeless = kind == "constructor" or function.name.startswith("~")
    returns = "" if is_typeless else return_type(source, node, function)
    definition = _definition(source, declaration, function.name, kind, body)
    macro = node.child_by_field_name("type") if is_typeless else None
    is_apart = macro is not None and macro.end_point.row != function.node.start_point.row
    return replace(
        definition,
        problem=definition.problem or ("a macro stands above it" if is_apart else ""),
        container=_owner(declaration, function),
        parameters=parameters_of(source, function),
        type_parameters=_type_parameters(declaration, function.scopes),
        returns=returns,
        returns_value=returns not in ("", "void") and (body is None or _gives_value(body)),
        yields=body is not None and _has_yield(body),
        raises=raised(function.node, body),
        is_override=_has_word(function.node, "virtual_specifier", "override"),
        is_private=_is_private(declaration, function),
    )


def _kind(declaration: Declaration, function: Function) -> Kind:
    owner = _owner(declaration, function)
    if not (function.scope or declaration.scope.is_class):
        return "function"
    return "constructor" if function.name == owner else "method"


def _is_private(declaration: Declaration, function: Function) -> bool:
    """Whether it is not for others: by its name, its place, or as a function of this file."""
    is_member = declaration.scope.is_class or function.scope != ""
    is_static = _has_word(declaration.node, "storage_class_specifier", "static")
    is_hidden = declaration.scope.is_private or function.name.startswith("_")
    return is_hidden or (is_static and not is_member)


def _has_word(node: tree_sitter.Node, kind: str, word: str) -> bool:
    return any(text_of(each) == word for each in children_of(node, kind))


def _gives_value(body: tree_sitter.Node) -> bool:
    return any(
        each.type in _RETURNS and each.named_child_count > 0 for each in own_nodes(body, _LOCAL)
    )


def _has_yield(body: tree_sitter.Node) -> bool:
    return any(each.type == "co_yield_statement" for each in own_nodes(body, _LOCAL))


def _definition(
    source: Source,
    declaration: Declaration,
    name: str,
    kind: Kind,
    body: tree_sitter.Node | None,
) -> Documentable:
    """What functions and types have in common."""
    whole, node, scope = declaration.whole, declaration.node, declaration.scope
    definition = source.documentable(Frame(whole, name, kind, scope.name, whole, body))
    initializers = child_of(node, "field_initializer_list")
    if initializers is not None:
        end, _ = source.span(initializers)
        header = source.comments.on_one_line(source.span(whole)[0], end)
        definition = replace(definition, signature=header)
    start, _ = source.span(_first(whole))
    place = place_above(source.tree.text, start)
    attributes = children_of(node, "attribute_declaration")
    return replace(
        definition,
        start=start,
        insert_at=place.insert_at,
        problem=problem_of(whole) or ("" if definition.existing else place.problem),
        decorators=tuple(text_of(each).strip("[] ") for each in attributes),
        is_private=scope.is_private or name.startswith("_"),
    )


def _first(node: tree_sitter.Node) -> tree_sitter.Node:
    """The comment before `node` on its line, as in `/* static */ int A::f()`; else `node`."""
    before = node.prev_sibling
    if before is None or before.type != "comment":
        return node
    return before if before.end_point.row == node.start_point.row else node


def _type_parameters(declaration: Declaration, scopes: str) -> tuple[str, ...]:
    """The names that the templates around it declare, but those that `scopes` use."""
    templates = [declaration.whole]
    while templates[-1].type == "template_declaration":
        templates.append(templates[-1].named_children[-1])
    nodes = [each.child_by_field_name("parameters") for each in templates[:-1]]
    names = [_type_parameter(each) for node in nodes if node for each in node.named_children]
    return tuple(name for name in names if name and name not in re.findall(r"\w+", scopes))


def _type_parameter(node: tree_sitter.Node) -> str:
    if node.type == "template_template_parameter_declaration":
        node = node.named_children[-1]
    named = node.child_by_field_name("name") or name_of(node.child_by_field_name("declarator"))
    if named is None and node.type.endswith("type_parameter_declaration") and node.named_children:
        named = node.named_children[-1]
    return "" if named is None else text_of(named)
