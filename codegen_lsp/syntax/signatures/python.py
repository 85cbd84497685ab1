"""Signatures of Python: functions, methods and classes, also in stubs.

Where pydoclint has rules for what a docstring must list, these facts follow them; names that are
nothing but underscores are no parameters to speak of there.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

import tree_sitter

from codegen_lsp.syntax.parsing import Tree, parse_with, text_of
from codegen_lsp.syntax.signatures.facts import Documentable, Existing, Kind
from codegen_lsp.syntax.signatures.python_members import (
    attributes,
    has_pattern,
    parameters,
    type_parameters,
)
from codegen_lsp.syntax.signatures.python_raises import raises
from codegen_lsp.syntax.signatures.python_results import results
from codegen_lsp.syntax.signatures.python_source import DEFINITIONS, Path, flat, statements
from codegen_lsp.syntax.signatures.python_strings import docstring

_LONE_RETURN = re.compile(r"\r(?!\n)")
_BLANK = re.compile(r"[ \t\f]*")
_SAME_LINE = re.compile(r"[ \t\f]*(?:\\\r?\n[ \t\f]*)*")
_STEP = re.compile(
    r"^([ \t]*)(?:async|class|def|elif|else|except|finally|for|if|try|while|with)\b"
    r"[^\n]*:[ \t]*(?:#[^\n]*)?\r?\n(?:[ \t]*\r?\n)*\1([ \t]+)\S",
    re.MULTILINE,
)
_PROPERTIES = frozenset({"abstractproperty", "cached_property", "property"})
_DEFAULT_STEP = "    "


def documentables(tree: Tree) -> list[Documentable]:
    """The functions, methods and classes in the text of `tree`, in its order."""
    text = tree.text
    if _LONE_RETURN.search(text):  # a line end to Python, not to the grammar; lengths stay
        tree = parse_with(tree.grammar, _LONE_RETURN.sub("\n", text))
    found: list[Documentable] = []
    todo: list[tuple[tree_sitter.Node, tree_sitter.Node | None]] = [(tree.root, None)]
    while todo:
        scope, holder = todo.pop()
        for path in statements(scope):
            definition = _definition(path[-1])
            if definition is None:
                continue
            found.append(_documentable(tree, text, holder, path, definition))
            body = definition.child_by_field_name("body")
            if body is not None:
                todo.append((body, definition))
    return sorted(found, key=lambda each: each.start)


def _definition(statement: tree_sitter.Node) -> tree_sitter.Node | None:
    """The definition that a statement is, without its decorators."""
    if statement.type == "decorated_definition":
        return statement.child_by_field_name("definition")
    return statement if statement.type in DEFINITIONS else None


def _documentable(
    tree: Tree, text: str, holder: tree_sitter.Node | None, path: Path, node: tree_sitter.Node
) -> Documentable:
    outer = path[-1]
    body = _body(node)
    name = _name(node)
    decorators = tuple(_decorators(outer))
    header_end = _header_end(node)
    documentable = Documentable(
        name=name,
        kind="class",
        container="" if holder is None else _name(holder),
        start=tree.offset(outer.start_byte),
        end=tree.offset(outer.end_byte),
        signature=flat(node, header_end),
        body=None if body is None else _span(tree, body),
        placement="inside",
        insert_at=tree.offset(header_end),
        indent=_indent(tree, outer, header_end, body),
        type_parameters=type_parameters(node),
        decorators=decorators,
        is_private=name.startswith("_") and not (name.startswith("__") and name.endswith("__")),
        existing=None if body is None else _existing(tree, text, body),
        problem=_problem(tree, path, node, body),
    )
    if node.type == "function_definition":
        return _function(documentable, node, body, holder)
    return replace(documentable, attributes=() if body is None else attributes(body))


def _function(
    documentable: Documentable,
    node: tree_sitter.Node,
    body: tree_sitter.Node | None,
    holder: tree_sitter.Node | None,
) -> Documentable:
    """`documentable` with what only functions have."""
    is_method = holder is not None and holder.type == "class_definition"
    marks = {name.rpartition(".")[2] for name in documentable.decorators}
    kind = _kind(documentable.name, marks) if is_method else "function"
    listed = node.child_by_field_name("parameters")
    annotation = node.child_by_field_name("return_type")
    returns = "" if annotation is None else flat(annotation)
    returns_value, gives_more = results(body, returns)
    return replace(
        documentable,
        kind=kind,
        parameters=parameters(listed, is_bound=is_method and "staticmethod" not in marks),
        returns=returns,
        returns_value=returns_value and kind != "constructor",
        yields=gives_more,
        raises=() if body is None else raises(body),
        is_async=any(child.type == "async" for child in node.children),
        is_overload="overload" in marks,
        is_override="override" in marks,
    )


def _kind(name: str, marks: set[str]) -> Kind:
    if name == "__init__":
        return "constructor"
    return "method" if _PROPERTIES.isdisjoint(marks) else "property"


def _name(node: tree_sitter.Node) -> str:
    name = node.child_by_field_name("name")
    return "" if name is None else text_of(name)


def _decorators(outer: tree_sitter.Node) -> Iterator[str]:
    """The names of the decorators of a definition, outermost first."""
    for decorator in outer.named_children:
        if decorator.type == "decorator":
            yield flat(decorator).removeprefix("@").partition("(")[0].strip()


def _header_end(node: tree_sitter.Node) -> int:
    """Byte offset behind the colon of a definition's header."""
    colons = [child.end_byte for child in node.children if child.type == ":"]
    return colons[-1] if colons else node.end_byte


