"""A changed text as a patch that `git apply` takes."""

import difflib
import re

_CONTEXT_LINES = 3
_QUOTED = re.compile(r'[\x00-\x1f\x7f"\\]')
_ESCAPES = {"\t": "\\t", "\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def patch_of(name: str, before: str, after: str) -> str:
    r"""The patch that turns `before` into `after`; "" where they are the same.

    Only `\n` ends a line, as for Git: a `\r` before it belongs to the line.

    Args:
        name: path of the file from where the patch will be applied, with slashes.
        before: all of the file as it is.
        after: all of it as it is to be.
    """
    hunks = difflib.unified_diff(_lines(before), _lines(after), n=_CONTEXT_LINES)
    body = "".join(_ended(line) for number, line in enumerate(hunks) if number >= 2)
    if not body:
        return ""
    old, new = _quoted(f"a/{name}"), _quoted(f"b/{name}")
    return f"diff --git {old} {new}\n--- {_marked(old)}\n+++ {_marked(new)}\n{body}"


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+\Z", text)


def _ended(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _quoted(name: str) -> str:
    """The name as Git writes it: in quotes, as in C, if it holds what would end it."""
    if not _QUOTED.search(name):
        return name
    escaped = _QUOTED.sub(lambda match: _ESCAPES.get(match[0], f"\\{ord(match[0]):03o}"), name)
    return f'"{escaped}"'


def _marked(name: str) -> str:
    # As Git does: without the tab, what follows the blank could be taken for a date.
    return f"{name}\t" if " " in name else name
