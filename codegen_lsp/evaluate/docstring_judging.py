"""Whether a docstring that was written into a file is one, and whether the code is as it was.

Judged with Python's own parser, which shares nothing with the one that the docstrings are made by.
"""

import ast
import warnings
from dataclasses import dataclass

from codegen_lsp.syntax.signatures.facts import Documentable
from codegen_lsp.text import Snapshot

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Documented = _Function | ast.ClassDef | ast.Module


@dataclass(frozen=True, slots=True)
class Placed:
    """A docstring in its file.

    Attributes:
        words: what it says, without indentation.
        first: number of the first line of the function's header, from 1.
        last: number of the docstring's last line.
    """

    words: str
    first: int
    last: int


def is_code_same(before: str, after: str) -> bool:
    """Whether two texts are the same program but for their docstrings; False if one is none."""
    one, other = parsed(before), parsed(after)
    return one is not None and other is not None and _code(one) == _code(other)


def placed(text: str, before: Snapshot, documentable: Documentable) -> Placed | None:
    """The docstring that Python sees in a function of `text`; None if it sees none.

    Args:
        text: the file with the docstring.
        before: the file without it.
        documentable: the function there.
    """
    tree = parsed(text)
    first = before.line_of(documentable.start) + 1
    functions = [
        node
        for node in ast.walk(tree or ast.Module([], []))
        if isinstance(node, _Function) and node.name == documentable.name and node.lineno >= first
    ]
    node = min(functions, key=lambda node: node.lineno, default=None)
    words = ast.get_docstring(node) if node else None
    if node is None or words is None or (last := node.body[0].end_lineno) is None:
        return None
    return Placed(words, first, last)


def parsed(text: str) -> ast.Module | None:
    """Python's tree of `text`; None if it is no program."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of escapes, which other people's code has
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError):
            return None


def _code(tree: ast.Module) -> str:
    for node in ast.walk(tree):
        if isinstance(node, _Documented) and ast.get_docstring(node) is not None:
            del node.body[0]
    return ast.dump(tree)
