"""What can be documented in Go: functions, types and their methods, those of interfaces too."""

import re
from dataclasses import replace

import tree_sitter

from codegen_lsp.syntax.parsing import Tree, text_of
from codegen_lsp.syntax.signatures.comments import line_start
from codegen_lsp.syntax.signatures.facts import Documentable, Kind, Parameter
from codegen_lsp.syntax.signatures.source import Frame, Source, child_of, has_child
from codegen_lsp.syntax.signatures.walking import own_nodes

_DIRECTIVE = re.compile(r"//(?:line |extern |export |[a-z0-9]+:[a-z0-9])")
"""Words for a tool, not for a reader; as `isDirective` of go/ast tells them."""

_MARKS = re.compile(rf"(?!{_DIRECTIVE.pattern})//|/\*")
_FIELD = ("field_declaration",)
_KINDS: dict[str, Kind] = {"struct_type": "struct", "interface_type": "interface"}


def documentables(tree: Tree) -> list[Documentable]:
    """The functions and types at the top level of a file, and the methods of interfaces."""
    source = Source(tree, _MARKS)
    found: list[Documentable] = []
    for node in tree.root.named_children:
        if node.type == "function_declaration":
            found.append(_function(source, node))
        elif node.type == "method_declaration":
            found.append(_method(source, node, _receiver(node)))
        elif node.type == "type_declaration":
            found += _types(source, node)
    return found


def _types(source: Source, node: tree_sitter.Node) -> list[Documentable]:
    """The types of a declaration, which is that of one type or a group in parentheses."""
    is_group = has_child(node, "(")
    found: list[Documentable] = []
    for spec in node.named_children:
        if spec.type not in ("type_spec", "type_alias"):
            continue
        type_ = _type(source, spec if is_group else node, spec)
        found.append(type_)
        found += [_method(source, each, type_.name) for each in _methods(spec)]
    return found


def _methods(spec: tree_sitter.Node) -> list[tree_sitter.Node]:
    type_ = spec.child_by_field_name("type")
    if type_ is None or type_.type != "interface_type":
        return []
    return [each for each in type_.named_children if each.type == "method_elem"]


def _type(source: Source, node: tree_sitter.Node, spec: tree_sitter.Node) -> Documentable:
    type_ = spec.child_by_field_name("type")
    kind = "class" if type_ is None else _KINDS.get(type_.type, "class")
    if type_ is None or kind == "class":
        return _definition(source, node, spec, kind, None)
    members = child_of(type_, "{", "field_declaration_list")
    definition = _definition(source, node, spec, kind, members)
    _, end = source.span(type_)
    return replace(
        definition,
        body=definition.body and (definition.body[0], end),
        attributes=_fields(source, type_) if kind == "struct" else (),
    )


def _method(source: Source, node: tree_sitter.Node, container: str) -> Documentable:
    function = _function(source, node)
    is_private = function.is_private or _is_private(container)
    return replace(function, kind="method", container=container, is_private=is_private)


def _function(source: Source, node: tree_sitter.Node) -> Documentable:
    body = node.child_by_field_name("body")
    result = node.child_by_field_name("result")
    return replace(
        _definition(source, node, node, "function", body),
        parameters=_parameters(source, node.child_by_field_name("parameters")),
        returns=source.text(result),
        returns_value=result is not None and (body is None or _has_return(body)),
    )


def _has_return(body: tree_sitter.Node) -> bool:
    """Whether it ends with a result, of which a bare `return` gives the named ones."""
    return any(each.type == "return_statement" for each in own_nodes(body, ("func_literal",)))


def _definition(
    source: Source,
    node: tree_sitter.Node,
    named: tree_sitter.Node,
    kind: Kind,
    body: tree_sitter.Node | None,
) -> Documentable:
    """What functions and types have in common; `named` is what in `node` has the name."""
    name = source.text(named.child_by_field_name("name"))
    start, _ = source.span(_first(node))
    return replace(
        source.documentable(Frame(node, name, kind, "", node, body)),
        start=start,
        insert_at=line_start(source.tree.text, start),
        type_parameters=_type_parameters(named),
        is_private=_is_private(name),
    )


def _first(node: tree_sitter.Node) -> tree_sitter.Node:
    """The first of the directives right above `node`; without any, `node`."""
    first = node
    while (above := first.prev_sibling) is not None and _DIRECTIVE.match(text_of(above)):
        if above.end_point.row + 1 != first.start_point.row:
            break
        first = above
    return first


def _parameters(source: Source, parameters: tree_sitter.Node | None) -> tuple[Parameter, ...]:
    """The parameters that have a name; the blank one says nothing."""
    found: list[Parameter] = []
    for each in [] if parameters is None else parameters.named_children:
        is_rest = each.type == "variadic_parameter_declaration"
        type_ = source.text(each.child_by_field_name("type"))
        for name in map(text_of, each.children_by_field_name("name")):
            if name != "_":
                rest = Parameter(name, f"...{type_}", kind="rest")
                found.append(rest if is_rest else Parameter(name, type_))
    return tuple(found)


def _fields(source: Source, struct: tree_sitter.Node) -> tuple[Parameter, ...]:
    fields = [each for each in own_nodes(struct, _FIELD) if each.type in _FIELD]
    return tuple(
        Parameter(name, source.text(field.child_by_field_name("type")))
        for field in fields
        for name in map(text_of, field.children_by_field_name("name"))
        if not _is_private(name)
    )


def _type_parameters(node: tree_sitter.Node) -> tuple[str, ...]:
    parameters = node.child_by_field_name("type_parameters")
    declarations = [] if parameters is None else parameters.named_children
    return tuple(
        text_of(name) for each in declarations for name in each.children_by_field_name("name")
    )


def _receiver(method: tree_sitter.Node) -> str:
    """The name of the type that `method` belongs to."""
    receiver = method.child_by_field_name("receiver")
    names = [] if receiver is None else own_nodes(receiver, ("type_arguments",))
    return next((text_of(each) for each in names if each.type == "type_identifier"), "")


def _is_private(name: str) -> bool:
    """Whether other packages cannot name it."""
    return not name[:1].isupper()
