"""Declarators of C and C++: what a declaration declares, and of which type.

A name stands inside what surrounds it: in `int *(*f(int x))[3]` the declarators go from the array
inwards to `f`.
"""

from dataclasses import dataclass

import tree_sitter

from codegen_lsp.syntax.parsing import text_of
from codegen_lsp.syntax.signatures.facts import Parameter
from codegen_lsp.syntax.signatures.source import Source
from codegen_lsp.syntax.signatures.walking import text_if

_NAMES = (
    *("identifier", "field_identifier", "type_identifier", "qualified_identifier"),
    *("destructor_name", "operator_name", "operator_cast", "template_function", "template_method"),
)
_UNNAMED = ("reference_declarator", "parenthesized_declarator", "variadic_declarator")
_BESIDE_TYPES = (
    *("storage_class_specifier", "explicit_function_specifier", "virtual", "comment"),
    *("attribute_declaration", "attribute_specifier", "ms_declspec_modifier", "ERROR"),
)
_FUNCTION_WORDS = ("constexpr", "consteval", "constinit", "extension")


@dataclass(frozen=True, slots=True)
class Function:
    """The declarator of a function, and its name.

    Attributes:
        node: with the parameters; of a conversion the whole operator.
        name: without scopes.
        scope: the innermost that is written before the name, without arguments; "" without any.
        scopes: source of all that are written, with their arguments.
    """

    node: tree_sitter.Node
    name: str
    scope: str
    scopes: str


def function_of(declaration: tree_sitter.Node) -> Function | None:
    """The one function that `declaration` declares; None if it declares anything else."""
    declarators = declaration.children_by_field_name("declarator")
    if len(declarators) != 1:
        return None
    path = _path(declarators[0])
    scope, named = _unqualified(path[-1])
    name, scopes = " ".join(text_of(named).split()), text_of(path[-1]).removesuffix(text_of(named))
    if named.type == "operator_cast":
        target = named.child_by_field_name("type")
        return Function(
            named, f"operator {'' if target is None else text_of(target)}", scope, scopes
        )
    holders = [each for each in path[:-1] if each.type != "parenthesized_declarator"]
    if not holders or holders[-1].type != "function_declarator" or path[-1].type not in _NAMES:
        return None
    if named.type in ("template_function", "template_method"):
        name = text_if(named.child_by_field_name("name"))
    return Function(holders[-1], name, scope, scopes)


def name_of(declarator: tree_sitter.Node | None) -> tree_sitter.Node | None:
    """The name that `declarator` declares; None if it is abstract."""
    inner = None if declarator is None else _path(declarator)[-1]
    return inner if inner is not None and inner.type in _NAMES else None


def plain_name(node: tree_sitter.Node | None) -> str:
    """The last name of a qualified one, without template arguments; "" for None."""
    if node is None:
        return ""
    _, named = _unqualified(node)
    return text_if(named.child_by_field_name("name")) or text_of(named)


def return_type(source: Source, declaration: tree_sitter.Node, function: Function) -> str:
    """The type that `function` gives, as written but for words that are no part of it."""
    for part in function.node.children:
        if part.type == "trailing_return_type":
            return source.text(part).removeprefix("->").strip()
    if function.node.type == "operator_cast":
        return function.name.removeprefix("operator ")
    (declarator,) = declaration.children_by_field_name("declarator")
    before = _written(source, declarator.start_byte, function.node.start_byte)
    behind = _written(source, function.node.end_byte, declarator.end_byte)
    written = _type_words(source, declaration, declarator)
    return f"{written} {before}{behind}".strip()


def parameters_of(source: Source, function: Function) -> tuple[Parameter, ...]:
    """The parameters that have a name."""
    nodes = function.node.child_by_field_name("parameters")
    found = [_parameter(source, each) for each in (nodes.named_children if nodes else [])]
    return tuple(each for each in found if each is not None)


def _parameter(source: Source, node: tree_sitter.Node) -> Parameter | None:
    name = name_of(node.child_by_field_name("declarator"))
    if name is None or not node.type.endswith("parameter_declaration"):
        return None
    default = node.child_by_field_name("default_value")
    end = node.end_byte if default is None else default.start_byte
    before = _written(source, node.start_byte, name.start_byte)
    behind = _written(source, name.end_byte, end)
    return Parameter(
        text_of(name),
        before + (behind if default is None else behind.removesuffix("=").rstrip()),
        "" if default is None else source.text(default),
        "rest" if node.type == "variadic_parameter_declaration" else "plain",
        is_optional=default is not None,
    )


def _path(declarator: tree_sitter.Node) -> list[tree_sitter.Node]:
    """From `declarator` inwards to the name, or to the last declarator of an abstract one."""
    path = [declarator]
    while path[-1].type not in _NAMES:
        inner = path[-1].child_by_field_name("declarator")
        if inner is None and path[-1].type in _UNNAMED and path[-1].named_children:
            inner = path[-1].named_children[-1]
        if inner is None:
            break
        path.append(inner)
    return path


def _unqualified(node: tree_sitter.Node) -> tuple[str, tree_sitter.Node]:
    """The innermost scope of a name, and the name without any."""
    scope = ""
    while node.type == "qualified_identifier":
        inner = node.child_by_field_name("name")
        if inner is None:
            break
        scope = plain_name(node.child_by_field_name("scope"))
        node = inner
    return scope, node


def _type_words(source: Source, declaration: tree_sitter.Node, declarator: tree_sitter.Node) -> str:
    """The type before the declarators; of a macro that stands for one, its argument.

    A word that the grammar did not expect there is an error to it: of those words and the type,
    names in capitals are macros (`EXPORT void CALL f()`).
    """
    words: list[str] = []
    extra: list[str] = []
    for part in declaration.children:
        if part.start_byte >= declarator.start_byte:
            break
        text = source.text(part)
        if part.type == "macro_type_specifier":
            words.append(text_if(part.child_by_field_name("type")))
        elif part.type == "ERROR":
            extra += text.split()
        elif part.type not in _BESIDE_TYPES and text not in _FUNCTION_WORDS:
            words.append(text)
    if extra:
        words = [word for word in words + extra if not word.isupper()] or words
    return " ".join(words)


def _written(source: Source, start: int, end: int) -> str:
    """The source between two byte offsets, on one line."""
    return source.comments.on_one_line(source.tree.offset(start), source.tree.offset(end))
