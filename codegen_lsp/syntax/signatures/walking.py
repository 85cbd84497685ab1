"""Walks through a definition's tree that the languages have in common."""

from collections.abc import Collection, Iterator

import tree_sitter

from codegen_lsp.syntax.parsing import text_of

_BLOCKS = frozenset({"block", "compound_statement", "statement_block"})
_LOOPS = frozenset(
    {
        *("for_statement", "for_in_statement", "enhanced_for_statement", "foreach_statement"),
        *("for_range_loop", "while_statement", "do_statement"),
    }
)
_RUNS_ON = frozenset(
    {
        *("expression_statement", "comment", "line_comment", "block_comment", "declaration"),
        *("lexical_declaration", "variable_declaration", "local_variable_declaration"),
        *("local_declaration_statement", "function_declaration", "empty_statement"),
    }
)


def is_reached(node: tree_sitter.Node, parent: tree_sitter.Node) -> bool:
    """Whether `node` runs whenever its `parent` does: no loop, nothing before it that may leave."""
    if parent.type not in _BLOCKS:
        return parent.type not in _LOOPS
    before = (each for each in parent.named_children if each.start_byte < node.start_byte)
    return all(each.type in _RUNS_ON for each in before)


def own_nodes(node: tree_sitter.Node, barriers: Collection[str]) -> Iterator[tree_sitter.Node]:
    """The nodes under `node` in the order of the text, but none under one of type `barriers`.

    So a function's own statements can be told from those of the functions that it holds.
    """
    waiting = node.children[::-1]
    while waiting:
        following = waiting.pop()
        yield following
        if following.type not in barriers:
            waiting.extend(reversed(following.children))


def text_if(node: tree_sitter.Node | None) -> str:
    """The source of `node`; "" for None."""
    return "" if node is None else text_of(node)


def syntax_problem(node: tree_sitter.Node) -> str:
    """Why what is written at `node` cannot be documented; "" if its syntax is right."""
    return "syntax error in it" if node.has_error else ""
