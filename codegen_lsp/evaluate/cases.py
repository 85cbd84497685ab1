"""Evaluation cases: files of holes whose text is known.

A row is a JSON object `{id, language, prefix, suffix, middle}`; prefix + middle + suffix is the
original text. It may also say where that text is from and what else its project holds, as the rows
of CrossCodeEval do: `path` (or `file`), `repository`, and `crossfile_list`, whose entries
`{filename, retrieved_chunk, score}` are parts of the project's other files, the best first. Further
keys are ignored.
"""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from codegen_lsp.context.chosen import Piece
from codegen_lsp.errors import UsageError

_FIELDS = ("id", "language", "prefix", "suffix", "middle")


@dataclass(frozen=True, slots=True)
class Case:
    """A hole to fill, and what stood there.

    Attributes:
        id: names it.
        language: LSP identifier.
        prefix: all before the hole.
        suffix: all behind it.
        middle: what stood there.
        path: of the file in its project, with `/`; "" where the row does not say.
        repository: name of the project; "" where the row does not say.
        pieces: what the row shows of other files, the best last.
    """

    id: str
    language: str
    prefix: str
    suffix: str
    middle: str
    path: str = ""
    repository: str = ""
    pieces: tuple[Piece, ...] = ()


def read_cases(path: Path, report: Callable[[str], None]) -> Iterator[Case]:
    """Yield the cases in the JSONL file `path`; each malformed row is reported and left out.

    Raises:
        UsageError: the file cannot be read.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield _parse(line)
        except ValueError as error:
            report(f"{path}:{number}: {error}; the row is skipped")


def _parse(line: bytes) -> Case:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:  # JSON, UTF-8 and bottomless nesting alike
        raise ValueError(f"not JSON ({error})") from error
    if not isinstance(row, dict):
        raise ValueError("not a JSON object")
    wrong = [name for name in _FIELDS if not isinstance(row.get(name), str)]
    if wrong:
        raise ValueError(f"no text under {', '.join(repr(name) for name in wrong)}")
    if not row["middle"].strip():
        raise ValueError("'middle' is blank: there is nothing to predict")
    fields = {name: row[name] for name in _FIELDS}
    path = row.get("path", row.get("file", ""))
    return Case(
        **fields,
        path=_text(path, "path"),
        repository=_text(row.get("repository", ""), "repository"),
        pieces=_pieces(row.get("crossfile_list", [])),
    )


def _text(value: object, key: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"no text under {key!r}")
    return value


def _pieces(listed: object) -> tuple[Piece, ...]:
    found: list[Piece] = []
    for each in listed if isinstance(listed, list) else [listed]:
        match each:
            case {
                "filename": str(path),
                "retrieved_chunk": str(text),
                "score": (int() | float()) as score,
            }:
                found.append(Piece(path, text.rstrip("\n") + "\n", "similar", score))
            case _:
                raise ValueError("'crossfile_list' is not [{filename, retrieved_chunk, score}]")
    return tuple(reversed(found))


def move_cursor_into_line(case: Case, seed: int) -> Case:
    """The same hole with the cursor before a random character of the first line of its text.

    It is not the first character, unless there is no other. The place depends on `seed` and the
    case alone, not on which other cases are run.
    """
    lead = len(case.middle) - len(case.middle.lstrip())
    line = case.middle[lead:].splitlines()[0].rstrip()
    last = len(line) - 1
    typed = lead + random.Random(f"{seed}:{case.id}").randint(min(1, last), last)
    return replace(case, prefix=case.prefix + case.middle[:typed], middle=case.middle[typed:])
