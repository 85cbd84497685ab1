"""What leaves the body of a C++ function as an exception."""

from collections.abc import Iterator

import tree_sitter

from codegen_lsp.syntax.parsing import text_of
from codegen_lsp.syntax.signatures.facts import Raised
from codegen_lsp.syntax.signatures.walking import is_reached, own_nodes

_BARRIERS = ("lambda_expression", "class_specifier", "struct_specifier")
_STRINGS = ("string_literal", "concatenated_string")
_TEXTS = ("string_content", "escape_sequence")


def raised(declarator: tree_sitter.Node, body: tree_sitter.Node | None) -> tuple[Raised, ...]:
    """What a function throws that it does not catch, each type once; nothing from a `noexcept`."""
    clauses = [each for each in declarator.children if each.type == "throw_specifier"]
    if any(
        each.type == "noexcept" and "false" not in text_of(each) for each in declarator.children
    ):
        return ()
    found = {
        text_of(each): Raised(text_of(each)) for clause in clauses for each in clause.named_children
    }
    for node in () if body is None else own_nodes(body, _BARRIERS):
        if node.type == "throw_statement":
            thrown = _thrown(node)
            if thrown is not None and not _is_caught(node, thrown.type):
                found.setdefault(thrown.type, thrown)
    return tuple(found.values())


def _thrown(statement: tree_sitter.Node) -> Raised | None:
    """What `statement` throws; None where its type is not written there or in a `catch`."""
    value = next((each for each in statement.named_children if each.type != "comment"), None)
    if value is None or value.type == "identifier":
        type_ = _caught_type(statement, "" if value is None else text_of(value))
    else:
        made = value.child_by_field_name("function") or value.child_by_field_name("type")
        type_ = "" if made is None or made.type == "field_expression" else text_of(made)
    if not type_:
        return None
    return Raised(" ".join(type_.split()), _condition(statement), _message(value))


def _caught_type(statement: tree_sitter.Node, name: str) -> str:
    """Type of the exception that is thrown again, by its `name` if it has one; "" if unknown."""
    for inner, outer in _around(statement):
        if outer.type == "catch_clause" and inner.type == "compound_statement":
            type_, caught = _handled(outer)
            return type_ if name in ("", caught) else ""
    return ""


def _is_caught(statement: tree_sitter.Node, type_: str) -> bool:
    """Whether a handler around `statement` takes `type_` and does not throw it again."""
    for inner, outer in _around(statement):
        if outer.type != "try_statement" or inner.type != "compound_statement":
            continue
        for handler in (each for each in outer.children if each.type == "catch_clause"):
            caught, _ = _handled(handler)
            if caught in ("", "exception", "std::exception") or _last(caught) == _last(type_):
                if not _throws_again(handler):
                    return True
                break
    return False


def _throws_again(handler: tree_sitter.Node) -> bool:
    nodes = own_nodes(handler, _BARRIERS)
    return any(each.type == "throw_statement" and not each.named_children for each in nodes)


def _handled(handler: tree_sitter.Node) -> tuple[str, str]:
    """The type that `handler` catches and its name for it; "" for `...` and for no name."""
    for node in own_nodes(handler, ("compound_statement",)):
        if node.type == "parameter_declaration":
            type_ = node.child_by_field_name("type")
            names = [text_of(each) for each in own_nodes(node, ()) if each.type == "identifier"]
            return "" if type_ is None else text_of(type_), (names or [""])[-1]
    return "", ""


def _condition(statement: tree_sitter.Node) -> str:
    """Source of the innermost condition; "" if others matter as well, as in a handler."""
    for inner, outer in _around(statement):
        if outer.type == "catch_clause" or not is_reached(inner, outer):
            return ""
        condition = outer.child_by_field_name("condition")
        if outer.type == "if_statement" and condition is not None:
            value = " ".join(text_of(condition).split()).removeprefix("(").removesuffix(")")
            return f"!({value})" if inner.type == "else_clause" else value
    return ""


def _message(value: tree_sitter.Node | None) -> str:
    """The string that an exception is made with, if that is its only or first argument."""
    arguments = value and (
        value.child_by_field_name("arguments") or value.child_by_field_name("value")
    )
    given = arguments.named_children if arguments else []
    if not given or given[0].type not in _STRINGS:
        return ""
    return "".join(text_of(each) for each in own_nodes(given[0], ()) if each.type in _TEXTS)


def _around(
    statement: tree_sitter.Node,
) -> Iterator[tuple[tree_sitter.Node, tree_sitter.Node]]:
    """Each node around `statement` in its function, behind its child that holds the statement."""
    inner, outer = statement, statement.parent
    while outer is not None and inner.type not in ("function_definition", "lambda_expression"):
        yield inner, outer
        inner, outer = outer, outer.parent


def _last(name: str) -> str:
    return name.rpartition("::")[2]
