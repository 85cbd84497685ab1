"""What C# says of its methods, properties, constructors and types, records included."""

import re
from collections.abc import Iterator
from dataclasses import replace

import tree_sitter

from codegen_lsp.syntax.parsing import Tree, text_of
from codegen_lsp.syntax.signatures.facts import Documentable, Kind, Parameter
from codegen_lsp.syntax.signatures.source import Frame, Source, child_of, children_of, has_child
from codegen_lsp.syntax.signatures.throwing import NESTED, raised_in
from codegen_lsp.syntax.signatures.walking import own_nodes

MARKS = re.compile(r"///(?!/)|/\*\*(?![*/])")
"""`/// ...` and `/** ... */`; `////` is an ordinary comment."""

_KINDS: dict[str, Kind] = {
    "class_declaration": "class",
    "record_declaration": "class",
    "struct_declaration": "struct",
    "interface_declaration": "interface",
    "enum_declaration": "enum",
    "delegate_declaration": "function",
    "constructor_declaration": "constructor",
    "method_declaration": "method",
    "operator_declaration": "method",
    "conversion_operator_declaration": "method",
    "property_declaration": "property",
    "indexer_declaration": "property",
}
_TYPE_KINDS = frozenset({"class", "struct", "interface", "enum"})
_ACCESS = frozenset({"public", "protected", "internal"})
_NOTHING = re.compile(r"(?:void|(?:System\.Threading\.Tasks\.)?(?:Value)?Task)?")


def documentables(tree: Tree) -> list[Documentable]:
    """The methods, properties and types, in the order of the text.

    Local functions are left out: the compiler takes no documentation of them (CS1587).
    """
    source = Source(tree, MARKS)
    found: list[Documentable] = []
    waiting: list[tuple[tree_sitter.Node, str, Kind | None]] = [(tree.root, "", None)]
    while waiting:
        node, container, around = waiting.pop()
        kind = _KINDS.get(node.type)
        if kind is not None:
            found.append(_documentable(source, node, container, around))
            container = found[-1].name
        waiting.extend((child, container, kind or around) for child in node.named_children[::-1])
    return found


def _documentable(
    source: Source, node: tree_sitter.Node, container: str, around: Kind | None
) -> Documentable:
    kind = _KINDS[node.type]
    body = _body(node)
    explicit = has_child(node, "explicit_interface_specifier")
    modifiers = [text_of(child) for child in children_of(node, "modifier")]
    base = source.documentable(
        Frame(
            whole=node,
            name=_name(source, node),
            kind=kind,
            container=container,
            head=_head(node),
            body=_inside(body),
        )
    )
    is_hidden = _ACCESS.isdisjoint(modifiers) and around in ("class", "struct") and not explicit
    base = replace(
        base,
        parameters=tuple(_parameters(source, node)),
        type_parameters=_type_parameters(source, node),
        decorators=tuple(_attribute_names(source, node)),
        is_async="async" in modifiers,
        is_override=explicit or "override" in modifiers,
        is_private=is_hidden or "private" in modifiers,
    )
    if kind in _TYPE_KINDS:
        return replace(base, attributes=tuple(_fields(source, node)))
    return _with_behaviour(source, base, node, body)


def _with_behaviour(
    source: Source, base: Documentable, node: tree_sitter.Node, body: tree_sitter.Node | None
) -> Documentable:
    """`base` with what a member gives and throws.

    An iterator returns a value, too: C# documents what it yields as what it returns.
    """
    returns = source.text(node.child_by_field_name("returns") or node.child_by_field_name("type"))
    yielding = () if body is None else own_nodes(body, NESTED)
    return replace(
        base,
        returns=returns,
        returns_value=_NOTHING.fullmatch(returns) is None and not _is_write_only(node),
        yields=any(each.type == "yield_statement" for each in yielding),
        raises=() if body is None else raised_in(source, body),
    )


def _body(node: tree_sitter.Node) -> tree_sitter.Node | None:
    """The block, accessors or expression of a member, the members of a type."""
    for field in ("body", "accessors", "value"):
        body = node.child_by_field_name(field)
        if body is not None:
            return body
    return child_of(node, "arrow_expression_clause")


def _inside(body: tree_sitter.Node | None) -> tree_sitter.Node | None:
    """`body`, or its expression where it is `=> expression`."""
    is_arrow = body is not None and body.type == "arrow_expression_clause"
    return body.named_children[-1] if body is not None and is_arrow else body


def _is_write_only(node: tree_sitter.Node) -> bool:
    accessors = node.child_by_field_name("accessors")
    written = [] if accessors is None else children_of(accessors, "accessor_declaration")
    return bool(written) and not any(has_child(each, "get") for each in written)


def _name(source: Source, node: tree_sitter.Node) -> str:
    if node.type == "indexer_declaration":
        return "this"
    if node.type == "conversion_operator_declaration":
        return f"operator {source.text(node.child_by_field_name('type'))}"
    if node.type == "operator_declaration":
        return f"operator {source.text(node.child_by_field_name('operator'))}"
    return source.text(node.child_by_field_name("name"))


def _parameters(source: Source, node: tree_sitter.Node) -> Iterator[Parameter]:
    """The parameters of a member, or of a type that has a constructor in its header.

    The grammar gives `params object[] rest` no node of its own: its type and its name stand among
    the parameters.
    """
    listed = node.child_by_field_name("parameters") or child_of(node, "parameter_list")
    rest_type = ""
    for index, child in enumerate([] if listed is None else listed.children):
        field = None if listed is None else listed.field_name_for_child(index)
        if child.type == "parameter":
            yield _parameter(source, child)
        elif field == "type":
            rest_type = source.text(child)
        elif field == "name":
            yield Parameter(source.text(child), rest_type, kind="rest", is_optional=True)


def _parameter(source: Source, node: tree_sitter.Node) -> Parameter:
    has_default = has_child(node, "=")
    return Parameter(
        name=source.text(node.child_by_field_name("name")),
        type=source.text(node.child_by_field_name("type")),
        default=source.text(node.named_children[-1]) if has_default else "",
        is_optional=has_default,
    )


def _fields(source: Source, node: tree_sitter.Node) -> Iterator[Parameter]:
    """The public fields of a type; its properties are documented themselves."""
    body = node.child_by_field_name("body")
    for field in [] if body is None else children_of(body, "field_declaration"):
        is_public = "public" in [text_of(child) for child in children_of(field, "modifier")]
        declaration = child_of(field, "variable_declaration")
        if declaration is not None and is_public:
            written = source.text(declaration.child_by_field_name("type"))
            for declarator in children_of(declaration, "variable_declarator"):
                yield Parameter(source.text(declarator.child_by_field_name("name")), written)


def _type_parameters(source: Source, node: tree_sitter.Node) -> tuple[str, ...]:
    listed = child_of(node, "type_parameter_list")
    written = [] if listed is None else children_of(listed, "type_parameter")
    return tuple(source.text(each.child_by_field_name("name")) for each in written)


def _attribute_names(source: Source, node: tree_sitter.Node) -> Iterator[str]:
    for attributes in children_of(node, "attribute_list"):
        for attribute in children_of(attributes, "attribute"):
            yield source.text(attribute.child_by_field_name("name"))


def _head(node: tree_sitter.Node) -> tree_sitter.Node:
    """The first node of a definition behind its attributes."""
    return next(
        (child for child in node.children if child.type not in ("attribute_list", "comment")), node
    )
