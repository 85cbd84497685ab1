"""What calling a Python function gives: a value, or one value after another.

An annotation says whether there is a value, as pydoclint has it; without one the body does.
"""

import re

import tree_sitter

from codegen_lsp.syntax.signatures.python_source import statements, yields

_NOTHING = re.compile(r"(['\"]?)(?:\w+\.)*(?:None|NoReturn|Never)\1")
_YIELDS = re.compile(r"['\"]?(?:\w+\.)*(?:Async)?(?:Generator|Iterator|Iterable)\[")
_YIELDS_NOTHING = re.compile(
    r"['\"]?(?:\w+\.)*(?:Async)?(?:Generator|Iterator|Iterable)\[\s*None\s*[\],]"
)


def results(body: tree_sitter.Node | None, annotation: str) -> tuple[bool, bool]:
    """Whether a function returns a value, and whether it yields values.

    Args:
        body: of the function; None without any.
        annotation: type that it returns, as written; "" without any.
    """
    found = [] if body is None else list(yields(body))
    if body is None or (annotation and not found):
        return bool(annotation) and not _NOTHING.fullmatch(annotation), False
    if not found:
        return _returns_value(body), False
    if _YIELDS_NOTHING.match(annotation):
        return _returns_value(body), False
    # An abstract one has a bare `yield`, to be a generator at all.
    says_value = _YIELDS.match(annotation) is not None
    return _returns_value(body), says_value or any(map(_gives_value, found))


def _returns_value(body: tree_sitter.Node) -> bool:
    return any(
        path[-1].type == "return_statement" and _gives_value(path[-1]) for path in statements(body)
    )


def _gives_value(node: tree_sitter.Node) -> bool:
    """Whether a `return` or `yield` hands over something else than `None`."""
    return any(child.type != "none" and not child.is_extra for child in node.named_children)
