"""Places in real files as a person comes by them: what is above is written, what comes next is not.

A place lies in a block of up to twelve lines, the rest of which is hidden; below it the file goes
on. A third of the places are starts of lines, as after Enter; the others are anywhere in a line.
"""

import random
from collections.abc import Iterator, Sequence

from codegen_lsp.completion.suggestion import Suggestion
from codegen_lsp.evaluate.cases import Case
from codegen_lsp.evaluate.replay_text import Piece, Source, choose
from codegen_lsp.syntax.errors import errors, errors_with
from codegen_lsp.syntax.parsing import parse

_AT_LINE_START = 1 / 3


def cut_places(sources: Sequence[Source], count: int, seed: int) -> list[Case]:
    """Up to `count` places in `sources`, the same ones for the same `seed`.

    Raises:
        UsageError: no file has one.
    """
    chance = random.Random(seed)
    return list(_cases(choose(sources, count, seed), chance))


def is_right(suggestion: Suggestion, case: Case) -> bool:
    """Whether accepting `suggestion` gives what stood there, as far as it goes."""
    rest = case.middle + case.suffix[: suggestion.replaces]
    return bool(suggestion.text) and rest.startswith(suggestion.text.rstrip())


def adds_error(suggestion: Suggestion, case: Case) -> bool:
    """Whether tree-sitter sees an error more with `suggestion` than without."""
    tree = parse(case.language, case.prefix + case.suffix)
    if tree is None or not suggestion.text:
        return False
    at = len(case.prefix)
    after = errors_with(tree, at, at + suggestion.replaces, suggestion.text)
    return after.count > errors(tree).count


def repeats(suggestion: Suggestion, case: Case) -> bool:
    """Whether `suggestion`, unless it is right, ends with what stands behind the cursor.

    That is the rest of the cursor's line or, at the same indentation, the next line of code, if it
    holds a letter or digit.
    """
    if is_right(suggestion, case) or not suggestion.text.strip():
        return False
    rest, _, below = case.suffix[suggestion.replaces :].partition("\n")
    written = (case.prefix + suggestion.text).rstrip().rpartition("\n")[2]
    if rest.strip():
        following, says_again = rest, suggestion.text.rstrip().endswith(rest.strip())
    else:
        following = next((line.rstrip() for line in below.split("\n") if line.strip()), "")
        says_again = written == following
    return says_again and any(map(str.isalnum, following))


def _cases(pieces: Sequence[Piece], chance: random.Random) -> Iterator[Case]:
    for piece in pieces:
        text = piece.truth("suffix")
        at = _offset(text, chance)
        yield Case(
            id=f"{piece.source.name}:{piece.start + at}",
            language=piece.source.language,
            prefix=piece.before() + text[:at],
            suffix=piece.below("suffix"),
            middle=text[at:],
            path=piece.source.name,
        )


def _offset(text: str, chance: random.Random) -> int:
    """Where the cursor stands in `text`: never in white space at a line's start, or at the end."""
    lines = text.split("\n")
    number = chance.choice([n for n, line in enumerate(lines) if line.strip()])
    line = lines[number]
    indent = len(line) - len(line.lstrip())
    start = sum(len(each) + 1 for each in lines[:number])
    if number and chance.random() < _AT_LINE_START:
        return start + indent
    return start + chance.randint(indent, max(len(line.rstrip()) - 1, indent))
