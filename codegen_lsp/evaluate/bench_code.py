"""Real code to complete, without a file of our own: pieces of a module of the standard library."""

import argparse
import inspect
import re
from collections.abc import Iterator


def source(first: int, count: int) -> str:
    """So many lines of a module of the standard library."""
    lines = inspect.getsource(argparse).splitlines(keepends=True)
    return "".join(lines[first : first + count])


def holes(text: str) -> Iterator[tuple[str, str]]:
    """What is before and behind the second half of each long line of code in `text`."""
    for line in re.finditer(r"^ *([a-z].{24,})$", text, re.MULTILINE):
        yield text[: sum(line.span(1)) // 2], text[line.end() :]


def function_heads(text: str) -> Iterator[str]:
    """`text` as far as each place where the body of a function begins."""
    for head in re.finditer(r"^( *)def .*:\n", text, re.MULTILINE):
        yield text[: head.end()] + head[1] + "    "
