"""The lines of a docstring as they stand in a file: with line ends, quotes and marks of comments.

All lines begin with the indentation here, also the first, before which the text has none.
"""

import re
from collections.abc import Sequence

from codegen_lsp.docstrings.content import Layout
from codegen_lsp.docstrings.styles.comment_lines import spread
from codegen_lsp.text import split_lines

_QUOTES = re.compile(r"(?P<prefix>[A-Za-z]*)(?P<quotes>\"\"\"|'''|\"|')")
_OPENING = re.compile(r"\s*(?:[A-Za-z]*(?:\"\"\"|''')|/\*[*!]*)\s*")
_CLOSING = re.compile(r"\s*(?:\"\"\"|'''|\*+/)\s*")
_STEPS = re.compile(r"(?: {4})+")
_BACKSLASH_TAG = re.compile(r"^\W*\\(?:brief|t?param|returns?|throws?)\b", re.MULTILINE)
_AT_TAG = re.compile(r"^([^\w@]*)@(?=[a-z])")
_START_INSIDE = re.compile(r"\s*")
_MARK = re.compile(r"\s*(?:\*(?!/)|///?!?|//!)?")
_START_ABOVE = re.compile(r"\s*(?:\*(?!/)|///?!?|//!)?\s*")


def split(text: str, indent: str) -> list[str]:
    """The lines of `text`, each with its line end but the last."""
    lines = split_lines(text)
    return [indent + lines[0], *lines[1:]]


def join(lines: list[str], indent: str, ending: str) -> str:
    """The text of `lines`; those that have come without a line end get `ending`."""
    if not lines:
        return ""
    ended = [line if line.endswith(("\n", "\r")) else line + ending for line in lines[:-1]]
    return "".join([*ended, lines[-1].rstrip("\r\n")]).removeprefix(indent)


def is_blank(line: str) -> bool:
    """Whether a line says nothing."""
    return _START_ABOVE.fullmatch(line) is not None


def is_opening(line: str) -> bool:
    """Whether a line only begins the docstring."""
    return _OPENING.fullmatch(line) is not None


def is_closing(line: str) -> bool:
    """Whether a line only ends the docstring."""
    return _CLOSING.fullmatch(line) is not None


def start_of(line: str, *, is_comment: bool) -> str:
    """What stands before the first word: white space, and in a comment its mark."""
    found = (_START_ABOVE if is_comment else _START_INSIDE).match(line)
    return found.group() if found else ""


def mark_of(line: str) -> str:
    """The mark of a comment's line, with the white space before it."""
    found = _MARK.match(line)
    return found.group() if found else ""


def indented_alike(lines: Sequence[str], indent: str) -> list[str]:
    """New `lines` with tabs behind `indent` where that is made of tabs."""
    if "\t" not in indent:
        return list(lines)
    return [indent + _tabbed(line.removeprefix(indent)) if line else "" for line in lines]


def tagged_alike(lines: Sequence[str], text: str) -> list[str]:
    r"""New `lines` of a comment with `\param` for `@param` if `text`, what is there, does so."""
    if not _BACKSLASH_TAG.search(text):
        return list(lines)
    return [_AT_TAG.sub(r"\1\\", line) for line in lines]


def is_raw(text: str) -> bool:
    """Whether `text` is a string in which backslashes mean themselves."""
    found = _QUOTES.match(text)
    return found is not None and "r" in found["prefix"].lower()


def made_raw(text: str) -> str:
    """A string with the prefix that lets backslashes mean themselves."""
    return text if is_raw(text) else "r" + text.lstrip("uU")


def opened(text: str, indent: str, ending: str) -> str:
    """`text` with its closing marks on a line of their own, so that lines can come and go.

    So are the opening marks of a block comment. A string in single quotes gets three. Comment
    lines come back as they are.
    """
    found = _QUOTES.match(text)
    if found is None:
        return spread(text, indent)
    quotes = found["quotes"] if len(found["quotes"]) == 3 else '"""'
    inside = text[found.end() : -len(found["quotes"])]
    lines = split_lines(inside)
    if len(lines) == 1 or lines[-1].strip():
        inside = inside.rstrip() + ending + indent
    return f"{found['prefix']}{quotes}{inside}{quotes}"


def with_quotes_alone(text: str, indent: str, ending: str) -> str:
    """A string whose first line is only its opening quotes; comments come back as they are."""
    found = _QUOTES.match(text)
    if found is None:
        return text
    return f"{found.group()}{ending}{indent}{text[found.end() :].lstrip()}"


def on_one_line(text: str, layout: Layout) -> str:
    """A string of which only one line is left, with its quotes on that line if they fit."""
    lines = split_lines(text)
    found = _QUOTES.match(text)
    if found is None or len(lines) != 2 or not lines[0][found.end() :].strip():
        return text
    first = lines[0].rstrip()
    is_clear = not first.endswith((found["quotes"][0], "\\"))
    joined = first + lines[1].strip()
    return joined if is_clear and len(layout.indent + joined) <= layout.width else text


def _tabbed(line: str) -> str:
    steps = _STEPS.match(line)
    return "\t" * (steps.end() // 4) + line[steps.end() :] if steps else line
