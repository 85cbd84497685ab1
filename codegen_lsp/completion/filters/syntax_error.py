"""A syntax error that is not there without the suggestion.

Errors are tree-sitter's ERROR and MISSING nodes. Where the buffer has none, a quick look around the
cursor tells whether the suggestion brings some. Else they are counted in the whole, three times:

*without* the suggestion, just as the buffer is; *with* it; and with the cursor's line *taken out*,
where the buffer is broken by nothing but the line that is being typed (``x = foo(``).

1. More errors with it than without are new errors: the text is cut back, or refused. There is no
   excuse, so that no shown suggestion adds an error. A line that opens what nothing below closes
   therefore has to wait until the user has begun it.
2. Where the buffer is broken, a suggestion that leaves more errors than there are with the line
   taken out has not mended that line: it is refused unless the line could yet be finished. So
   it is finished in the usual ways: what it leaves open is closed, an operand is put behind an
   operator, a block behind a header. One way without further errors is enough.
3. A text with many errors that do not depend on the cursor's line is written in a dialect that the
   grammar does not know (a C++ header named `.h`). Nothing is refused there.
4. In a string or comment that nothing closes yet the tree is guesswork: nothing has to be mended
   there.

At the very start of a line what stands on it counts as the line below, as everywhere: the
suggestion is tried with a line end behind it.
"""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

from codegen_lsp.completion.filters.candidate import Candidate, Site, site_of
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.syntax.delimiters import closers, spans, unclosed
from codegen_lsp.syntax.errors import errors, errors_with
from codegen_lsp.syntax.indentation import last_line, line_at
from codegen_lsp.syntax.parsing import parse, parse_with, prefix_window
from codegen_lsp.syntax.soundness import errors_near, is_sound_with

_UNKNOWN_DIALECT = 30  # errors
_MOST_CUTS = 3
_OPERAND = " x"


def new_syntax_error(candidate: Candidate) -> str | Reason:
    """`candidate`'s text, up to the end of a line where it brings no error; else the reason."""
    site = site_of(candidate)
    if site is None:
        return candidate.text
    near = errors_near(site.tree, *_change(site, candidate.text))
    if near is not None and not near.count:
        return candidate.text
    without = errors(site.tree).count
    if near is not None and not without and is_sound_with(site.tree, site.offset, site.offset, ""):
        return _cut_back(candidate.text, near.first, partial(_is_sound, site))
    found = errors_with(site.tree, *_change(site, candidate.text))
    taken_out = _taken_out(site) if without else 0
    is_known = min(without, taken_out) <= _UNKNOWN_DIALECT
    if is_known and found.count > without:
        return _cut_back(candidate.text, found.first, partial(_is_within, site, without))
    is_mending = found.count <= taken_out or not is_known or _is_in_open_text(candidate)
    if is_mending or _may_be_finished(site, candidate.text, taken_out):
        return candidate.text
    return Reason.SYNTAX_ERROR


def _is_in_open_text(candidate: Candidate) -> bool:
    """Whether the text before the cursor ends in a string or comment that it does not close."""
    tree = parse(candidate.language, prefix_window(candidate.prefix))
    innermost = unclosed(spans(tree))[-1:] if tree is not None else ()
    return any(not span.is_bracket for span in innermost)


def _change(site: Site, text: str) -> tuple[int, int, str]:
    """The offsets between which `text` goes, and what is written there."""
    end = "\n" if _is_above_line(site) and not text.endswith("\n") else ""
    return site.offset, site.offset + site.replaces, text + end


def _taken_out(site: Site) -> int:
    """Number of errors without what stands on the cursor's line."""
    line = "" if _is_above_line(site) else line_at(site.tree.text, site.offset)
    start = site.tree.text.rfind("\n", 0, site.offset) + 1
    return errors_with(site.tree, start, start + len(line), "").count


def _is_above_line(site: Site) -> bool:
    """Whether the cursor stands at the very start of a line of which something is left."""
    text = site.tree.text
    behind = text[site.offset + site.replaces :].partition("\n")[0]
    return not last_line(text[: site.offset]) and bool(behind.strip())


def _cut_back(text: str, first: int | None, is_free: Callable[[str], bool]) -> str | Reason:
    """The longest of a few beginnings of `text`, whole lines, that brings no error."""
    for shorter in islice(_beginnings(text, len(text) if first is None else first), _MOST_CUTS):
        if is_free(shorter):
            return shorter
    return Reason.SYNTAX_ERROR


def _beginnings(text: str, end: int) -> Iterator[str]:
    """What stands before each line of `text` that begins before `end`, the longest first."""
    while (end := text.rfind("\n", 0, end)) >= 0:
        if text[:end].strip() and text[:end] == text[:end].rstrip():
            yield text[:end]


def _may_be_finished(site: Site, text: str, allowed: int) -> bool:
    """Whether what the user types next could leave no more errors than allowed."""
    return any(_is_within(site, allowed, text + end) for end in _ends(site, text))


def _is_within(site: Site, allowed: int, text: str) -> bool:
    """Whether there are no more errors than allowed with `text`."""
    return _is_sound(site, text) or errors_with(site.tree, *_change(site, text)).count <= allowed


def _is_sound(site: Site, text: str) -> bool:
    return is_sound_with(site.tree, *_change(site, text))


def _ends(site: Site, text: str) -> Iterator[str]:
    """What could finish the line that ends with `text`."""
    grammar = site.tree.grammar
    before = last_line(site.tree.text[: site.offset])
    closing = closers(spans(parse_with(grammar, before + text)))
    for end in (closing, _OPERAND + closing):
        if grammar.blocks == "braces":
            yield from (end + ";", end + " {}", end)
        else:
            yield end
            yield from (f"{end}\n{ender}" for ender in grammar.enders)
