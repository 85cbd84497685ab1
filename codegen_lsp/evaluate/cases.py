"""Evaluation cases: files of holes whose text is known.

A row is a JSON object `{id, language, prefix, suffix, middle}`; prefix + middle + suffix is the
original text. Further keys are ignored.
"""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from codegen_lsp.errors import UsageError

_FIELDS = ("id", "language", "prefix", "suffix", "middle")


@dataclass(frozen=True, slots=True)
class Case:
    """A hole to fill, and what stood there."""

    id: str
    language: str
    prefix: str
    suffix: str
    middle: str


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
    return Case(**{name: row[name] for name in _FIELDS})


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
