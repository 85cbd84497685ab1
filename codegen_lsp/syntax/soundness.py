"""Whether code is free of errors around a place where a text is put: a quick look.

Of a long document, and of every long list in it that the place is in (the members of a class, the
entries of a table), only the brackets and what stands next to the place are parsed. All else is
sound in itself and would not change the answer. That takes about a millisecond.
"""

import re
from collections.abc import Iterator, Sequence

import tree_sitter

from codegen_lsp.syntax.errors import Errors, errors_between
from codegen_lsp.syntax.parsing import Tree, encoded, parser_for

_MANY = 8  # elements of a list that is worth shortening
_LONGEST = 16_000  # bytes
_WORD_OR_BRACKET = re.compile(r"[\w()\[\]{}<>]")
_LONG = 2_000  # bytes of an element next to the place: a line above all needs its neighbours


def is_sound_with(tree: Tree, start: int, end: int, text: str) -> bool:
    """Whether the code around two offsets holds no error if `text` stands between those.

    False also where that cannot be told quickly: the code is long, or was unsound far from there.
    """
    found = errors_near(tree, start, end, text)
    return found is not None and not found.count


def errors_near(tree: Tree, start: int, end: int, text: str) -> Errors | None:
    """The errors around two offsets if `text` stands between those; None for long code."""
    source, new = encoded(tree.text), encoded(text)
    first, last = tree.byte_offset(start), tree.byte_offset(end)
    pieces, at, before = [], 0, 0
    for far_start, far_end in sorted([*_far(tree.root, first, last), (first, last)]):
        pieces.append(source[at:far_start])
        if (far_start, far_end) == (first, last):
            before = sum(map(len, pieces))
            pieces.append(new)
        at = far_end
    code = b"".join([*pieces, source[at:]])
    if len(code) > _LONGEST:
        return None
    return errors_between(parser_for(tree.grammar).parse(code), before, before + len(new), new)


def _far(root: tree_sitter.Node, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Byte offsets of what need not be looked at: disjoint ranges, none of which holds the place.

    In an error the tokens lie side by side and belong together: nothing is left out there.
    """
    node: tree_sitter.Node | None = root
    while node is not None and not node.is_error:
        children = node.children
        if len(children) > _MANY:
            yield from _far_children(children, first, last)
        node = next((child for child in reversed(children) if child.start_byte < first), None)


def _far_children(
    children: Sequence[tree_sitter.Node], first: int, last: int
) -> Iterator[tuple[int, int]]:
    """The ranges before and behind the place, each from the start of one child to another's."""
    before = [child for child in children if child.start_byte < first]
    after = [child for child in children if child.start_byte >= last]
    above = before[:-2] if _is_short(before[-2:-1]) else before[:-1]
    # A comment, or a comma, does not tell whether what stands before it is complete.
    elements = (n for n, child in enumerate(after, 1) if child.is_named and not child.is_extra)
    count = next(elements, len(after))
    below = after[count:] if _is_short(after[:count]) else after
    for far, end in ((above, before[len(above) : len(above) + 1]), (below, [])):
        named = [child for child in far if child.is_named]
        if named and not any(child.has_error for child in far):
            start = named[0].start_byte
            stop = end[0].start_byte if end else named[-1].end_byte
            if not any(_parts(child) for child in far if start < child.start_byte < stop):
                yield start, stop


def _parts(child: tree_sitter.Node) -> bool:
    """Whether `child` is a word or a bracket: it stands in a header, not between elements."""
    return not child.is_named and _WORD_OR_BRACKET.search(child.type) is not None


def _is_short(children: Sequence[tree_sitter.Node]) -> bool:
    return all(child.end_byte - child.start_byte < _LONG for child in children)