def _body(node: tree_sitter.Node) -> tree_sitter.Node | None:
    """The body of a definition; None while there is no statement in it."""
    body = node.child_by_field_name("body")
    return body if body is not None and body.end_byte > body.start_byte else None


def _existing(tree: Tree, text: str, body: tree_sitter.Node) -> Existing | None:
    literal = docstring(body)
    if literal is None:
        return None
    start, end = _span(tree, literal)
    return Existing(start, end, text[start:end])


def _span(tree: Tree, node: tree_sitter.Node) -> tuple[int, int]:
    return tree.offset(node.start_byte), tree.offset(node.end_byte)


def _problem(tree: Tree, path: Path, node: tree_sitter.Node, body: tree_sitter.Node | None) -> str:
    outer, is_sound = path[-1], not tree.root.has_error
    if any(around.is_error for around in path) or not (is_sound or _is_in_line(outer)):
        return "syntax error around it"
    if outer.has_error or not (is_sound or _is_whole(tree.root, outer)):
        return "syntax error in it"
    if body is None:
        return "it has no body"
    listed = node.child_by_field_name("parameters")
    return "a parameter without a name" if listed and has_pattern(listed) else ""


def _is_in_line(outer: tree_sitter.Node) -> bool:
    """Whether a definition is indented like the statements it is among, not lost by its holder."""
    first = outer.parent and outer.parent.named_child(0)
    return first is not None and first.start_point.column >= outer.start_point.column


def _is_whole(root: tree_sitter.Node, outer: tree_sitter.Node) -> bool:
    """Whether what follows a definition is not indented like a part of it, lost to an error."""
    cursor, column = root.walk(), outer.start_point.column
    while cursor.goto_first_child_for_byte(outer.end_byte) is not None:
        behind = cursor.node
        if behind is not None and behind.start_byte >= outer.end_byte:
            while behind is not None and behind.is_error and behind.start_point.column <= column:
                behind = behind.next_sibling
            return behind is None or behind.start_point.column <= column
    return True


def _indent(
    tree: Tree, outer: tree_sitter.Node, header_end: int, body: tree_sitter.Node | None
) -> str:
    """The indentation of a definition's body, or the one that it would have on lines of its own."""
    own = _indent_at(tree.text, tree.offset(outer.start_byte))
    if body is None:
        return own + _step(tree.text)
    start = tree.offset(body.start_byte)
    if _SAME_LINE.fullmatch(tree.text, tree.offset(header_end), start):
        return own + _step(tree.text)
    return _indent_at(tree.text, start)


def _indent_at(text: str, offset: int) -> str:
    """What indents the line that holds `offset`; a form feed starts anew, as for Python."""
    blank = _BLANK.match(text, text.rfind("\n", 0, offset) + 1, offset)
    return blank.group().rpartition("\f")[2] if blank else ""


def _step(text: str) -> str:
    """By how much the text indents a body: as its first one is."""
    first = _STEP.search(text)
    return first[2] if first else _DEFAULT_STEP
