"""Parts of a text that are whole in its tree: statements, blocks, arguments and expressions.

The grammars name alike what is alike in their languages, so names of nodes decide, the same ones
in all.
"""

import re
from dataclasses import dataclass, field

import tree_sitter

from codegen_lsp.syntax.parsing import Tree, goto_following

Span = tuple[int, int]
"""Offsets of the first character and behind the last."""

_BLOCK = re.compile(
    r"(?:\w+_)?(?:block|body|statements|statement_list|declaration_list|variant_list)"
    r"|body_statement|compound_statement|enumerator_list|accessor_list|do_group|then"
)
_ARGUMENTS = frozenset({"argument_list", "arguments", "value_arguments"})
_EXPRESSION = re.compile(
    r"\w+_expression|\w*call|\w+_invocation|(?:binary|boolean|comparison|not|unary)_operator"
    r"|attribute|subscript|binary|unary|conditional|field_access|array_access|element_reference"
    r"|list|dictionary|tuple|set|\w+_comprehension|array|object|hash|lambda|composite_literal"
    r"|new_expression|arrow_function|scope_resolution|(?:command|template)_substitution"
)
_NO_BLOCK = frozenset({"heredoc_body", "parenthesized_statements"})
_NO_STATEMENT = re.compile(r"\w*comment|\w*label|\w*modifiers?|string_content")


@dataclass(frozen=True, slots=True)
class Spans:
    """The parts of a text, always in the same order.

    Attributes:
        statements: statements, definitions and members.
        blocks: from the first to the last of what stands in a block, without its braces.
        arguments: of calls, without their parentheses; "" for none.
        expressions: of more than a name or a literal.
    """

    statements: list[Span] = field(default_factory=list)
    blocks: list[Span] = field(default_factory=list)
    arguments: list[Span] = field(default_factory=list)
    expressions: list[Span] = field(default_factory=list)


def spans(tree: Tree) -> Spans:
    """The parts of the text of `tree`; nothing in an error, where all is a guess."""
    found = Spans()
    if tree.is_hopeless:
        return found
    cursor = tree.parsed.walk()
    _add_children(tree, tree.root, found)
    while (node := cursor.node) is not None:
        if node.is_named and not node.is_error:
            _add(tree, node, found)
        if not (not node.is_error and cursor.goto_first_child()) and not goto_following(cursor):
            break
    return found


def _add(tree: Tree, node: tree_sitter.Node, found: Spans) -> None:
    kind = node.type
    if kind in _ARGUMENTS:
        found.arguments.append(_inside(tree, node))
    elif _BLOCK.fullmatch(kind) and kind not in _NO_BLOCK:
        _add_block(tree, node, found)
    elif _EXPRESSION.fullmatch(kind):
        found.expressions.append(_span(tree, node, node))


def _add_block(tree: Tree, block: tree_sitter.Node, found: Spans) -> None:
    children = block.named_children
    if children and not _BLOCK.fullmatch(children[-1].type):  # else the inner one is the block
        found.blocks.append(_span(tree, children[0], children[-1]))
        _add_children(tree, block, found)


def _add_children(tree: Tree, block: tree_sitter.Node, found: Spans) -> None:
    for child in block.named_children:
        is_statement = not (_BLOCK.fullmatch(child.type) or _NO_STATEMENT.fullmatch(child.type))
        if is_statement and not child.is_error and not child.is_missing:
            found.statements.append(_span(tree, child, child))


def _inside(tree: Tree, node: tree_sitter.Node) -> Span:
    """What stands in the parentheses of `node`; all of it if it has none."""
    start, end = _span(tree, node, node)
    is_enclosed = tree.text[start:end][:1] == "(" and tree.text[start:end][-1:] == ")"
    return (start + 1, end - 1) if is_enclosed else (start, end)


def _span(tree: Tree, first: tree_sitter.Node, last: tree_sitter.Node) -> Span:
    """Offsets of the text of both and what is between; some grammars count a line end to a node."""
    start, end = tree.offset(first.start_byte), tree.offset(last.end_byte)
    return start, start + len(tree.text[start:end].rstrip())
