"""Whether a suggested line fits between the lines above and below it."""

import re
from collections.abc import Sequence

from codegen_lsp.completion.following import CodeLine, code_lines
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.syntax.blocks import block_style, opened_block
from codegen_lsp.syntax.delimiters import Span, spans, unclosed
from codegen_lsp.syntax.indentation import indent_width, last_line
from codegen_lsp.syntax.languages import grammar_of
from codegen_lsp.syntax.parsing import parse, prefix_window

_QUOTES = ('"', "'", "`")
_WORD = re.compile(r"\w+")
_STARTS_ANEW = re.compile(
    r"[})\]]|;;|@|#|//|\w+:$|(?:case|default|def|class|async|function|export|func|fun|fn|pub|public|"
    r"private|protected|internal|static|impl|struct|trait|interface|protocol|extension|enum|type|"
    r"namespace|local\s+function|end\w*|else\w*|elif|until|fi|done|esac)\b"
)
"""What may follow a jump: the end of its block, another case, or a definition."""


def misfit(language: str, prefix: str, text: str, suffix: str) -> Reason | None:
    """Why `text`, a line or the end of one, cannot stand between `prefix` and `suffix`.

    It may not begin a string, as a docstring, that it leaves open. In an indented language the
    line below may not be deeper unless `text` opens a block there, or a bracket or string is open.
    A jump may not cut off the statement below it.
    """
    rest = suffix.partition("\n")[0] if last_line(prefix) else ""
    tree = parse(language, prefix_window(prefix + text + rest))
    if tree is None:
        return None
    left_open = unclosed(spans(tree))
    if text.lstrip().startswith(_QUOTES):
        return Reason.OPEN_STRING if left_open and not left_open[-1].is_bracket else None
    below = _line_below(prefix, suffix)
    line = last_line(prefix + text)
    if below is None or _is_inside(language, left_open):
        return None
    if _needs_header(language) and below.indent > indent_width(line):
        filled = prefix + text + "\n" + " " * below.indent
        return Reason.STRAY_INDENT if opened_block(language, filled) is None else None
    return Reason.CUTS_OFF if _cuts_off(language, line, below) else None


def may_misfit(language: str, prefix: str, text: str, suffix: str) -> bool:
    """Whether a text that begins with `text` could, so that no part of it is certain yet."""
    if text.lstrip().startswith(_QUOTES):
        return True
    below, line = _line_below(prefix, suffix), last_line(prefix + text)
    if below is None:
        return False
    is_deeper = below.indent > indent_width(last_line(prefix))
    return (_needs_header(language) and is_deeper) or _cuts_off(language, line, below, whole=False)


def _needs_header(language: str) -> bool:
    return block_style(language) == "indent"


def _is_inside(language: str, left_open: Sequence[Span]) -> bool:
    """Whether the next line goes on with an expression or a string."""
    if not left_open:
        return False
    return _needs_header(language) or left_open[-1].opener != "{"


def _cuts_off(language: str, line: str, below: CodeLine, *, whole: bool = True) -> bool:
    """Whether `line` is a jump and the line below is a statement that follows it.

    A line that is not whole need only be able to become one.
    """
    grammar = grammar_of(language)
    word = _WORD.match(line.lstrip())
    if grammar is None or below.indent != indent_width(line) or _STARTS_ANEW.match(below.content):
        return False
    if word is None:
        return not whole
    first, is_last = word.group(), word.end() == len(line.lstrip())
    if not whole and is_last:
        return any(jump.startswith(first) for jump in grammar.jumps)
    return first in grammar.jumps


def _line_below(prefix: str, suffix: str) -> CodeLine | None:
    """The next line with text; None where the cursor is followed by text on its own line."""
    rest, _, below = suffix.partition("\n")
    if rest.strip() and last_line(prefix):
        return None
    # With the cursor at the very start of a line, what stands on it counts as the line below.
    return next(code_lines(suffix if rest.strip() else below), None)
