"""The parameters of Python functions and the attributes of its classes."""

from collections.abc import Iterator
from dataclasses import replace

import tree_sitter

from codegen_lsp.syntax.parsing import text_of
from codegen_lsp.syntax.signatures.facts import Parameter, ParameterKind
from codegen_lsp.syntax.signatures.python_source import flat, identifiers

_REST: dict[str, ParameterKind] = {
    "list_splat_pattern": "rest",
    "dictionary_splat_pattern": "keyword-rest",
}
_NAMED = ("positional-only", "plain")
_TARGETS = frozenset({"pattern_list", "tuple_pattern", "list_pattern", "list_splat_pattern"})


def parameters(node: tree_sitter.Node | None, *, is_bound: bool) -> tuple[Parameter, ...]:
    """The parameters of a function, in their order.

    Args:
        node: the list of them, in parentheses; None if it is missing.
        is_bound: the first one is `self` or `cls`, and left out.
    """
    found: list[Parameter] = []
    kind: ParameterKind = "plain"
    for child in [] if node is None else node.named_children:
        if child.type == "positional_separator":
            found = [replace(each, kind="positional-only") for each in found]
        elif child.type == "keyword_separator":
            kind = "keyword-only"
        elif not child.is_extra:
            parameter = _parameter(child, kind)
            found.append(parameter)
            kind = "keyword-only" if parameter.kind == "rest" else kind
    if is_bound and found and found[0].kind in _NAMED:
        del found[0]
    return tuple(each for each in found if each.name.strip("_"))


def has_pattern(node: tree_sitter.Node) -> bool:
    """Whether a list of parameters has one without a name, as Python 2 allowed."""
    return any(child.type == "tuple_pattern" for child in node.named_children)


def attributes(body: tree_sitter.Node) -> tuple[Parameter, ...]:
    """The public names that the body of a class itself assigns or annotates, each once."""
    found: dict[str, Parameter] = {}
    for statement in body.named_children:
        for node in statement.named_children if statement.type == "expression_statement" else ():
            for attribute in _assigned(node):
                if not attribute.name.startswith("_"):
                    found.setdefault(attribute.name, attribute)
    return tuple(found.values())


def type_parameters(definition: tree_sitter.Node) -> tuple[str, ...]:
    """The names of a definition's own type parameters, without `*`."""
    node = definition.child_by_field_name("type_parameters")
    declared = [] if node is None else [each for each in node.named_children if each.type == "type"]
    return tuple(name for each in declared for name in list(identifiers(each))[:1])


def _parameter(node: tree_sitter.Node, kind: ParameterKind) -> Parameter:
    name = node.child_by_field_name("name")
    if name is None:
        name = node.named_children[0] if node.type == "typed_parameter" else node
    default = _field(node, "value")
    kind = _REST.get(name.type, kind)
    return Parameter(
        name=text_of(name).lstrip("* \t"),
        type=_field(node, "type"),
        default=default,
        kind=kind,
        is_optional=bool(default) or kind in _REST.values(),
    )


def _field(node: tree_sitter.Node, name: str) -> str:
    child = node.child_by_field_name(name)
    return "" if child is None else flat(child)


def _assigned(assignment: tree_sitter.Node) -> Iterator[Parameter]:
    """What an assignment or annotation gives a name, of several targets each."""
    targets = []
    node: tree_sitter.Node | None = assignment
    while node is not None and node.type == "assignment":
        targets.append(node.child_by_field_name("left"))
        last, node = node, node.child_by_field_name("right")
    if not targets:
        return
    value = "" if node is None else flat(node)
    for target in targets:
        single = target is not None and target.type == "identifier"
        for name in [] if target is None else _names(target):
            default = value if single else ""
            yield Parameter(name, _field(last, "type"), default, is_optional=node is not None)


def _names(target: tree_sitter.Node) -> Iterator[str]:
    todo = [target]
    while todo:
        node = todo.pop()
        if node.type == "identifier":
            yield text_of(node)
        elif node.type in _TARGETS:
            todo.extend(reversed(node.named_children))
