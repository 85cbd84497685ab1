"""Dropping what merely repeats the text behind the cursor.

Two kinds of repetition: the end of a suggestion says again what stands on the rest of the
cursor's line (`)`, `");`, ` in items:`), or its last lines are the lines that follow. What may be
a repetition is decided by how well brackets and quotes match without it, and for lines by their
indentation.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from codegen_lsp.completion.following import CodeLine, code_lines
from codegen_lsp.syntax.indentation import last_line

_PAIRS = {")": "(", "]": "[", "}": "{"}
_QUOTES = "\"'`"
_MOST_LINES = 20
_NEAR = 500


def drop_repeated_suffix(prefix: str, text: str, suffix: str) -> str:
    """`text` without its end, or all of it, where that repeats the start of `suffix`.

    At the very start of a line what stands on it counts as the line that follows.
    """
    line, rest = _around(prefix, suffix)
    if line and rest.strip():
        return text[: len(text) - _overlap(line, text, rest)]
    return text[: _repeated_lines(line, text, suffix)]


def held_back(prefix: str, text: str, suffix: str) -> int:
    """How many characters at the end of a partial `text` may yet prove to be a repetition.

    What stands before them begins `drop_repeated_suffix` of every continuation of `text`.
    """
    line, rest = _around(prefix, suffix)
    if not (line and rest.strip()):
        return len(text) - _possible_repetition(line, text, suffix)
    if rest.strip().startswith(text.strip()):
        return len(text)
    return max(size for head in (rest, rest.lstrip()) for size in _overlaps(text, head))


def _around(prefix: str, suffix: str) -> tuple[str, str]:
    """The cursor's line before and behind the cursor, as much of it as matters."""
    return last_line(prefix[-_NEAR:]), suffix[:_NEAR].partition("\n")[0]


def _overlap(line: str, text: str, rest: str) -> int:
    """Length of the end of `text` that is to give way to the start of `rest`."""
    if text.strip() == rest.strip() and _faults(line + rest) <= _faults(line + text + rest):
        return len(text)
    sizes = {
        size
        for head in (rest, rest.lstrip())
        for size in _overlaps(text, head)
        if _is_whole(text, head, size)
    }
    return min(sizes, key=lambda size: (_faults(line + text[: len(text) - size] + rest), -size))


def _overlaps(text: str, head: str) -> Iterator[int]:
    """Every number of characters in which the end of `text` equals the start of `head`."""
    return (n for n in range(min(len(text), len(head)) + 1) if text.endswith(head[:n]))


def _is_whole(text: str, head: str, size: int) -> bool:
    """Whether an overlap begins and ends between words."""
    before, after = text[: len(text) - size], head[size:]
    return not (_joins(before, head[:size]) or _joins(head[:size], after))


def _joins(left: str, right: str) -> bool:
    return bool(left and right) and _is_word(left[-1]) and _is_word(right[0])


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _faults(line: str) -> int:
    """Number of brackets and quotes without a partner."""
    stack: list[str] = []
    surplus = 0
    for character in line:
        if character in "([{":
            stack.append(character)
        elif character in _PAIRS:
            if stack and stack[-1] == _PAIRS[character]:
                stack.pop()
            else:
                surplus += 1
    return len(stack) + surplus + sum(line.count(quote) % 2 for quote in _QUOTES)


def _repeated_lines(line: str, text: str, suffix: str) -> int:
    """Offset at which the lines of `text` that repeat the following ones begin."""
    own, following = _own_lines(line, text), list(islice(code_lines(suffix), _MOST_LINES))
    for count in range(min(len(own), len(following)), 0, -1):
        if all(map(_same, own[-count:], following)):
            return _end_before(text, own[-count])
    return len(text)


def _possible_repetition(line: str, text: str, suffix: str) -> int:
    """Offset behind which `text` may be, or become, a repetition of the following lines."""
    own, following = _own_lines(line, text), list(islice(code_lines(suffix), _MOST_LINES))
    for count in range(min(len(own), len(following)), 0, -1):
        begun = _words(following[count - 1].content).startswith(_words(own[-1].content))
        if begun and all(map(_same, own[-count:-1], following)):
            return _end_before(text, own[-count])
    return len(text.rstrip())


def _end_before(text: str, line: CodeLine) -> int:
    """Offset in `text` of the end of what stands before `line`."""
    return len(text[: max(line.start, 0)].rstrip())


def _own_lines(line: str, text: str) -> list[CodeLine]:
    """The lines of `text` that stand on lines of their own, offsets relative to `text`."""
    skipped = text.find("\n") + 1
    if not line.strip():
        return [replace(own, start=own.start - len(line)) for own in code_lines(line + text)]
    if not skipped:
        return []
    return [replace(own, start=own.start + skipped) for own in code_lines(text[skipped:])]


def _same(own: CodeLine, following: CodeLine) -> bool:
    """Equal but for white space within the line; at another indentation it is another line."""
    return own.indent == following.indent and _words(own.content) == _words(following.content)


def _words(content: str) -> str:
    return "".join(content.split())
