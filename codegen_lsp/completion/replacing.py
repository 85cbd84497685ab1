r"""What stands behind the cursor and gives way to a suggestion that says it again inside.

``foo(|)`` and the text ``a)\n    x = 1`` would leave a bracket too many: the text closes ``foo(``
itself. Brackets are matched by a small scanner, without a tree and in any language: it knows
strings, comments and Rust's lifetimes by sight. Where it is in doubt, nothing gives way.
"""

import re
from collections.abc import Sequence
from itertools import takewhile

from codegen_lsp.syntax.indentation import last_line

_PAIRS = {"(": ")", "[": "]", "{": "}", "<": ">"}
_CLOSER = re.compile(r"\"\"\"|'''|[)\]}>\"'`]")
_CLOSERS = re.compile(rf"(?:{_CLOSER.pattern})*")
_SKIPPED = r"""
    /\*.*?(?:\*/|\Z)
    | (?<![^\n;,{}(\[]) [ \t]* //[^\r\n]*   # behind an operand it is Python's division
    | (?<!\S) \# (?!\S) [^\r\n]*
    | &'\w+(?!['\w]) | <'\w+ (?:,\s*'\w+)* (?=[\s,>:])
"""
_TOKEN = re.compile(
    rf"(?:{_SKIPPED}) | (?P<mark>\"\"\"|'''|[\"'`()\[\]{{}}]|(?<=\w)<(?![\s=<])|(?<![-=])>(?!=))",
    re.DOTALL | re.VERBOSE,
)
_STRING_REST = {
    '"': re.compile(r'(?:[^"\\\r\n]|\\.)*"', re.DOTALL),
    "'": re.compile(r"(?:[^'\\\r\n]|\\.)*'", re.DOTALL),
    "`": re.compile(r"(?:[^`\\]|\\.)*`", re.DOTALL),
    '"""': re.compile(r'(?:[^"\\]|\\.|"(?!""))*"""', re.DOTALL),
    "'''": re.compile(r"(?:[^'\\]|\\.|'(?!''))*'''", re.DOTALL),
}
_OF_ONE_LINE = ("'", '"')
_LINE_END = re.compile(r"[\r\n]")
_ENDS_STATEMENT = {";": (";", "}"), ",": (",",)}
_NEAR = 500


def replaced_closers(text: str, rest: str) -> int:
    """How many characters at the start of `rest` give way to `text`, which says them again.

    These are closers that `text` has no opener for; all of `rest` if `text` goes on with what
    follows them; or a `;` or `,` more if it follows them in `text` too and `text` has its own end.

    Args:
        text: the suggestion.
        rest: what stands on the cursor's line behind the cursor.
    """
    closers = _closers(rest)
    if not closers:
        return 0
    pending = _CLOSER.findall(closers)[::-1]
    read = _read(text, pending, angles=">" in pending)
    if read is None:
        return 0
    left, end = read
    if end:
        tail = rest[len(closers) :].rstrip()
        if _says_whole(text[end:], tail, left):
            return len(closers) + len(tail)
        if not left:
            return len(closers) + _ends_alike(text[end:], tail)
    elif left != pending[: len(left)]:
        return 0
    return sum(map(len, pending[_kept(pending, left) :]))


def auto_closed(prefix: str, suffix: str) -> int:
    """How many characters at the start of `suffix` close what the cursor's line has opened.

    Many editors insert them along with the opener.
    """
    run = _CLOSER.findall(_closers(suffix[:_NEAR]))
    read = _read(last_line(prefix[-_NEAR:]), [], angles=">" in run)
    if read is None:
        return 0
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(run, reversed(read[0]), strict=False))
    return sum(len(closer) for closer, _ in pairs)


def replaced_part(prefix: str, text: str, suffix: str) -> int:
    """`replaced_closers` for a place: less where the cursor's line lacks closers.

    All arguments have plain newlines. The part that gives way lies on the cursor's line.
    """
    rest = suffix[:_NEAR].partition("\n")[0]
    closers = _closers(rest)
    run = _CLOSER.findall(closers)
    line, angles = last_line(prefix[-_NEAR:]), ">" in run
    read, after = (_read(code, [], angles=angles) for code in (line, line + text))
    if not run or read is None or after is None:
        return 0
    wanted = read[0][::-1]
    if _read(line + rest, [], angles=angles) == ([], 0):
        before, count = "", replaced_closers(text, rest)
    else:
        before, behind = _missing(wanted, run)
        count = _replaced_of_lacking(text, rest, before, behind)
        # In `f(g(1|)` the text may close `g(`, and what is there already `f(`.
        kept = "".join(run[len(run) - _kept(run[::-1], after[0]) :])
        count = min(count, len(closers) - len(kept)) if kept else count
    closed = _CLOSER.findall(before + _closers(rest[:count]))
    is_known = wanted[: len(closed)] == closed[: len(wanted)] and (wanted or ">" not in closed)
    return count if is_known else 0


