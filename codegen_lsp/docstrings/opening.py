"""Documentation that the user begins to type: its opening quotes or marks, and nothing yet."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from codegen_lsp.docstrings.reading import read
from codegen_lsp.docstrings.registry import default_style
from codegen_lsp.syntax.signatures.facts import Documentable

_QUOTES = re.compile(r"(?P<indent>[ \t]*)(?P<mark>[rR]?(?:\"\"\"|'''))(?P<space>)")
_BLOCK = re.compile(r"(?P<indent>[ \t]*)(?P<mark>/\*\*)(?P<space> ?)")
_SLASHES = re.compile(r"(?P<indent>[ \t]*)(?P<mark>///)(?P<space> ?)")
_OPENERS = {
    "google": _QUOTES,
    "jsdoc": _BLOCK,
    "tsdoc": _BLOCK,
    "javadoc": _BLOCK,
    "doxygen": _BLOCK,
    "rustdoc": _SLASHES,
    "xml": _SLASHES,
}
"""How documentation begins, by the default style of a language; Go's begins like any comment."""

_LINE_END = re.compile(r"\r\n|\n|\r")
_BESIDE_HEADER = re.compile(r"(?:[ \t\f\r\n]|#[^\r\n]*)*")
_PLACEHOLDER = "..."


@dataclass(frozen=True, slots=True)
class Opened:
    """Documentation that has been begun.

    Attributes:
        text: the document without it; a body that has nothing else has a placeholder.
        documentable: what is to be documented, as the tree of that text gives it.
        mark: what has been typed of the documentation: "/**".
        space: what white space has been typed behind that.
        closer: what the editor has put behind the cursor, white space included; "" for nothing.
    """

    text: str
    documentable: Documentable
    mark: str
    space: str
    closer: str

    def rest(self, docstring: str) -> str | None:
        """What is to follow the cursor for `docstring` to stand there; None where it cannot."""
        if self.mark.startswith("/"):
            begun = docstring.removeprefix(self.mark)
            return begun.removeprefix(self.space) if begun != docstring else None
        prefix, written = docstring.partition('"""')[::2]
        said, quotes = written.removesuffix('"""'), self.mark[-3:]
        is_raw = len(self.mark) > len(quotes)
        return None if quotes in said or (prefix and not is_raw) else said + quotes


def opened(language: str, text: str, offset: int) -> Opened | None:
    """The documentation that ends at `offset` as soon as it has begun; None if none does.

    Nothing but what closes it may follow on its line, and the definition that it is for must be
    sound without it and have no other.
    """
    opener = _OPENERS.get(default_style(language) or "")
    line = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    begun = opener.fullmatch(text, line, offset) if opener else None
    if begun is None:
        return None
    closer = _closer(text, offset, begun["mark"])
    if closer is None:
        return None
    mark, space = begun["mark"], begun["space"]
    for without, at in _without(text, begun, offset + len(closer)):
        documentable = _next_definition(without, at, read(language, without).definitions)
        if documentable is not None:
            is_fitting = documentable.indent == begun["indent"] and not documentable.existing
            found = Opened(without, documentable, mark, space, closer)
            return found if is_fitting else None
    return None


def _closer(text: str, offset: int, mark: str) -> str | None:
    """What closes the documentation on the cursor's line; None if anything else is there."""
    end = _LINE_END.search(text, offset)
    behind = text[offset : end.start() if end else len(text)]
    closers = {"/**": "*/", "///": ""}
    return behind if behind.strip() in ("", closers.get(mark, mark[-3:])) else None


def _without(text: str, begun: re.Match[str], end: int) -> Iterator[tuple[str, int]]:
    """The text without the line that ends at `end`, or with a statement on it, and its start."""
    line, mark = begun.start(), begun.start("mark")
    line_end = _LINE_END.match(text, end)
    yield text[:line] + text[line_end.end() if line_end else end :], line
    if not begun["mark"].startswith("/"):
        yield text[:mark] + _PLACEHOLDER + text[end:], mark


def _next_definition(
    text: str, start: int, definitions: Iterable[Documentable]
) -> Documentable | None:
    """The one that documentation at `start` would be for."""
    for each in definitions:
        is_next = _begins_inside if each.placement == "inside" else _begins_below
        if not each.problem and is_next(text, start, each):
            return each
    return None


def _begins_inside(text: str, start: int, documentable: Documentable) -> bool:
    """Whether a string at `start` would be the first statement of the definition's body."""
    at, body = documentable.insert_at, documentable.body
    is_before = body is not None and at < start <= body[0]
    header = text[at:start]
    return is_before and bool(_LINE_END.search(header) and _BESIDE_HEADER.fullmatch(header))


def _begins_below(_text: str, start: int, documentable: Documentable) -> bool:
    """Whether a comment on the line before `start` would document the definition."""
    return documentable.insert_at == start
