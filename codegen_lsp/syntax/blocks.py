"""Blocks: whether the cursor stands where the first statement of one belongs."""

from dataclasses import dataclass
from typing import Literal

import tree_sitter

from codegen_lsp.syntax.delimiters import Span, closers, comments, spans, unclosed
from codegen_lsp.syntax.grammars import BlockStyle
from codegen_lsp.syntax.indentation import indent_width, last_line, line_at
from codegen_lsp.syntax.languages import grammar_of
from codegen_lsp.syntax.parsing import Tree, parse, parse_with, prefix_window

_MARKER = "cursor_marker"


@dataclass(frozen=True, slots=True)
class OpenedBlock:
    """A block that the text before the cursor opens and has not begun to fill.

    Attributes:
        kind: what will end it: a shallower line, its brace, the next case, or a word.
        indent: width of the indentation of the line on which its statement begins.
        documented: it holds a docstring or a comment already.
    """

    kind: Literal["indent", "brace", "case", "keyword"]
    indent: int
    documented: bool


def block_style(language: str) -> BlockStyle | None:
    """How `language` ends a block; None without a grammar."""
    grammar = grammar_of(language)
    return None if grammar is None else grammar.blocks


def opened_block(language: str, prefix: str) -> OpenedBlock | None:
    """The block whose first statement belongs at the end of `prefix`, if there is one.

    A docstring and comments do not count as statements.
    """
    window = prefix_window(prefix)
    tree = parse(language, window)
    if tree is None:
        return None
    found = spans(tree)
    if tree.grammar.blocks == "indent":
        return None if unclosed(found) else _opened_suite(language, window)
    if tree.grammar.blocks == "keywords":
        return _opened_by_word(tree)
    return _opened_brace(language, window, found) or _opened_case(language, window, found)


def _opened_suite(language: str, window: str) -> OpenedBlock | None:
    """A block of an indented language: put a name at the cursor and see what it becomes.

    On an empty line the cursor may stand further left than the block will: then the name is
    tried at the end of the header.
    """
    found = _suite_at_marker(language, window)
    if found is None and not last_line(window).strip() and window.rstrip().endswith(":"):
        return _suite_at_marker(language, window.rstrip())
    return found


def _suite_at_marker(language: str, text: str) -> OpenedBlock | None:
    tree = parse(language, text + _MARKER)
    if tree is None:
        return None
    for block in tree.captures("blocks").get("block", []):
        statements = [node for node in block.named_children if node.type != "comment"]
        documented = len(statements) > 1 and _is_docstring(statements[0])
        first = statements[1 if documented else 0 :]
        if len(first) == 1 and tree.offset(first[0].start_byte) == len(text):
            return OpenedBlock("indent", _owner_indent(tree, block), documented)
    return None


def _is_docstring(node: tree_sitter.Node) -> bool:
    children = node.named_children
    return node.type == "expression_statement" and [c.type for c in children] == ["string"]


def _opened_brace(language: str, window: str, found: tuple[Span, ...]) -> OpenedBlock | None:
    """The block of the innermost open brace, if only comments stand behind it."""
    opened = unclosed(found)
    tree = parse(language, window + closers(found))
    if tree is None or not opened or opened[-1].opener != "{":
        return None
    brace = opened[-1].start
    if not _is_bare(tree, brace + 1, len(window)):
        return None
    for block in tree.captures("blocks").get("block", []):
        if tree.offset(block.start_byte) == brace:
            return OpenedBlock(
                "brace", _owner_indent(tree, block), bool(window[brace + 1 :].strip())
            )
    return None


def _opened_case(language: str, window: str, found: tuple[Span, ...]) -> OpenedBlock | None:
    tree = parse(language, window + closers(found))
    if tree is None:
        return None
    for case in reversed(tree.captures("blocks").get("case", [])):
        colon = next((child for child in case.children if child.type == ":"), None)
        if colon is not None and not colon.is_missing:
            after = tree.offset(colon.end_byte)
            if after <= len(window) and _is_bare(tree, after, len(window)):
                return OpenedBlock("case", _indent_of(tree, case), bool(window[after:].strip()))
    return None


def _opened_by_word(tree: Tree) -> OpenedBlock | None:
    """A block that ends with a word: the cursor stands on an empty line behind what opens it.

    Some headers are only recognised when their block has an end, so it is given one.
    """
    window = tree.text
    if last_line(window).strip():
        return None
    ended = parse_with(tree.grammar, f"{window}\n{tree.grammar.enders[0]}")
    for opener in reversed(ended.captures("blocks").get("opener", [])):
        after = ended.offset(opener.end_byte)
        if after <= len(window) and _is_bare(ended, after, len(window)):
            documented = bool(window[after:].strip())
            return OpenedBlock("keyword", _indent_of(ended, opener), documented)
    return None


def _is_bare(tree: Tree, start: int, end: int) -> bool:
    """Whether only white space and comments stand between two offsets."""
    at = start
    for comment_start, comment_end in comments(tree):
        if start <= comment_start < end:
            if tree.text[at:comment_start].strip() or comment_end > end:
                return False
            at = comment_end
    return not tree.text[at:end].strip()


def _owner_indent(tree: Tree, block: tree_sitter.Node) -> int:
    """Indentation of the statement that `block` belongs to, else of the block's own line."""
    parent = block.parent
    if parent is None or parent.parent is None or parent.type == "ERROR":
        return _indent_of(tree, block)
    return _indent_of(tree, parent)


def _indent_of(tree: Tree, node: tree_sitter.Node) -> int:
    return indent_width(line_at(tree.text, tree.offset(node.start_byte)))
