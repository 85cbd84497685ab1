"""Text that is not worth a key: punctuation that leads nowhere or is there already."""

import re
import string

from codegen_lsp.completion.closing import is_closed
from codegen_lsp.completion.filters.candidate import Candidate
from codegen_lsp.completion.filters.lines import surrounded
from codegen_lsp.completion.filters.literals import in_code
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.syntax.delimiters import Span, spans, unclosed
from codegen_lsp.syntax.indentation import indent_width, last_line, line_at
from codegen_lsp.syntax.languages import grammar_of, line_comment
from codegen_lsp.syntax.parsing import parse, prefix_window

_PUNCTUATION = frozenset(string.punctuation + string.whitespace)
_CLOSERS = re.compile(r"(?:[)\]}]\s*)+[;,]?")
_SEPARATOR = re.compile("[,;]")
_OPERATOR = re.compile(r"\.|::|->|\?\.|[-+*/%|&^<=]?=|\+|-|/|%|\^|\|\|?|&&|<<?")
_OPERATOR_BEFORE = re.compile(r"[-+*/%|&^<>=!.:?~]$")
_COMMENT_LINE = re.compile(r"//|#|--|;|\*|/\*|<!--")
_LONG_COMMENTS = ("/*", "/**", "<!--")


def trivial(candidate: Candidate) -> str | Reason:
    """No lone punctuation that the line cannot end with, or that the buffer has already.

    Closers that are missing are worth suggesting, and so is whatever the user asked for. Inside
    strings and comments punctuation is text.
    """
    content = candidate.text.strip()
    if candidate.is_invoked or not _PUNCTUATION.issuperset(content):
        return candidate.text
    if _is_bare_comment(candidate):
        return Reason.TRIVIAL
    if not any(pattern.fullmatch(content) for pattern in (_CLOSERS, _SEPARATOR, _OPERATOR)):
        return candidate.text
    if candidate.language == "shellscript" or not in_code(candidate, [0]):
        return candidate.text  # a shell closes a case with `)` and `;;`
    window = prefix_window(candidate.prefix)
    tree = parse(candidate.language, window)
    left_open = () if tree is None else unclosed(spans(tree))
    is_idle = _is_typed(candidate, content, left_open) or _leads_nowhere(candidate, content)
    if is_idle or _is_closed_already(candidate, content, window, left_open):
        return Reason.TRIVIAL
    return candidate.text


def _is_bare_comment(candidate: Candidate) -> bool:
    """Whether the line is the start of a comment and no more, and no line next to it is one."""
    around = surrounded(candidate)
    markers = {line_comment(candidate.language), *_LONG_COMMENTS}
    if len(around.own) != 1 or around.own[0].content not in markers:
        return False
    neighbours = (*around.above[-1:], *around.below[:1])
    return not any(_COMMENT_LINE.match(line.content) for line in neighbours)


def _is_typed(candidate: Candidate, content: str, left_open: tuple[Span, ...]) -> bool:
    """Whether `content` is the `,` or `;` that the user has just typed."""
    if not _SEPARATOR.fullmatch(content):
        return False
    is_header = bool(left_open) and left_open[-1].opener == "("  # for (;;)
    return not is_header and candidate.prefix.rstrip(" \t").endswith(content)


def _leads_nowhere(candidate: Candidate, content: str) -> bool:
    """Whether `content` is an operator behind which the line ends, and the statement, too."""
    grammar, head = grammar_of(candidate.language), last_line(candidate.prefix).rstrip()
    if grammar is None or grammar.blocks == "keywords" or not _OPERATOR.fullmatch(content):
        return False
    rest, _, below = candidate.suffix.partition("\n")
    if rest.strip() or _OPERATOR_BEFORE.search(head):
        return False
    following = line_at(below, 0)
    return not following.strip() or following.lstrip().startswith(("}", ")", "]"))


def _is_closed_already(
    candidate: Candidate, content: str, window: str, left_open: tuple[Span, ...]
) -> bool:
    """Whether `content` is closers, and what they would close is closed behind the cursor.

    So must be whatever else of its kind is open: else one of the closers there is for that.
    """
    closers = [character for character in content if character not in " \t\n;,"]
    opened = left_open[::-1][: len(closers)]
    if not _CLOSERS.fullmatch(content) or [span.closer for span in opened] != closers:
        return False
    tree = parse(candidate.language, window + candidate.suffix)
    closed = () if tree is None else {each.start for each in spans(tree) if each.end is not None}
    kinds = {span.opener for span in opened}
    if not all(span.start in closed for span in left_open if span.opener in kinds):
        return False
    return all(_is_closed_near(candidate.suffix, window, span) for span in opened)


def _is_closed_near(suffix: str, window: str, span: Span) -> bool:
    """Whether the cursor's line closes `span`, or the line below that is no deeper than it."""
    indent = indent_width(line_at(window, span.start))
    return span.closer in suffix.partition("\n")[0] or is_closed(suffix, indent, (span.closer,))
