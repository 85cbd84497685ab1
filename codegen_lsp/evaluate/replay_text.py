"""What a keystroke replay types: pieces of real files, and the keys that they are typed with."""

import os
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile, zip_longest
from pathlib import Path
from typing import Literal

from codegen_lsp.errors import UsageError
from codegen_lsp.syntax.languages import language_of, line_comment
from codegen_lsp.text import split_lines

Condition = Literal["suffix", "no-suffix"]
"""Whether the buffer holds what is below the piece that is typed, or ends at the cursor."""

LONGEST_LINES = 12
"""Of a piece; a longer block is cut there."""
_SHORTEST_LINES = 3
_LARGEST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """A file of code, with plain newlines.

    Attributes:
        name: its path below the folder that was given.
        language: LSP language identifier.
        text: all of it.
    """

    name: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of a file that is typed: lines, from the first character of code to the last."""

    source: Source
    start: int
    end: int

    def before(self) -> str:
        """The buffer above the cursor when typing begins."""
        return self.source.text[: self.start]

    def below(self, condition: Condition) -> str:
        """The buffer below the cursor, all the while."""
        return self.source.text[self.end :] if condition == "suffix" else ""

    def truth(self, condition: Condition) -> str:
        """The text that comes next in the file and is not in the buffer."""
        return self.source.text[self.start : self.end if condition == "suffix" else None]


def read_sources(path: Path) -> list[Source]:
    """The file `path`, or every file of code below the folder `path`, in the order of names.

    Hidden folders, files over 1 MB and files that are not UTF-8 are left out of a folder.

    Raises:
        UsageError: there is no such file or folder, it cannot be read, or holds no code.
    """
    if not path.is_dir():
        return [_read(path, path.name)]
    sources = list(_below(path))
    if not sources:
        raise UsageError(f"{path} holds no file of code: name a file, or a folder with some")
    return sources


def _below(folder: Path) -> Iterator[Source]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(parent, name)
            is_code = line_comment(language_of(path)) and path.is_file()
            if is_code and path.stat().st_size <= _LARGEST_BYTES:
                try:
                    yield _read(path, path.relative_to(folder).as_posix())
                except UsageError:
                    continue


def _read(path: Path, name: str) -> Source:
    try:
        text = path.read_text(encoding="utf-8")  # makes every line end a plain newline
    except UnicodeDecodeError as error:
        raise UsageError(f"cannot type {path}: it is not UTF-8") from error
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    return Source(name, language_of(path), text)


def choose(sources: Iterable[Source], limit: int, seed: int) -> list[Piece]:
    """Up to `limit` pieces, by chance but the same ones for the same `seed`.

    Every file gives one before any gives a second, so that few files do not decide the figures.

    Raises:
        UsageError: no file has one.
    """
    order = random.Random(seed)
    shuffled = []
    for source in sources:
        found = pieces(source)
        order.shuffle(found)
        shuffled.append(found)
    order.shuffle(shuffled)
    rounds = [each for turn in zip_longest(*shuffled) for each in turn if each]
    if not rounds:
        raise UsageError(f"nothing to type: no file has a block of {_SHORTEST_LINES} lines")
    return rounds[:limit]


def pieces(source: Source) -> list[Piece]:
    """The blocks of a file that do not overlap, from the top; runs of lines where it has none.

    A block is a line and the deeper ones below it (a function, class, loop, literal ...), told by
    indentation, as that serves every language; at most `LONGEST_LINES` of them.
    """
    lines = split_lines(source.text)
    found, number = [], 0
    while number < len(lines):
        count = _block_length(lines, number)
        if count >= _SHORTEST_LINES:
            found.append((number, number + count))
        number += count if count >= _SHORTEST_LINES else 1
    if not found:
        runs = range(0, len(lines) - _SHORTEST_LINES + 1, LONGEST_LINES)
        found = [(first, min(first + LONGEST_LINES, len(lines))) for first in runs]
    return [_piece(source, lines, *span) for span in found]


def _block_length(lines: Sequence[str], first: int) -> int:
    """How many lines belong to the block that begins with line `first`; blank ones end none."""
    if not lines[first].strip():
        return 0
    depth = len(_indentation(lines[first]))
    rest = lines[first + 1 : first + LONGEST_LINES]
    deeper = list(takewhile(lambda line: not line.strip() or len(_indentation(line)) > depth, rest))
    while deeper and not deeper[-1].strip():
        deeper.pop()
    return 1 + len(deeper)


def _piece(source: Source, lines: Sequence[str], first: int, last: int) -> Piece:
    start = len("".join(lines[:first]))
    typed = "".join(lines[first:last])
    lead = len(typed) - len(typed.lstrip())
    return Piece(source, start + lead, start + len(typed.rstrip()))


def next_key(before: str, rest: str) -> str:
    """What the next key types, with `rest` still to come behind `before`.

    It is one character; but Enter also types as much of the indentation of the last line of code
    as the next line shares, which is what every editor does.
    """
    if rest[0] != "\n":
        return rest[0]
    code = next((line for line in reversed(before.split("\n")) if line.strip()), "")
    upcoming = _indentation(rest[1:].partition("\n")[0])
    shared = takewhile(
        lambda pair: pair[0] == pair[1], zip(_indentation(code), upcoming, strict=False)
    )
    return "\n" + "".join(each for each, _ in shared)


def keys_for(before: str, text: str) -> int:
    """How many keys it takes to type `text` behind `before` without any help."""
    count = 0
    while text:
        key = next_key(before, text)
        before, text, count = before + key, text[len(key) :], count + 1
    return count


def _indentation(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