def _missing(wanted: list[str], run: list[str]) -> tuple[str, str]:
    """The closers `wanted` that `run` lacks before it and behind it, innermost first."""
    if wanted[: len(run)] == run:
        return "", "".join(wanted[len(run) :])
    if wanted[-len(run) :] == run:
        return "".join(wanted[: -len(run)]), ""
    return "", ""


def _replaced_of_lacking(text: str, rest: str, before: str, behind: str) -> int:
    """`replaced_closers` where those of `rest` should stand between two others, and do not."""
    there = len(_closers(rest))
    count = replaced_closers(text, before + rest[:there] + behind + rest[there:])
    count = max(count - len(before), 0)
    return max(count - len(behind), min(count, there))


def _kept(pending: Sequence[str], left: Sequence[str]) -> int:
    """How many of `pending`, from the outermost on, close what is innermost of `left`.

    Both hold closers, the innermost last.
    """
    most = min(len(pending), len(left))
    return next((n for n in range(most, 0, -1) if pending[:n] == left[-n:]), 0)


def _closers(rest: str) -> str:
    """The run of closers at the start of `rest`."""
    match = _CLOSERS.match(rest)
    return match.group() if match else ""


def _read(text: str, pending: Sequence[str], *, angles: bool) -> tuple[list[str], int] | None:
    """What is left to be closed behind `text`, and where the last of `pending` was closed.

    Args:
        text: any text.
        pending: the closers that are expected behind the place where `text` begins, last one
            first; a quote says that `text` begins inside a string.
        angles: whether `<` and `>` may be brackets.

    Returns:
        None where brackets do not match or a string does not end on its line. The offset is 0 if
        not all of `pending` were closed.
    """
    stack, lowest, end = list(pending), len(pending), 0
    at: int | None = 0
    while at is not None and at < len(text):
        if stack and stack[-1] in _STRING_REST:
            at = _behind_string(text, at, stack)
        else:
            at = _behind_mark(text, at, stack, angles=angles)
        if at is not None and len(stack) < lowest:
            lowest, end = len(stack), 0 if stack else at
    return None if at is None else (stack, end)


def _behind_string(text: str, at: int, stack: list[str]) -> int | None:
    """Offset behind the string on top of `stack`, in which `at` lies; None if it is cut off."""
    found = _STRING_REST[stack[-1]].match(text, at)
    if found is not None:
        stack.pop()
        return found.end()
    if stack[-1] in _OF_ONE_LINE and _LINE_END.search(text, at):
        return None
    brace = text.rfind("{", at)
    if brace <= text.rfind("}", at):
        return len(text)
    # The end of the text stands in the braces of an f-string or a template.
    stack.append("}")
    return brace + 1


def _behind_mark(text: str, at: int, stack: list[str], *, angles: bool) -> int | None:
    """Offset behind the next opener or closer; None if it closes something else than is open."""
    found = _TOKEN.search(text, at)
    if found is None:
        return len(text)
    mark = found["mark"]
    is_bracket = mark is not None and (angles or mark not in "<>")
    if is_bracket and (mark in _PAIRS or mark in _STRING_REST):
        stack.append(_PAIRS.get(mark, mark))
    elif is_bracket and stack and stack[-1] == mark:
        stack.pop()
    elif is_bracket and stack and mark != ">":  # an angle without a partner is a comparison
        return None
    return found.end()


def _says_whole(text: str, tail: str, left: list[str]) -> bool:
    """Whether `text` begins with `tail` and leaves open just what `tail` does."""
    if tail in ("", *_ENDS_STATEMENT) or not text.startswith(tail):
        return False
    read = _read(tail, [], angles=False)
    return read is not None and read[0] == left


def _ends_alike(text: str, tail: str) -> bool:
    """Whether `text` begins with the `;` or `,` that `tail` begins with, and has its own end."""
    ends = _ENDS_STATEMENT.get(tail[:1])
    return ends is not None and text.startswith(tail[0]) and text.rstrip().endswith(ends)
