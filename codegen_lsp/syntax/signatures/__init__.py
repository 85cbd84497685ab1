"""Signatures: what the syntax tree says of each definition, for its documentation."""

from collections.abc import Callable, Mapping

from codegen_lsp.syntax.parsing import Tree
from codegen_lsp.syntax.signatures import c, csharp, golang, java, javascript, python, rust
from codegen_lsp.syntax.signatures.facts import Documentable

_BY_QUERIES: Mapping[str, Callable[[Tree], list[Documentable]]] = {
    "python": python.documentables,
    "javascript": javascript.documentables,
    "typescript": javascript.documentables,
    "go": golang.documentables,
    "rust": rust.documentables,
    "java": java.documentables,
    "c": c.documentables,
    "cpp": c.documentables,
    "csharp": csharp.documentables,
}


def documentables(tree: Tree) -> list[Documentable]:
    """What in the text of `tree` can be documented, in its order; nothing for other languages."""
    find = _BY_QUERIES.get(tree.grammar.queries)
    return [] if find is None or tree.is_hopeless else find(tree)
