"""Walks through a definition's tree that the languages have in common."""

from collections.abc import Collection, Iterator

import tree_sitter


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


def syntax_problem(node: tree_sitter.Node) -> str:
    """Why what is written at `node` cannot be documented; "" if its syntax is right."""
    return "syntax error in it" if node.has_error else ""
