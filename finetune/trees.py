"""The tree of a whole file, and whether it is sound enough to learn from.

A few errors in a file are mostly those of the grammar: macros of C, dialects of shells. Of 5,850
Python files of packages none had an error, of 3,120 in JavaScript 43, nearly all of them templates
or broken on purpose; but of 1,583 in C++ 271 and of 141 shell scripts 47 did, of good code.
"""

from codegen_lsp.syntax.errors import errors
from codegen_lsp.syntax.parsing import Tree, parse

_EXACT = frozenset({"go", "java", "javascript", "javascriptreact", "lua", "python", "rust"})
"""Languages whose grammars take all of real code."""

_LINES_PER_ERROR, _LINES_PER_ERROR_EXACT = 10, 100
_CONFLICT = ("\n<<<<<<< ", "\n>>>>>>> ")


def tree_of(language: str, text: str) -> Tree | None:
    """The tree of `text`; that of a C header is C++'s where this fits better.

    None for a language without a grammar.
    """
    tree = parse(language, text)
    if language == "c" and tree is not None and errors(tree).count:
        other = parse("cpp", text)
        if other is not None and errors(other).count < errors(tree).count:
            return other
    return tree


def is_broken(language: str, text: str) -> bool:
    """Whether `text` has more errors than a grammar's, or the marks of an unfinished merge."""
    if all(mark in f"\n{text}" for mark in _CONFLICT):
        return True
    tree = tree_of(language, text)
    per_error = _LINES_PER_ERROR_EXACT if language in _EXACT else _LINES_PER_ERROR
    return tree is not None and errors(tree).count * per_error > text.count("\n") + 1
