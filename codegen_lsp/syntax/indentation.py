"""Lines and how far they are indented."""

import re

_INDENT = re.compile(r"[ \t]*")
_TAB = 8


def indent_width(line: str) -> int:
    """Columns of blank space before the text of `line`; a tab reaches the next multiple of 8."""
    match = _INDENT.match(line)
    return len(match.group().expandtabs(_TAB)) if match else 0


def last_line(text: str) -> str:
    """What stands behind the last newline of `text`."""
    return text[text.rfind("\n") + 1 :]


def line_at(text: str, offset: int) -> str:
    """The line of `text` that holds `offset`, without its newline."""
    end = text.find("\n", offset)
    return text[text.rfind("\n", 0, offset) + 1 : len(text) if end < 0 else end]
