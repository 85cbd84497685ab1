"""The exceptions that a Python function lets out.

Which ones count follows pydoclint, so that documentation which lists them satisfies it: those that
the body raises itself, an `assert` excepted; a bare `raise` means what its handler catches. Unlike
there, what is raised in a `try` whose own handlers keep it is left out.
"""

from collections.abc import Iterator
from itertools import pairwise

import tree_sitter

from codegen_lsp.syntax.parsing import text_of
from codegen_lsp.syntax.signatures.facts import Raised
from codegen_lsp.syntax.signatures.python_source import (
    Path,
    flat,
    identifiers,
    statements,
    without_parentheses,
)
from codegen_lsp.syntax.signatures.python_strings import message

_NO_EXCEPTION = frozenset({"GeneratorExit", "KeyboardInterrupt", "SystemExit"})
_MESSAGES = frozenset({"detail", "message", "msg"})
_RUNS_ON = frozenset(
    {"assert_statement", "comment", "delete_statement", "expression_statement", "pass_statement"}
)
_TRANSPARENT = frozenset({"block", "try_statement", "with_statement"})
_LOOSE = frozenset({"conditional_expression", "lambda", "named_expression"})


def raises(body: tree_sitter.Node) -> tuple[Raised, ...]:
    """The exceptions that leave the function of `body`, each type once, in the order of the body.

    One that is raised in several places has the conditions of all of them, joined by "or".
    """
    found: dict[str, list[Raised]] = {}
    for path in _raise_statements(body):
        condition, said = _condition(path), _message(path[-1])
        for name in _types(path):
            if not _is_caught(name, path):
                found.setdefault(name, []).append(Raised(name, condition, said))
    return tuple(_merged(each) for each in found.values())


def _raise_statements(root: tree_sitter.Node) -> Iterator[Path]:
    return (path for path in statements(root) if path[-1].type == "raise_statement")


def _merged(places: list[Raised]) -> Raised:
    conditions = dict.fromkeys(each.condition for each in places if each.condition)
    said = next((each.message for each in places if each.message), "")
    return Raised(places[0].type, " or ".join(conditions), said)


def _types(path: Path) -> list[str]:
    """What a raise statement raises, as written; of a handler's own exception what it catches."""
    raised = _raised(path[-1])
    handlers = [node for node in reversed(path) if node.type == "except_clause"]
    if raised is None:
        return _caught_types(handlers[0]) if handlers else []
    name = flat(raised).removesuffix(".with_traceback")
    again = next((each for each in handlers if _alias(each) == name), None)
    if again is not None:
        return _caught_types(again)
    return [name] if _is_dotted(raised) else list(identifiers(raised))[:1]


def _raised(statement: tree_sitter.Node) -> tree_sitter.Node | None:
    """The class that is raised, without arguments, or else the expression; None of a bare one."""
    cause = statement.child_by_field_name("cause")
    for node in statement.named_children:
        if not node.is_extra and node != cause:
            raised = without_parentheses(node)
            called = raised.child_by_field_name("function") if raised.type == "call" else None
            return called or raised
    return None


def _is_dotted(node: tree_sitter.Node | None) -> bool:
    while node is not None and node.type == "attribute":
        node = node.child_by_field_name("object")
    return node is not None and node.type == "identifier"


def _caught_types(clause: tree_sitter.Node) -> list[str]:
    """The types that an except clause names."""
    types: list[str] = []
    todo = list(reversed(clause.children_by_field_name("value")))
    while todo:
        node = todo.pop()
        if _is_dotted(node):
            types.append(flat(node))
        elif node.type == "as_pattern":
            todo.extend(node.named_children[:1])
        elif node.type in ("tuple", "parenthesized_expression"):
            todo.extend(reversed(node.named_children))
    return types


def _alias(clause: tree_sitter.Node) -> str:
    value = clause.child_by_field_name("value")
    alias = None if value is None else value.child_by_field_name("alias")
    return "" if alias is None else text_of(alias)


