"""Exceptions that leave a body: what `throw` gives away and no `try` around it takes back.

One reading for the languages with `throw` and `try`; their grammars share most node types, and
where they differ, the types of all stand in one table.
"""

import re
from collections.abc import Iterator

import tree_sitter

from codegen_lsp.syntax.signatures.facts import Raised
from codegen_lsp.syntax.signatures.source import Source, child_of, children_of
from codegen_lsp.syntax.signatures.walking import is_reached, own_nodes

NESTED = frozenset(
    {
        *("function_declaration", "function_expression", "arrow_function", "method_definition"),
        *("generator_function_declaration", "generator_function", "class_body"),
        *("lambda_expression", "anonymous_method_expression", "local_function_statement"),
    }
)
"""Nodes whose statements are not those of the definition around them."""

_THROWS = frozenset({"throw_statement", "throw_expression"})
_TRIES = frozenset({"try_statement", "try_with_resources_statement"})
_CREATIONS = frozenset({"new_expression", "object_creation_expression"})
_CHOICES = frozenset({"if_statement", "ternary_expression", "conditional_expression"})
_OTHER_REASONS = frozenset(
    {
        *("catch_clause", "switch_case", "switch_default", "switch_rule", "switch_section"),
        *("switch_block_statement_group", "switch_expression_arm"),
    }
)
_STRINGS = frozenset(
    {
        *("string", "template_string", "string_literal", "verbatim_string_literal"),
        *("raw_string_literal", "interpolated_string_expression"),
    }
)
_CATCH_ALL = frozenset({"Exception", "Throwable"})
_NAME = re.compile(r"[\w.$]+")
_CAPITAL = re.compile(r"(?:[\w$]+\.)*[A-Z][\w$]*")
_QUOTES = re.compile(r"^[$@]*(?P<quotes>\"{3,}|[\"'`])(?P<said>.*)(?P=quotes)$", re.DOTALL)
_SPACE = re.compile(r"\s+")


def raised_in(source: Source, body: tree_sitter.Node) -> tuple[Raised, ...]:
    """The exceptions that leave `body`, each type once, in the order of the text."""
    found: dict[str, Raised] = {}
    for node in own_nodes(body, NESTED):
        if node.type in _THROWS:
            for kind, creation in _thrown(source, node, body):
                if kind not in found and not _is_caught(source, node, kind, body):
                    condition, message = _condition(source, node, body), _message(source, creation)
                    found[kind] = Raised(kind, condition, message)
    return tuple(found.values())


def _thrown(
    source: Source, throw: tree_sitter.Node, body: tree_sitter.Node
) -> Iterator[tuple[str, tree_sitter.Node | None]]:
    """The types that `throw` can throw, each with the expression that makes it if one is seen.

    None for what only running would tell. A handler that throws on what it got throws its types,
    unless they are those that catch all: then what was thrown is found where it was.
    """
    given = throw.named_children[0] if throw.named_children else None
    handler = _handler_of(source, throw, given, body)
    if handler is not None:
        yield from ((kind, None) for kind in _caught(source, handler) if kind not in _CATCH_ALL)
        return
    creation = given
    if given is not None and given.type == "identifier":
        creation = _value_of(source, source.text(given), body)
    kind = "" if creation is None else _created(source, creation)
    if kind:
        yield kind, creation


def _handler_of(
    source: Source,
    throw: tree_sitter.Node,
    given: tree_sitter.Node | None,
    body: tree_sitter.Node,
) -> tree_sitter.Node | None:
    """The handler whose exception `throw` throws on."""
    for _, parent in _upwards(throw, body):
        if parent.type == "catch_clause" and _throws_on(source, given, parent):
            return parent
    return None


def _throws_on(source: Source, given: tree_sitter.Node | None, clause: tree_sitter.Node) -> bool:
    return given is None or (
        given.type == "identifier" and source.text(given) == _variable(source, clause)
    )


def _value_of(source: Source, name: str, body: tree_sitter.Node) -> tree_sitter.Node | None:
    """What the variable `name` is declared with in `body`."""
    for node in own_nodes(body, NESTED):
        if node.type == "variable_declarator" and node.named_child_count > 1:
            declared, value = node.named_children[0], node.named_children[-1]
            if source.text(declared) == name:
                return value
    return None


