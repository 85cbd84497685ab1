r"""Comments that document what stands below them: their marks, and their lines without them.

A block runs from `/**` (or `/*`, `/*!`) to `*/` and has a star before each line; a run of comment
lines has its mark (`///`, `//!`, `//`) before each. What is written in them is a matter of styles.
"""

import re
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from codegen_lsp.docstrings.content import Layout
from codegen_lsp.text import split_lines

STAR = " * "
"""The mark of a block's lines."""

_OPENING = re.compile(r"/\*(?:[*!](?!/))?<?")
_STAR = re.compile(r"\s*\*(?!\*) ?")
_LINE_MARK = re.compile(r"\s*(///?!?|//!)<? ?")
_NARROWEST = 24
"""Characters that a line of text has at least, however deep it is indented."""

_GLUE = "\ue000"
_SPAN = re.compile(r"`[^`]{1,40}`|\{@code [^}]{1,40}\}|<c(?:ode)?>[^<]{1,40}</c(?:ode)?>")
_NOT_FIRST = re.compile(r" (?=[@\\]|[-*+#=>|]+(?: |$)|\d+[.)](?: |$))")
"""Blanks before what would mean something else at the start of a line: a tag, a list, a header."""


@dataclass(frozen=True, slots=True)
class Comment:
    r"""A comment that is there.

    Attributes:
        lines: as they are, without line ends.
        contents: of each line, what it says; the marks are blanked or cut off.
        mark: `Layout.mark` for lines that are added to it.
        problem: why it cannot be read; "" if it can.
    """

    lines: tuple[str, ...]
    contents: tuple[str, ...]
    mark: str
    problem: str = ""


def read(text: str) -> Comment:
    """The comment that `text`, of an `Existing`, is."""
    lines = tuple(line.rstrip("\r\n") for line in split_lines(text))
    if text.startswith("/*") and text.rstrip().endswith("*/"):
        return Comment(lines, _block_contents(lines), STAR)
    found = _LINE_MARK.match(lines[0])
    if found is None or not all(_LINE_MARK.match(line) for line in lines):
        return Comment(lines, lines, "", "it is not one comment")
    contents = tuple(_LINE_MARK.sub("", line, count=1).rstrip() for line in lines)
    return Comment(lines, contents, f"{found.group(1)} ")


def _block_contents(lines: tuple[str, ...]) -> tuple[str, ...]:
    first = _OPENING.sub("", lines[0], count=1)
    if len(lines) == 1:
        return (_unclosed(first).lstrip(),)
    inner = (_STAR.sub("", line, count=1).rstrip() for line in (*lines[1:-1], _unclosed(lines[-1])))
    return (first.strip(), *inner)


def _unclosed(text: str) -> str:
    """`text`, the end of a block, without what closes it and the white space before that."""
    return text.rstrip().removesuffix("/").rstrip("*").rstrip()


def spread(text: str, indent: str) -> str:
    r"""A block comment with `/**` and `*/` on lines of their own, so that lines can come and go.

    Other comments, and blocks that are so already, come back as they are. Lines end as they do in
    `text`; where it has only one, in a newline.
    """
    opening = _OPENING.match(text)
    if opening is None:
        return text
    mark, body = opening.group(), text[opening.end() :]
    first = split_lines(body)[0]
    end = "\r\n" if first.endswith("\r\n") else "\n"
    if _unclosed(first):
        body = f"{end}{indent}{STAR}{body.lstrip()}"
    lines = split_lines(body)
    if len(lines) > 1 and not _unclosed(lines[-1]):
        return mark + body
    return f"{mark}{_unclosed(body)}{end}{indent} */"


def comment(lines: Iterable[str], layout: Layout, own: str = STAR) -> list[str]:
    """A comment that says `lines`; a block if its mark, that of `layout` or `own`, is a star."""
    inner = marked(lines, layout, own)
    if (layout.mark or own) != STAR:
        return inner
    only = inner[0].strip().removeprefix("*").strip() if len(inner) == 1 else ""
    on_one = f"{layout.indent}/** {only} */"
    if only and len(on_one) <= layout.width:
        return [on_one]
    return [f"{layout.indent}/**", *inner, f"{layout.indent} */"]


def marked(lines: Iterable[str], layout: Layout, own: str = STAR) -> list[str]:
    """`lines` as they stand within a comment."""
    return [f"{layout.indent}{layout.mark or own}{line}".rstrip() for line in lines]


def wrapped(text: str, layout: Layout, own: str = STAR, hang: str = "") -> list[str]:
    """The lines of one paragraph, unmarked, none too wide with its mark; `hang` begins later ones.

    A word that does not fit stays whole. Nothing moves to the start of a line that would mean
    something else there, and nothing ends the comment.
    """
    if (layout.mark or own) == STAR:
        text = text.replace("*/", "*\\/")
    glued = _SPAN.sub(lambda span: span.group().replace(" ", _GLUE), " ".join(text.split()))
    glued = _NOT_FIRST.sub(_GLUE, glued)
    width = max(layout.width - len(layout.indent + (layout.mark or own)), _NARROWEST)
    lines = textwrap.wrap(
        glued, width, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False
    )
    return [line.replace(_GLUE, " ") for line in lines]


def paragraph(contents: Iterable[str]) -> str:
    """The first paragraph of what a comment says, on one line; code in fences is none."""
    words: list[str] = []
    for line in contents:
        if words and (not line.strip() or line.lstrip().startswith("```")):
            break
        words += line.split()
    return " ".join(words)


def by_span(text: str, prose: Callable[[str], str], code: Callable[[str], str]) -> str:
    """`text` with what stands in backticks passed through `code`, the rest through `prose`."""
    parts = re.split(r"`([^`]+)`", text)
    return "".join(code(part) if odd % 2 else prose(part) for odd, part in enumerate(parts))