def _is_caught(name: str, path: Path) -> bool:
    """Whether a `try` around a raise statement, in whose body it stands, keeps the exception."""
    for outer, inner in pairwise(path):
        if outer.type == "try_statement" and inner == outer.child_by_field_name("body"):
            clauses = (node for node in outer.named_children if node.type == "except_clause")
            clause = next((each for each in clauses if _catches(each, name)), None)
            if clause is not None and not _lets_out(clause):
                return True
    return False


def _catches(clause: tree_sitter.Node, name: str) -> bool:
    if not clause.children_by_field_name("value"):
        return True
    types = _caught_types(clause)
    return (
        name in types
        or "BaseException" in types
        or ("Exception" in types and name not in _NO_EXCEPTION)
    )


def _lets_out(clause: tree_sitter.Node) -> bool:
    """Whether an except clause raises what it has caught again."""
    for path in _raise_statements(clause):
        raised = _raised(path[-1])
        if raised is None and all(node.type != "except_clause" for node in path):
            return True
        if raised is not None and _alias(clause) in identifiers(raised):
            return True
    return False


def _condition(path: Path) -> str:
    """The conditions under which a raise statement runs; "" if others matter as well.

    Those are loops, handlers and cases between it and the innermost one, and statements before it
    that may leave. What an `if` that holds another one is about matters too, of the rest outside
    them nothing: "If `not row`." of a loop over rows says enough.
    """
    conditions: list[str] = []
    for position in range(len(path) - 1, 0, -1):
        node, parent = path[position], path[position - 1]
        if parent.type in ("if_statement", "elif_clause") and node.type == "block":
            conditions.insert(0, _source(parent))
        elif parent.type == "else_clause":
            conditions.insert(0, _negated(path[position - 2]) if position > 1 else "")
        elif not conditions and not _leads_on(node, parent):
            return ""
    return _joined(conditions)


def _leads_on(node: tree_sitter.Node, parent: tree_sitter.Node) -> bool:
    """Whether `node` is carried out whenever `parent`, which holds it, is."""
    if parent.type not in _TRANSPARENT or node.type in ("except_clause", "finally_clause"):
        return False
    return parent.type != "block" or _is_reached(node, parent)


def _joined(conditions: list[str]) -> str:
    told = [each for each in conditions if each]
    if not told or not conditions[-1]:  # without the innermost the others say too little
        return ""
    if len(told) == 1:
        return told[0]
    return " and ".join(f"({each})" if " or " in each else each for each in told)


def _source(branch: tree_sitter.Node) -> str:
    condition = branch.child_by_field_name("condition")
    if condition is None:
        return ""
    condition = without_parentheses(condition)
    return f"({flat(condition)})" if condition.type in _LOOSE else flat(condition)


def _negated(statement: tree_sitter.Node) -> str:
    """The condition of the else branch of `statement`; "" unless that is an if statement."""
    if statement.type != "if_statement":
        return ""
    branches = [
        statement,
        *(node for node in statement.named_children if node.type == "elif_clause"),
    ]
    return f"not ({' or '.join(map(_source, branches))})"


def _is_reached(node: tree_sitter.Node, block: tree_sitter.Node) -> bool:
    """Whether nothing before `node` in its block can lead elsewhere."""
    before = (child for child in block.named_children if child.start_byte < node.start_byte)
    return all(child.type in _RUNS_ON for child in before)


def _message(statement: tree_sitter.Node) -> str:
    """The first literal text among the arguments of an exception that can be its message."""
    call = next((node for node in statement.named_children if not node.is_extra), None)
    call = None if call is None else without_parentheses(call)
    arguments = None if call is None else call.child_by_field_name("arguments")
    said = [] if arguments is None else map(_said, arguments.named_children)
    return next(filter(None, said), "")


def _said(argument: tree_sitter.Node) -> str:
    if argument.type != "keyword_argument":
        return message(argument)
    name, value = argument.child_by_field_name("name"), argument.child_by_field_name("value")
    says = name is not None and text_of(name) in _MESSAGES
    return message(value) if says and value is not None else ""
