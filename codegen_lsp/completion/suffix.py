"""Dropping what merely repeats the text behind the cursor.

Two kinds of repetition: the end of a suggestion says again what stands on the rest of the
cursor's line (`)`, `");`, ` in items:`), or its last lines are the lines that follow. What may be
a repetition is decided by how well brackets and quotes match without it, and for lines by their
indentation.
"""

from collections.abc import Iterator, Sequence

from codegen_lsp.completion.following import CodeLine, code_lines
from codegen_lsp.syntax.indentation import last_line

_PAIRS = {")": "(", "]": "[", "}": "{"}
_QUOTES = "\"'`"
_MOST_LINES = 20
_REST = 500


def drop_repeated_suffix(prefix: str, text: str, suffix: str) -> str:
    """`text` without its end, or all of it, where that repeats the start of `suffix`."""
    rest = suffix.partition("\n")[0]
    if rest.strip():
        return text[: len(text) - _overlap(last_line(prefix), text, rest[:_REST])]
    return text[: _repeated_lines(prefix, text, suffix)]


def held_back(prefix: str, text: str, suffix: str) -> int:
    """How many characters at the end of a partial `text` may yet prove to be a repetition.

    What stands before them is in `drop_repeated_suffix` of every continuation of `text`.
    """
    rest = suffix.partition("\n")[0]
    if rest.strip():
        heads = (rest[:_REST], rest[:_REST].lstrip())
        return max(size for head in heads for size in _overlaps(text, head))
    return len(text) - _possible_repetition(prefix, text, suffix)


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


def _repeated_lines(prefix: str, text: str, suffix: str) -> int:
    """Offset at which the lines of `text` that repeat the following ones begin."""
    own, following = _own_lines(prefix, text), _following(suffix)
    for count in range(min(len(own), len(following)), 0, -1):
        if _is_repetition(own[-count:], following[:count]):
            return len(text[: max(own[-count].start, 0)].rstrip())
    return len(text)


def _possible_repetition(prefix: str, text: str, suffix: str) -> int:
    """Offset behind which `text` may be, or become, a repetition of the following lines."""
    own, following = _own_lines(prefix, text), _following(suffix)
    for count in range(min(len(own), len(following)), 0, -1):
        *whole, last = own[-count:]
        if all(map(_same, whole, following)) and (
            _words(following[count - 1].content).startswith(_words(last.content))
        ):
            return len(text[: max(last.start if not whole else whole[0].start, 0)].rstrip())
    return len(text.rstrip())


def _own_lines(prefix: str, text: str) -> list[CodeLine]:
    """The lines of `text` that stand on lines of their own, offsets relative to `text`."""
    line = last_line(prefix)
    if line.strip():
        start = text.find("\n") + 1
        return [_moved(own, start) for own in code_lines(text[start:])] if start else []
    return [_moved(own, -len(line)) for own in code_lines(line + text)]


def _moved(line: CodeLine, distance: int) -> CodeLine:
    return CodeLine(line.start + distance, line.indent, line.content)


def _following(suffix: str) -> list[CodeLine]:
    return [line for line, _ in zip(code_lines(suffix), range(_MOST_LINES), strict=False)]


def _is_repetition(own: Sequence[CodeLine], following: Sequence[CodeLine]) -> bool:
    return all(map(_same, own, following))


def _same(own: CodeLine, following: CodeLine) -> bool:
    """Equal but for white space within the line; at another indentation it is another line."""
    return own.indent == following.indent and _words(own.content) == _words(following.content)


def _words(content: str) -> str:
    return "".join(content.split())