def _created(source: Source, node: tree_sitter.Node) -> str:
    """Type of the exception that an expression makes; "" where it cannot be seen."""
    if node.type == "call_expression":  # JavaScript's `throw Error("...")`
        called = source.text(node.child_by_field_name("function"))
        return called if _CAPITAL.fullmatch(called) else ""
    if node.type not in _CREATIONS:
        return ""
    made = source.text(node.child_by_field_name("constructor") or node.child_by_field_name("type"))
    return made if _NAME.fullmatch(made) else ""


def _is_caught(source: Source, throw: tree_sitter.Node, kind: str, body: tree_sitter.Node) -> bool:
    for child, parent in _upwards(throw, body):
        if parent.type in _TRIES and child == parent.child_by_field_name("body"):
            handler = next(
                (
                    clause
                    for clause in children_of(parent, "catch_clause")
                    if _catches(source, clause, kind)
                ),
                None,
            )
            if handler is not None and not _rethrows(source, handler):
                return True
    return False


def _catches(source: Source, clause: tree_sitter.Node, kind: str) -> bool:
    """Whether a handler surely takes what is of type `kind`; a filter may let it pass."""
    if child_of(clause, "catch_filter_clause") is not None:
        return False
    names = {name.rsplit(".", 1)[-1] for name in _caught(source, clause)}
    thrown = kind.rsplit(".", 1)[-1]
    if not names or thrown in names or "Throwable" in names:
        return True
    return "Exception" in names and not thrown.endswith("Error")


def _rethrows(source: Source, clause: tree_sitter.Node) -> bool:
    throws = (node for node in own_nodes(clause, NESTED) if node.type in _THROWS)
    return any(
        _throws_on(source, node.named_children[0] if node.named_children else None, clause)
        for node in throws
    )


def _caught(source: Source, clause: tree_sitter.Node) -> tuple[str, ...]:
    """The types that a handler names; none where it takes everything."""
    java = child_of(clause, "catch_formal_parameter")
    if java is not None:
        types = child_of(java, "catch_type")
        return () if types is None else tuple(map(source.text, types.named_children))
    declared = child_of(clause, "catch_declaration")
    return () if declared is None else (source.text(declared.child_by_field_name("type")),)


def _variable(source: Source, clause: tree_sitter.Node) -> str:
    """The name under which a handler has the exception; "" where it gives it none."""
    declared = child_of(clause, "catch_formal_parameter", "catch_declaration")
    if declared is not None:
        return source.text(declared.child_by_field_name("name"))
    return source.text(clause.child_by_field_name("parameter"))


def _condition(source: Source, throw: tree_sitter.Node, body: tree_sitter.Node) -> str:
    """The innermost condition under which `throw` is reached; "" if others matter as well."""
    for child, parent in _upwards(throw, body):
        if parent.type in _OTHER_REASONS or not is_reached(child, parent):
            return ""
        if parent.type in _CHOICES:
            condition = _bare(source, parent.child_by_field_name("condition"))
            is_other = child == parent.child_by_field_name("alternative")
            return f"!({condition})" if is_other else condition
    return ""


def _bare(source: Source, condition: tree_sitter.Node | None) -> str:
    """A condition as written, without the parentheses that its statement asks for."""
    written = source.text(condition)
    is_wrapped = condition is not None and condition.type == "parenthesized_expression"
    return written[1:-1].strip() if is_wrapped else written


def _message(source: Source, creation: tree_sitter.Node | None) -> str:
    """The longest literal that an exception is made with: others are names of parameters."""
    arguments = None if creation is None else creation.child_by_field_name("arguments")
    given = [] if arguments is None else arguments.named_children
    literals = (node.named_children[0] if node.type == "argument" else node for node in given)
    return max((_said(source, node) for node in literals), key=len, default="")


def _said(source: Source, node: tree_sitter.Node) -> str:
    if node.type not in _STRINGS:
        return ""
    start, end = source.span(node)
    match = _QUOTES.match(source.tree.text[start:end])
    return "" if match is None else _SPACE.sub(" ", match["said"]).strip()


def _upwards(
    node: tree_sitter.Node, top: tree_sitter.Node
) -> Iterator[tuple[tree_sitter.Node, tree_sitter.Node]]:
    """Each node from `node` up to `top` with its parent, `top` itself as the last parent."""
    parent = node.parent
    while node != top and parent is not None:
        yield node, parent
        node, parent = parent, parent.parent
