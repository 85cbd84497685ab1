"""The lines that a candidate would write, and those above and below it."""

from dataclasses import dataclass, replace
from itertools import islice

from codegen_lsp.completion.filters.candidate import Candidate
from codegen_lsp.completion.following import CodeLine, code_lines
from codegen_lsp.syntax.indentation import last_line

_MOST_LINES = 40


@dataclass(frozen=True, slots=True)
class Surrounded:
    """The lines around the cursor that are not blank, as they would be with the suggestion.

    Attributes:
        above: the nearest lines above the suggestion, topmost first.
        own: the lines that hold some of it; offsets are relative to the suggestion, so that the
            first is negative where the user has typed the start of its line.
        below: the nearest lines below it.
    """

    above: tuple[CodeLine, ...]
    own: tuple[CodeLine, ...]
    below: tuple[CodeLine, ...]


def surrounded(candidate: Candidate) -> Surrounded:
    """The lines of `candidate`, what stands on the cursor's line before and behind it included.

    At the very start of a line, what stands on it counts as the line below.
    """
    near = candidate.prefix.rsplit("\n", _MOST_LINES + 1)[-_MOST_LINES - 1 :]
    head, text, skipped = near[-1], candidate.text, 0
    if head.strip() and not text.partition("\n")[0].strip():  # it begins on the next line
        skipped = text.find("\n") + 1
        near, head, text = [*near, ""], "", text[skipped:]
    rest, _, below = (
        candidate.suffix.partition("\n")
        if last_line(candidate.prefix)
        else ("", "", candidate.suffix)
    )
    return Surrounded(
        above=tuple(code_lines("\n".join(near[:-1]))),
        own=tuple(
            replace(line, start=line.start - len(head) + skipped)
            for line in code_lines(head + text + rest)
        ),
        below=tuple(islice(code_lines(below), _MOST_LINES)),
    )


def is_same(left: CodeLine, right: CodeLine) -> bool:
    """Equal but for how wide the white space within is; at another indentation it is another."""
    return left.indent == right.indent and words(left) == words(right)


def words(line: CodeLine) -> str:
    """The text of `line` with one blank for each run of white space."""
    return " ".join(line.content.split())


def weight(*lines: CodeLine) -> int:
    """Letters in `lines`: closers, `else:`, `pass` and rows of numbers have few or none."""
    return sum(sum(map(str.isalpha, line.content)) for line in lines)
