"""The end of a suggestion that fills a block, or a paragraph of one.

The text is read line by line, so that the decisions do not depend on how the stream was cut into
pieces. After each line a tree over the window before the cursor and the lines so far tells
whether the next one begins inside a bracket or a string, and which brace closes which.
"""

import re

from codegen_lsp.completion.closing import begins_with, closers_along, closing_length, is_closed
from codegen_lsp.engine.base import FinishReason
from codegen_lsp.syntax.blocks import opened_block
from codegen_lsp.syntax.delimiters import Span, closers, spans, unclosed
from codegen_lsp.syntax.indentation import indent_width, last_line, line_at
from codegen_lsp.syntax.languages import grammar_of, line_comment
from codegen_lsp.syntax.parsing import Tree, parse, parse_with, prefix_window
from codegen_lsp.syntax.statements import is_complete

FENCE = "```"
"""Begins a line where the model stops writing code and starts writing Markdown."""

_CASE = re.compile(r"case\s|default\s*:")
_BLANK_LINE = re.compile(r"\S\s*\n[ \t]*\n$")


class BlockRule:
    """Ends where the generated text leaves the block that the cursor is in or has opened.

    Indented languages, and those without a grammar, leave it with a line that is indented less
    than the first. So do languages that end a block with a word; in languages with braces the
    closing brace ends it. Word or brace belongs to the suggestion if the text behind the cursor has
    none. Between brackets of any kind that the text
    behind the cursor closes at once, it is the closing bracket that ends it. At the top level,
    where nothing ends a block, a blank line between statements does.
    """

    def __init__(
        self, language: str, prefix: str, suffix: str, *, is_paragraph: bool = False
    ) -> None:
        """End where the block that the cursor is in or has opened ends, or where a paragraph does.

        Args:
            language: LSP identifier.
            prefix: the text before the cursor.
            suffix: the text behind it.
            is_paragraph: a blank line ends it inside a block, too, and so does the next comment.
        """
        self._is_paragraph = is_paragraph
        self._language, self._window, self._suffix = language, prefix_window(prefix), suffix
        self._cursor_line = last_line(self._window)
        self._grammar = grammar_of(language)
        self._blocks = None if self._grammar is None else self._grammar.blocks
        self._opened = opened_block(language, prefix)
        tree = parse(language, self._window)
        self._open = () if tree is None else unclosed(spans(tree))
        self._enclosing = self._find_enclosing()
        self._indent = self._known_indent()
        self._spans = self._open
        self._line_start = 0
        self._settled = 0
        self._left: int | None = None

    def cut(self, text: str, finish: FinishReason) -> int | None:
        """See `StopRule.cut`; at the token limit a statement left unfinished is dropped."""
        self._read_lines(text, finish)
        if self._left is not None:
            return self._end(text, self._left, finish)
        if finish == "running":
            return None
        return len(text.rstrip()) if finish == "stop" else self._settled

    def settled(self) -> int:
        """See `StopRule.settled`: up to the end of the last complete statement."""
        return self._settled

    def _find_enclosing(self) -> Span | None:
        """The bracket whose closer ends the suggestion."""
        after = self._suffix.lstrip()
        for innermost in self._open[-1:]:
            if innermost.is_bracket and after.startswith(innermost.closer):
                return innermost
        if self._blocks != "braces":
            return None
        return next((span for span in reversed(self._open) if span.opener == "{"), None)

    def _known_indent(self) -> int | None:
        """Width of indentation below which the block is left; None if its first line will tell."""
        if self._opened is not None or not (self._cursor_line.strip() or self._open):
            return None
        statement = self._open[0].start if self._open else len(self._window)
        return indent_width(line_at(self._window, statement))

    def _read_lines(self, text: str, finish: FinishReason) -> None:
        while self._left is None:
            newline = text.find("\n", self._line_start)
            end = len(text) if newline < 0 else newline
            if self._is_outside(text[: self._line_start], text[self._line_start : end]):
                self._left = self._line_start + _indentation(text[self._line_start : end])
            elif newline >= 0:
                self._read_to(text[: newline + 1])
            else:
                if finish != "running":
                    self._read_to(text)
                return

    def _read_to(self, text: str) -> None:
        """Parse up to the end of a line: what is open there, complete, or left?"""
        source = self._window + text
        tree = parse(self._language, source + closers(self._open))
        self._spans = () if tree is None else spans(tree, len(source))
        self._left = self._closing_bracket()
        self._line_start = len(text)
        if self._left is not None or not text.endswith("\n") or not text.strip():
            return
        if tree is None or self._is_complete(tree, text):
            self._settled = len(text.rstrip())

    def _is_complete(self, tree: Tree, text: str) -> bool:
        """Whether `text` ends with a statement; `tree` is that of the window and `text`."""
        start, end = len(self._window), len(self._window) + len(text)
        if self._blocks != "keywords":
            return is_complete(tree, self._spans, start, end)
        # What the window leaves open is not known by the word that would close it.
        alone = self._cursor_line + text
        by_itself = parse_with(tree.grammar, alone)
        return is_complete(by_itself, spans(by_itself), 0, len(alone))

    def _closing_bracket(self) -> int | None:
        """Offset in the text of the bracket that closes the enclosing one."""
        for span in self._spans:
            if self._enclosing is not None and span.start == self._enclosing.start:
                return None if span.end is None else span.end - len(self._window)
        return None

    def _is_outside(self, before: str, line: str) -> bool:
        """Whether `line`, which may not be whole yet, lies behind the end of the block."""
        content = line.strip()
        if not content or (not before and self._cursor_line.strip()):
            return False
        here = len(self._window) + len(before)
        around = [span for span in self._spans if span.holds(here)]
        if any(not span.is_bracket for span in around):
            return False
        if content.startswith(FENCE):
            return True
        holds_window = self._blocks not in ("braces", "keywords")
        if any(holds_window or span.start >= len(self._window) for span in around):
            return False
        indent = indent_width(line if before else self._cursor_line + line)
        return self._ends_block(content, indent) or self._starts_paragraph(before, content, indent)

    def _ends_block(self, content: str, indent: int) -> bool:
        if self._blocks == "braces":
            is_innermost = self._enclosing is None or self._enclosing == self._open[-1]
            is_case = self._opened is not None and self._opened.kind == "case"
            return (content.startswith("}") and is_innermost) or (
                is_case and _CASE.match(content) is not None
            )
        if self._indent is None:
            self._indent = indent
            return self._opened is not None and indent <= self._opened.indent
        return indent < self._indent

    def _starts_paragraph(self, before: str, content: str, indent: int) -> bool:
        """Whether a line follows a blank one at the top level, where only that ends a block.

        In a paragraph: a blank one, or a statement, at any level.
        """
        if self._is_paragraph and before.strip():
            is_next = _BLANK_LINE.search(before) is not None or self._is_comment(content)
            return is_next and indent <= indent_width(self._cursor_line)
        if self._opened is not None or self._enclosing is not None or indent > 0:
            return False
        return _BLANK_LINE.search(before) is not None

    def _is_comment(self, content: str) -> bool:
        marker = line_comment(self._language)
        return bool(marker) and content.startswith(marker)

    def _end(self, text: str, left: int, finish: FinishReason) -> int | None:
        """Where to cut a text that leaves its block at `left`."""
        inside = len(text[:left].rstrip())
        enclosing = self._enclosing
        if self._opened is not None and self._opened.kind == "keyword":
            return self._end_with_word(text, left, finish, self._opened.indent)
        if enclosing is None or text[left] != enclosing.closer:
            return inside
        if self._suffix.lstrip(" \t").startswith(enclosing.closer):  # on the cursor's line
            return left if inside else 0
        if enclosing.opener != "{" or is_closed(self._suffix, self._owner_indent(enclosing)):
            return inside
        wanted = closers_along(self._window, self._open, enclosing)
        end = left + 1 + closing_length(text[left + 1 :], wanted)
        return None if end == len(text) and finish == "running" else end

    def _end_with_word(self, text: str, left: int, finish: FinishReason, indent: int) -> int | None:
        """Where to cut a text that leaves a block whose owner is indented by `indent` columns."""
        grammar, line = self._grammar, line_at(text, left)
        if finish == "running" and left + len(text[left:].partition("\n")[0]) == len(text):
            return None
        if grammar is None or indent_width(line) != indent:
            return len(text[:left].rstrip())
        is_ended = is_closed(self._suffix, indent, grammar.enders + grammar.dividers)
        if is_ended or not begins_with(line.strip(), grammar.enders):
            return len(text[:left].rstrip())
        return left + len(text[left:].partition("\n")[0].rstrip())

    def _owner_indent(self, brace: Span) -> int:
        if self._opened is not None and self._opened.kind == "brace":
            return self._opened.indent
        return indent_width(line_at(self._window, brace.start))


def _indentation(line: str) -> int:
    """Number of white-space characters before the text of `line`."""
    return len(line) - len(line.lstrip())
