"""What JavaScript and TypeScript say of their functions, methods, classes and interfaces."""

import re
from collections import Counter
from dataclasses import replace

import tree_sitter

from codegen_lsp.syntax.parsing import Tree, text_of
from codegen_lsp.syntax.signatures.comments import BLOCK_MARKS
from codegen_lsp.syntax.signatures.facts import Documentable, Kind, Parameter
from codegen_lsp.syntax.signatures.javascript_names import (
    FIELDS,
    Named,
    named_definitions,
    value_of,
)
from codegen_lsp.syntax.signatures.javascript_parameters import annotation, parameters
from codegen_lsp.syntax.signatures.source import Frame, Source, child_of, children_of, has_child
from codegen_lsp.syntax.signatures.throwing import NESTED, raised_in
from codegen_lsp.syntax.signatures.walking import own_nodes

_TYPES: dict[str, Kind] = {
    "class_declaration": "class",
    "abstract_class_declaration": "class",
    "class": "class",
    "interface_declaration": "interface",
    "enum_declaration": "enum",
}
_NOTHING = re.compile(r"void|never|undefined|asserts\b.*|Promise<(?:void|never|undefined)>")
_NO_VALUE = re.compile(r"undefined|void\b.*", re.DOTALL)
_FUNCTION_VALUES = frozenset({"arrow_function", "function_expression", "generator_function"})


def documentables(tree: Tree) -> list[Documentable]:
    """The functions, methods, classes, interfaces and enumerations, in the order of the text."""
    source = Source(tree, BLOCK_MARKS)
    found = [_documentable(source, named) for named in named_definitions(tree)]
    signatures = Counter(_identity(each) for each in found if each.body is None)
    bodies = {_identity(each) for each in found if each.body is not None}
    return [
        replace(each, is_overload=True)
        if each.body is None and (_identity(each) in bodies or signatures[_identity(each)] > 1)
        else each
        for each in found
    ]


def _identity(documentable: Documentable) -> tuple[str, str, Kind]:
    return documentable.container, documentable.name, documentable.kind


def _documentable(source: Source, named: Named) -> Documentable:
    value = named.value
    decorators = _decorators(named.whole, value)
    base = source.documentable(
        Frame(
            whole=named.whole,
            name=named.name,
            kind=_kind(named),
            container=named.container,
            head=_head(named.whole),
            body=value.child_by_field_name("body"),
        )
    )
    base = replace(
        base,
        type_parameters=_type_parameters(source, value),
        decorators=tuple(source.text(node)[1:].split("(")[0] for node in decorators),
        is_private=named.name.startswith(("_", "#")) or _has_modifier(named.whole, "private"),
        is_override=has_child(named.whole, "override_modifier"),
    )
    if value.type in _TYPES:
        return replace(base, attributes=_attributes(source, value))
    return _with_behaviour(source, base, value)


def _kind(named: Named) -> Kind:
    value = named.value
    if value.type in _TYPES:
        return _TYPES[value.type]
    if not named.is_member:
        return "function"
    if named.name == "constructor" and value.type.startswith("method"):
        return "constructor"
    return "property" if has_child(value, "get") else "method"


def _with_behaviour(source: Source, base: Documentable, function: tree_sitter.Node) -> Documentable:
    """`base` with what goes into a function and what comes out."""
    body = function.child_by_field_name("body")
    returns = annotation(source, function.child_by_field_name("return_type"))
    is_generator = has_child(function, "*")
    gives = base.kind != "constructor" and not has_child(function, "set")
    by_body = body is not None and _returns_value(source, body)
    by_type = returns != "" and _NOTHING.fullmatch(returns) is None
    return replace(
        base,
        parameters=parameters(source, function, base.existing),
        returns=returns,
        returns_value=gives and (by_body if is_generator or not returns else by_type),
        yields=is_generator,
        raises=() if body is None else raised_in(source, body),
        is_async=has_child(function, "async"),
    )


def _returns_value(source: Source, body: tree_sitter.Node) -> bool:
    """Whether the function with this body returns something; an expression is what it returns."""
    if body.type != "statement_block":
        return not _NO_VALUE.fullmatch(source.text(body))
    returned = [
        node.named_children
        for node in own_nodes(body, NESTED)
        if node.type == "return_statement" and node.named_children
    ]
    return any(not _NO_VALUE.fullmatch(source.text(nodes[0])) for nodes in returned)


def _attributes(source: Source, definition: tree_sitter.Node) -> tuple[Parameter, ...]:
    """The public fields of a class or interface that hold no functions of their own."""
    body = definition.child_by_field_name("body")
    fields = [] if body is None else children_of(body, *FIELDS)
    attributes = [_attribute(source, node) for node in fields if _is_data(node)]
    return tuple(each for each in attributes if each.name and not each.name.startswith(("_", "#")))


def _is_data(field: tree_sitter.Node) -> bool:
    value = value_of(field)
    is_function = value is not None and value.type in _FUNCTION_VALUES
    return not is_function and not _has_modifier(field, "private")


def _attribute(source: Source, field: tree_sitter.Node) -> Parameter:
    name = field.child_by_field_name("name") or field.child_by_field_name("property")
    is_plain = name is not None and name.type.endswith("property_identifier")
    return Parameter(
        name=source.text(name) if is_plain else "",
        type=annotation(source, field.child_by_field_name("type")),
        default=source.text(field.child_by_field_name("value")),
        is_optional=has_child(field, "?"),
    )


def _type_parameters(source: Source, value: tree_sitter.Node) -> tuple[str, ...]:
    listed = value.child_by_field_name("type_parameters")
    nodes = [] if listed is None else children_of(listed, "type_parameter")
    return tuple(source.text(node.child_by_field_name("name")) for node in nodes)


def _decorators(whole: tree_sitter.Node, value: tree_sitter.Node) -> list[tree_sitter.Node]:
    """Outermost first: within the definition, or before a method as TypeScript's grammar has it."""
    before: list[tree_sitter.Node] = []
    sibling = whole.prev_sibling if whole.type == "method_definition" else None
    while sibling is not None and sibling.type in ("decorator", "comment"):
        before.insert(0, sibling)
        sibling = sibling.prev_sibling
    within = children_of(whole, "decorator")
    inner = [] if value == whole else children_of(value, "decorator")
    return [node for node in before if node.type == "decorator"] + within + inner


def _head(whole: tree_sitter.Node) -> tree_sitter.Node:
    """The first node of a definition behind its decorators."""
    return next(
        (child for child in whole.children if child.type not in ("decorator", "comment")), whole
    )


def _has_modifier(node: tree_sitter.Node, modifier: str) -> bool:
    written = child_of(node, "accessibility_modifier")
    return written is not None and text_of(written) == modifier
