"""A block that goes on behind the end of the scope it was asked for.

The rule that ends generation sees the same in more detail, while the text streams in; this one also
holds for texts that no rule has stopped: remembered ones, and those of other candidates.
"""

from codegen_lsp.completion.filters.candidate import Candidate, site_of
from codegen_lsp.completion.following import CodeLine, code_lines
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.syntax.delimiters import Span, is_in_text, spans
from codegen_lsp.syntax.indentation import indent_width, last_line
from codegen_lsp.syntax.languages import grammar_of, line_comment
from codegen_lsp.syntax.parsing import parse

_CLOSERS = (")", "]", "}")
_AT_ANY_INDENT = ("#", "/*", "*")  # comments, and the preprocessor's lines


def leaves_block(candidate: Candidate) -> str | Reason:
    """`candidate`'s text, up to the first line that is indented less than its scope."""
    text, head = candidate.text, last_line(candidate.prefix)
    if candidate.extent != "block" or "\n" not in text:
        return text
    floor = _floor(head, text)
    shallow = [
        line
        for line in code_lines(head + text)
        if line.start >= len(head) and line.indent < floor and not _ends_scope(candidate, line)
    ]
    if not shallow or _is_within_text(candidate):
        return text
    return _up_to_leaving(candidate, shallow, head)


def _floor(head: str, text: str) -> int:
    """Columns by which the scope is indented: as much as its first whole line, or the cursor's."""
    if not head.strip():
        return next((line.indent for line in code_lines(head + text)), 0)
    if text.partition("\n")[0].strip():
        return indent_width(head)
    first = next((line.indent for line in code_lines(text)), 0)
    return max(first, indent_width(head))


def _ends_scope(candidate: Candidate, line: CodeLine) -> bool:
    """Whether `line` begins with a bracket or word that ends a block or divides it."""
    grammar = grammar_of(candidate.language)
    words = () if grammar is None else (*grammar.enders, *grammar.dividers)
    return line.content.startswith((*_CLOSERS, *words))


def _is_within_text(candidate: Candidate) -> bool:
    site = site_of(candidate)
    return site is not None and is_in_text(site.tree, site.offset)


def _up_to_leaving(candidate: Candidate, shallow: list[CodeLine], head: str) -> str | Reason:
    """The text before the first of the `shallow` lines that is a statement, and its comments."""
    text, comments_start = candidate.text, None
    tree = parse(candidate.language, head + text)
    found = () if tree is None else [each for each in spans(tree) if each.opener != "{"]
    for line in shallow:
        if _is_comment(candidate, line):
            comments_start = line.start if comments_start is None else comments_start
        elif any(_holds(span, line.start) for span in found) or _is_label(candidate, line):
            comments_start = None
        else:
            start = line.start if comments_start is None else comments_start
            return text[: start - len(head)].rstrip() or Reason.LEAVES_BLOCK
    return text


def _holds(span: Span, offset: int) -> bool:
    """Whether `offset` lies in a bracket or a text; a here document begins with its first line."""
    return span.holds(offset) or (not span.is_bracket and span.start == offset)


def _is_comment(candidate: Candidate, line: CodeLine) -> bool:
    marker = line_comment(candidate.language) or "#"
    return line.content.startswith((marker, *_AT_ANY_INDENT))


def _is_label(candidate: Candidate, line: CodeLine) -> bool:
    grammar = grammar_of(candidate.language)
    return grammar is not None and grammar.blocks == "braces" and line.content.endswith(":")
