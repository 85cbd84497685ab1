"""Which functions and classes of JavaScript and TypeScript have a name, and where they get it.

Declarations bring their name along; a function is also called after what it is assigned to: one
variable, a field, a member (`Foo.prototype.bar = function`), a key of an object that is itself
assigned, an export. Those that are only passed on have no name, and are left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import tree_sitter

from codegen_lsp.syntax.parsing import Tree, text_of
from codegen_lsp.syntax.signatures.source import children_of

DECLARED_TYPES = frozenset(
    {
        *("class_declaration", "abstract_class_declaration", "interface_declaration"),
        "enum_declaration",
    }
)
FIELDS = frozenset({"public_field_definition", "field_definition", "property_signature"})

_FUNCTIONS = frozenset(
    {"function_declaration", "generator_function_declaration", "function_signature"}
)
_METHODS = frozenset({"method_definition", "method_signature", "abstract_method_signature"})
_VALUES = frozenset({"arrow_function", "function_expression", "generator_function", "class"})
_DECLARATIONS = frozenset({"lexical_declaration", "variable_declaration"})
_STATEMENTS = frozenset(
    {"program", "statement_block", "export_statement", "ambient_declaration", "switch_case"}
)
_WRAPPERS = frozenset({"export_statement", "ambient_declaration"})
_HOLDERS = frozenset({"class_body", "interface_body"})
_PLAIN_NAMES = frozenset({"identifier", "property_identifier", "private_property_identifier"})
_MODULE = frozenset({"exports", "module", "module.exports"})


@dataclass(frozen=True, slots=True)
class Named:
    """A definition and what it is called.

    Attributes:
        whole: all of it, `export` and the assignment included.
        value: the function, method, class, interface or enumeration in it.
        name: what it is called.
        container: what it is a member of or stands in; "" at the top level.
        is_member: it is called on an object.
    """

    whole: tree_sitter.Node
    value: tree_sitter.Node
    name: str
    container: str
    is_member: bool = False


def named_definitions(tree: Tree) -> Iterator[Named]:
    """Everything in the text of `tree` that can be documented, in its order."""
    waiting = [(tree.root, "")]
    while waiting:
        node, container = waiting.pop()
        yield from _defined_by(node, container)
        inner = _name_inside(node) or container
        waiting.extend((child, inner) for child in reversed(node.named_children))


def value_of(node: tree_sitter.Node) -> tree_sitter.Node | None:
    """What a declarator, field or pair is given; of `a = b = value` the last."""
    value = node.child_by_field_name("value") or node.child_by_field_name("right")
    while value is not None and value.type == "assignment_expression":
        value = value.child_by_field_name("right")
    return value


def _defined_by(node: tree_sitter.Node, container: str) -> Iterator[Named]:
    if node.type in _FUNCTIONS or node.type in DECLARED_TYPES:
        yield Named(_wrapped(node), node, _name_of(node) or "default", container)
    elif node.type in _METHODS:
        if _is_member(node) and _name_of(node):
            yield Named(node, node, _name_of(node), container, is_member=True)
    elif node.type in FIELDS or node.type == "pair":
        if _is_member(node):
            yield from _given(node, node, container, is_member=True)
    elif node.type in _DECLARATIONS:
        declarators = children_of(node, "variable_declarator")
        if len(declarators) == 1 and _is_statement(node):
            yield from _given(_wrapped(node), declarators[0], container)
    elif node.type == "expression_statement":
        yield from _assigned(node, container)
    elif node.type == "export_statement":
        yield from _given(node, node, container)


def _given(
    whole: tree_sitter.Node, giver: tree_sitter.Node, container: str, *, is_member: bool = False
) -> Iterator[Named]:
    """The definition that `giver` names by giving it as a value."""
    value = value_of(giver)
    if value is not None and value.type in _VALUES:
        name = _name_of(giver) or _name_of(value) or "default"
        yield Named(whole, value, name, container, is_member)


def _assigned(statement: tree_sitter.Node, container: str) -> Iterator[Named]:
    """The definition that is assigned to a member of something."""
    given = statement.named_children[0] if statement.named_children else None
    if given is None or given.type != "assignment_expression":
        return
    value, owner, name = value_of(given), _owner(given), _name_of(given)
    if value is None or value.type not in _VALUES or not name:
        return
    if owner in _MODULE:
        name = _name_of(value) or name if name == "exports" else name
        yield Named(statement, value, name, container)
    else:
        yield Named(statement, value, name, owner or container, is_member=True)


def _owner(assignment: tree_sitter.Node) -> str:
    """What a member is assigned to: the class of a prototype; "" for `this`."""
    left = assignment.child_by_field_name("left")
    of = None if left is None else left.child_by_field_name("object")
    owner = "" if of is None else text_of(of).removesuffix(".prototype")
    return "" if owner == "this" else owner


def _name_of(node: tree_sitter.Node) -> str:
    """The plain name that a node declares, or gives to its value; "" for a computed one."""
    if node.type == "assignment_expression":
        left = node.child_by_field_name("left")
        named = None if left is None else left.child_by_field_name("property")
        is_plain = named is not None and named.type in _PLAIN_NAMES
        return text_of(named) if named is not None and is_plain else ""
    for field in ("name", "key", "property"):
        named = node.child_by_field_name(field)
        if named is not None:
            return text_of(named) if named.type in _PLAIN_NAMES | {"type_identifier"} else ""
    return ""


def _name_inside(node: tree_sitter.Node) -> str:
    """What the definitions inside of `node` stand in because of it; "" for what is around it."""
    if node.type in _FUNCTIONS | _METHODS | DECLARED_TYPES | {"internal_module"}:
        return _name_of(node)
    if node.type == "assignment_expression":
        name = _name_of(node)
        return "" if name == "exports" else name
    is_giver = node.type in FIELDS or node.type in ("variable_declarator", "pair")
    value = value_of(node) if is_giver else None
    return _name_of(node) if value is not None and value.type in _VALUES | {"object"} else ""


def _is_member(node: tree_sitter.Node) -> bool:
    """Whether `node` stands in a class, an interface, or an object that is assigned."""
    holder = node.parent
    if holder is None or holder.type != "object":
        return holder is not None and holder.type in _HOLDERS
    giver = holder.parent
    return giver is not None and (
        giver.type in ("variable_declarator", "assignment_expression", "export_statement")
    )


def _is_statement(declaration: tree_sitter.Node) -> bool:
    return declaration.parent is not None and declaration.parent.type in _STATEMENTS


def _wrapped(node: tree_sitter.Node) -> tree_sitter.Node:
    """`node` with the `export` and `declare` before it."""
    while node.parent is not None and node.parent.type in _WRAPPERS:
        node = node.parent
    return node
