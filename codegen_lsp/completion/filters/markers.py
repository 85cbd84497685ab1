"""What a model writes when it no longer writes code: sentinels, Markdown, talk, placeholders."""

import re
from collections.abc import Iterator

from codegen_lsp.completion.filters.candidate import Candidate
from codegen_lsp.completion.filters.literals import in_code
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.syntax.indentation import last_line

_SENTINEL = re.compile(
    "<[|\uff5c][\\w\u2581]+[|\uff5c]>"  # Qwen, Llama; DeepSeek with wide bars and low blocks
    r"|<(?:fim_(?:prefix|middle|suffix|pad)|file_sep|gh_stars"
    r"|jupyter_(?:start|text|code|output)|issue_(?:start|comment|closed)"
    r"|commit_(?:before|msg|after))>"  # StarCoder
    r"|(?<= )<(?:MID|SUF|EOT)>|<<SYS>>|\[/INST\]"  # Code Llama
)
_FENCE = re.compile(r"```")
_COMMENT = r"^[ \t]*(?:#+|//+|--|/\*+|<!--|;+)[ \t]*"
_PLACEHOLDER = re.compile(
    _COMMENT + r"(?:\.{3} ?)?\(?(?:"
    r"(?:todo:? *)?(?:your|add your|write your|insert your|put your) (?:own )?"
    r"(?:code|logic|implementation|solution)(?: goes)?(?: here)?\b"
    r"|todo:? *implement(?: me| this(?: \w+)?| the \w+)?[.!]?[ \t]*(?:\*/)?$"
    r"|(?:the )?(?:rest of|remaining|existing) (?:the |your )?(?:code|implementation|methods?)\b"
    r"|implementation (?:goes )?here\b|code goes here\b"
    r")",
    re.IGNORECASE | re.MULTILINE,
)
_TRIAL = re.compile(
    _COMMENT + r"(?:test the (?:function|code|class|method|program|implementation|solution)"
    r"|(?:example|sample) usage|usage example|driver code|test cases?)\b(?:[ \t]*:)?"
    r"[ \t]*(?:\*/)?\n(?![ \t]*(?:#|//|--|\*|;|\n|\Z))",  # in a longer comment it is text
    re.IGNORECASE | re.MULTILINE,
)
_TALK = re.compile(
    r"^[ \t]*(?:(?:#|//|--)[ \t]*)?(?:"
    r"this (?:solution|approach|implementation) works by\b|explanation:[ \t]*$"
    r"|(?:sure|certainly|of course)[,!] (?:here|i)\b"
    r"|here(?:'s| is| are) (?:the|a|an|how|your|my|some)\b.*:[ \t]*$"
    r"|#{2,} (?:instruction|response|explanation|output|solution)\b"
    r")",
    re.IGNORECASE | re.MULTILINE,
)
_OF_CODE = (_FENCE, _PLACEHOLDER, _TRIAL, _TALK)
_WITH_PROSE = (
    *("javascript", "javascriptreact", "typescriptreact"),  # between tags
    *("php", "ruby", "shellscript"),  # in heredocs, which no query tells apart
)


def without_markers(candidate: Candidate) -> str | Reason:
    """The text before the first marker; silence where nothing but white space is left.

    A marker that the buffer has too belongs there. Those that people write in strings and comments
    count only in code, and not at all in a language without a grammar.
    """
    start = min(_starts(candidate), default=None)
    if start is None:
        return candidate.text
    return candidate.text[:start].rstrip() or Reason.MARKERS


def _starts(candidate: Candidate) -> Iterator[int]:
    """Where markers begin in the text: at a sentinel, and at the line of the others."""
    yield from _found(_SENTINEL, candidate)
    found = [start for pattern in _OF_CODE for start in _found(pattern, candidate)]
    if found:
        yield from in_code(candidate, found)


def _is_known(pattern: re.Pattern[str], candidate: Candidate) -> bool:
    """Whether the buffer itself has such a marker."""
    return any(map(pattern.search, (candidate.prefix, candidate.suffix)))


def _found(pattern: re.Pattern[str], candidate: Candidate) -> list[int]:
    """Where `pattern` is found in the text; a line that the user has begun is not the model's."""
    if pattern is _TALK and candidate.language in _WITH_PROSE:
        return []
    is_begun = pattern not in (_SENTINEL, _FENCE) and bool(last_line(candidate.prefix).strip())
    found = [match for match in pattern.finditer(candidate.text) if match.start() or not is_begun]
    starts = [match.end() - len(match[0].lstrip()) for match in found]
    return starts if starts and not _is_known(pattern, candidate) else []
