"""Brackets and quotes of a suggestion that do not match those on both sides of it.

Only what is beyond doubt counts, for code in the making is seldom balanced:

- a closer that takes the partner of one behind the cursor, where it is plain that those two belong
  together: they stand on the cursor's line, or on lines of the same indentation;
- a bracket that stays open although its statement is over (`;`);
- a double quote that is not closed on its line, in a language where it must be.

The text is cut where that leaves something, and refused otherwise. In strings and comments
anything may stand. What this filter lets pass, `syntax_error` sees in whole trees.
"""

import re
from dataclasses import dataclass

from codegen_lsp.completion.filters.brackets import Brackets, brackets
from codegen_lsp.completion.filters.candidate import Candidate, Site, site_of
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.syntax.delimiters import is_in_text
from codegen_lsp.syntax.indentation import indent_width, last_line, line_at
from codegen_lsp.syntax.languages import line_comment

_NEAR = 2_000  # characters on each side
_MOST_CUTS = 4
_MARKS = frozenset('()[]{}"')
_PROSE = frozenset(["html", "markdown", "plaintext", "vue", "xml"])
_CLOSED_ON_ITS_LINE = frozenset(
    (
        *("c", "cpp", "csharp", "dart", "go", "java", "javascript", "javascriptreact", "json"),
        *("kotlin", "lua", "python", "scala", "swift", "typescript", "typescriptreact"),
    )
)
_LONG_STRING = re.compile(r"\"\"\"|'''|`|@\$?\"|\[\[|\\\s*$")
_LOOP_HEAD = re.compile(r"\bfor\s*$")


@dataclass(frozen=True, slots=True)
class _View:
    """A text between what stands near it, and the brackets of that in different extents.

    Attributes:
        before: the code before the text.
        text: the suggestion.
        after: the code behind it.
        whole: the brackets of all three.
        without: the brackets of the code before and behind.
        inner: the brackets of the code before and the text.
    """

    before: str
    text: str
    after: str
    whole: Brackets
    without: Brackets
    inner: Brackets


def unbalanced(candidate: Candidate) -> str | Reason:
    """`candidate`'s text, up to what does not match; the reason where that leaves nothing."""
    text = candidate.text
    if _MARKS.isdisjoint(text) or candidate.language in _PROSE:
        return text
    site = site_of(candidate)
    if site is not None and is_in_text(site.tree, site.offset):
        return text
    view = _view(candidate, site)
    quote = _open_quote(candidate.language, view)
    if quote is not None:
        return _up_to_line(text, quote)
    if view.whole.faults <= view.without.faults:
        return text
    if _takes_partner(view):
        return _up_to_balance(candidate, view)
    left_open = _left_open(view)
    return text if left_open is None else _up_to_line(text, left_open)


def _view(candidate: Candidate, site: Site | None) -> _View:
    before, text, after = _near(candidate, site), candidate.text, candidate.suffix[:_NEAR]
    if not last_line(before):  # what stands on the line counts as the line below
        after = "\n" + after
    codes = (before + text + after, before + after, before + text)
    return _View(before, text, after, *(_read(candidate, code) for code in codes))


def _near(candidate: Candidate, site: Site | None) -> str:
    """Whole lines before the cursor, from outside strings and comments on."""
    prefix = candidate.prefix
    start = 0 if len(prefix) <= _NEAR else prefix.find("\n", len(prefix) - _NEAR) + 1
    if site is not None and is_in_text(site.tree, site.offset - len(prefix) + start):
        return last_line(prefix)
    return prefix[start:]


def _read(candidate: Candidate, code: str) -> Brackets:
    return brackets(code, candidate.language, line_comment(candidate.language))


def _open_quote(language: str, view: _View) -> int | None:
    """Offset in the text of a quote that opens a string and does not close it."""
    if language not in _CLOSED_ON_ITS_LINE or view.whole.quote is None:
        return None
    if _LONG_STRING.search(last_line(view.before) + view.text):
        return None
    quote = view.whole.quote - len(view.before)
    return quote if 0 <= quote < len(view.text) else None


def _takes_partner(view: _View) -> bool:
    """Whether the text closes what the code behind it plainly closes already."""
    start, closed = len(view.before), view.inner.closer_of
    return any(
        start <= closed.get(opener, 0) and _is_plain(view, opener, closer)
        for opener, closer in view.without.closer_of.items()
        if opener < start <= closer
    )


def _is_plain(view: _View, opener: int, closer: int) -> bool:
    """Whether it can be seen that two brackets before and behind the text belong together."""
    code = view.before + view.after
    if "\n" not in code[opener:closer]:
        return True
    closing = line_at(code, closer)
    begins_line = closing.lstrip().startswith(code[closer])
    return begins_line and indent_width(closing) == indent_width(line_at(code, opener))


def _up_to_balance(candidate: Candidate, view: _View) -> str | Reason:
    """The text up to the last closer without which it has no more faults than there were."""
    start = len(view.before)
    closers = [at - start for at in view.inner.closer_of.values() if at >= start]
    for end in sorted(closers, reverse=True)[:_MOST_CUTS]:
        shorter = view.text[:end].rstrip()
        found = _read(candidate, view.before + shorter + view.after)
        if shorter and found.faults <= view.without.faults:
            return shorter
    return Reason.UNBALANCED


def _left_open(view: _View) -> int | None:
    """Offset in the text of the first bracket that stays open behind the end of its statement."""
    start = len(view.before)
    own = [at - start for at in view.inner.opened if at >= start]
    if not own or not view.text.rstrip().endswith(";") or _LOOP_HEAD.search(view.text[: own[0]]):
        return None
    closer = view.whole.closer_of.get(start + own[0])
    if closer is None:
        return own[0] if len(view.after) < _NEAR else None  # else it may be closed further on
    closer -= len(view.text)
    pairs = view.without.closer_of.items()
    is_taken = any(end == closer and _is_plain(view, opener, end) for opener, end in pairs)
    return own[0] if is_taken else None


def _up_to_line(text: str, offset: int) -> str | Reason:
    """What stands before the line of `text` that holds `offset`."""
    return text[: max(text.rfind("\n", 0, offset), 0)].rstrip() or Reason.UNBALANCED
