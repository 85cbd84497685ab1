"""What Java says of its methods, constructors, classes, records, interfaces and enumerations."""

from collections.abc import Iterator
from dataclasses import replace

import tree_sitter

from codegen_lsp.syntax.parsing import Tree, text_of
from codegen_lsp.syntax.signatures.comments import BLOCK_MARKS
from codegen_lsp.syntax.signatures.facts import Documentable, Kind, Parameter, Raised
from codegen_lsp.syntax.signatures.source import Frame, Source, child_of, children_of
from codegen_lsp.syntax.signatures.throwing import raised_in

_KINDS: dict[str, Kind] = {
    "class_declaration": "class",
    "record_declaration": "class",
    "interface_declaration": "interface",
    "annotation_type_declaration": "interface",
    "enum_declaration": "enum",
    "constructor_declaration": "constructor",
    "method_declaration": "method",
    "annotation_type_element_declaration": "method",
}
_CALLABLE = frozenset({"constructor", "method"})
_WITHOUT_NAME = frozenset({"object_creation_expression", "enum_constant"})
_ANNOTATIONS = ("annotation", "marker_annotation")
_TYPE_NAMES = ("type_identifier", "scoped_type_identifier")
_FIELDS = ("field_declaration", "constant_declaration")


def documentables(tree: Tree) -> list[Documentable]:
    """The methods and types, in the order of the text; not those of anonymous classes."""
    source = Source(tree, BLOCK_MARKS)
    return [_documentable(source, node, container) for node, container in _definitions(tree.root)]


def _definitions(root: tree_sitter.Node) -> Iterator[tuple[tree_sitter.Node, str]]:
    waiting = [(root, "")]
    while waiting:
        node, container = waiting.pop()
        named = node.child_by_field_name("name") if node.type in _KINDS else None
        if named is not None:
            yield node, container
            container = text_of(named)
        if node.type not in _WITHOUT_NAME:
            waiting.extend((child, container) for child in reversed(node.named_children))


def _documentable(source: Source, node: tree_sitter.Node, container: str) -> Documentable:
    kind = _KINDS[node.type]
    annotations = [child for child in _modifiers(node) if child.type in _ANNOTATIONS]
    names = tuple(source.text(child.child_by_field_name("name")) for child in annotations)
    base = source.documentable(
        Frame(
            whole=node,
            name=source.text(node.child_by_field_name("name")),
            kind=kind,
            container=container,
            head=_head(node),
            body=node.child_by_field_name("body"),
        )
    )
    base = replace(
        base,
        parameters=_parameters(source, node),
        type_parameters=_type_parameters(source, node),
        decorators=names,
        is_override="Override" in names,
        is_private=_has_modifier(node, "private"),
    )
    if kind in _CALLABLE:
        return _with_behaviour(source, base, node)
    return replace(base, attributes=tuple(_attributes(source, node)))


def _with_behaviour(source: Source, base: Documentable, node: tree_sitter.Node) -> Documentable:
    """`base` with what a method gives and throws; what it says that it throws comes last."""
    body = node.child_by_field_name("body")
    returns = _type(source, node)
    thrown = () if body is None else raised_in(source, body)
    seen = {_last(each.type) for each in thrown}
    clause = child_of(node, "throws")
    declared = [] if clause is None else children_of(clause, *_TYPE_NAMES)
    names = [source.text(each) for each in declared]
    return replace(
        base,
        returns=returns,
        returns_value=returns not in ("", "void"),
        raises=thrown + tuple(Raised(name) for name in names if _last(name) not in seen),
    )


def _last(name: str) -> str:
    return name.rsplit(".", 1)[-1]


def _parameters(source: Source, node: tree_sitter.Node) -> tuple[Parameter, ...]:
    """The parameters of a method or record, without the receiver (`A this`)."""
    listed = node.child_by_field_name("parameters")
    written = [] if listed is None else children_of(listed, "formal_parameter", "spread_parameter")
    return tuple(_parameter(source, each) for each in written)


def _parameter(source: Source, node: tree_sitter.Node) -> Parameter:
    if node.type == "formal_parameter":
        return Parameter(source.text(node.child_by_field_name("name")), _type(source, node))
    declarator = child_of(node, "variable_declarator")
    name = None if declarator is None else declarator.child_by_field_name("name")
    kinds = [each for each in node.named_children if each.type.endswith("type")]
    kinds += [each for each in node.named_children if each.type.endswith("type_identifier")]
    return Parameter(
        name=source.text(name),
        type=source.text(kinds[0] if kinds else None),
        kind="rest",
        is_optional=True,
    )


def _type(source: Source, node: tree_sitter.Node) -> str:
    """The type of a parameter, field or method, with the brackets that stand behind its name."""
    return source.text(node.child_by_field_name("type")) + source.text(
        node.child_by_field_name("dimensions")
    )


def _attributes(source: Source, definition: tree_sitter.Node) -> Iterator[Parameter]:
    """The public fields of a class, all of an interface."""
    body = definition.child_by_field_name("body")
    for field in [] if body is None else children_of(body, *_FIELDS):
        if field.type == "constant_declaration" or _has_modifier(field, "public"):
            for declarator in children_of(field, "variable_declarator"):
                yield Parameter(
                    name=source.text(declarator.child_by_field_name("name")),
                    type=_type(source, field) + _type(source, declarator),
                    default=source.text(declarator.child_by_field_name("value")),
                )


def _type_parameters(source: Source, node: tree_sitter.Node) -> tuple[str, ...]:
    listed = child_of(node, "type_parameters")
    written = [] if listed is None else children_of(listed, "type_parameter")
    return tuple(source.text(child_of(each, "type_identifier", "identifier")) for each in written)


def _modifiers(node: tree_sitter.Node) -> list[tree_sitter.Node]:
    modifiers = child_of(node, "modifiers")
    return [] if modifiers is None else modifiers.children


def _has_modifier(node: tree_sitter.Node, modifier: str) -> bool:
    return any(child.type == modifier for child in _modifiers(node))


def _head(node: tree_sitter.Node) -> tree_sitter.Node:
    """The first node of a definition behind the annotations that it begins with."""
    pieces = [*_modifiers(node), *(child for child in node.children if child.type != "modifiers")]
    passed = (*_ANNOTATIONS, "line_comment", "block_comment")
    return next((piece for piece in pieces if piece.type not in passed), node)
