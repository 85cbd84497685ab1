"""Benchmark of the filters: what judging a suggestion costs, at many places of a long file.

The file is made of one that everyone has, Python's own `argparse`, as often as it takes. At each
place the last lines of a block are taken out; they are the suggestion, once as they stood there
and once with a fault at their end. Parsing the file is not part of the chain and reported
alone: it is done once per request.
"""

import argparse
import random
import time
from dataclasses import asdict, dataclass, replace
from itertools import cycle, islice
from pathlib import Path

from codegen_lsp.completion.filters.candidate import Candidate, Site
from codegen_lsp.completion.filters.chain import apply
from codegen_lsp.errors import UsageError
from codegen_lsp.evaluate.server_figures import Latencies, latencies
from codegen_lsp.syntax.indentation import indent_width
from codegen_lsp.syntax.parsing import parse

_LANGUAGE = "python"
_WINDOW = 4_000  # characters on each side, as a request has them
_FAULT = ")]"
_STATEMENTS = ("for ", "if ", "return ", "self.", "while ")


@dataclass(frozen=True, slots=True)
class FiltersReport:
    """All that `codegen-lsp bench filters` measures.

    Attributes:
        file_lines: of the file.
        suggestion_lines: of each suggestion.
        parse: of the file without the lines that are suggested.
        right: the chain, on what stood there.
        faulty: the chain, on the same with a fault.
        right_changed: how many of the right suggestions were shortened or refused.
        faulty_unchanged: how many of the faulty ones were not.
    """

    file_lines: int
    suggestion_lines: int
    parse: Latencies
    right: Latencies
    faulty: Latencies
    right_changed: int
    faulty_unchanged: int

    def as_json(self) -> dict[str, object]:
        """The report as a JSON object."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Judged:
    """One run of the chain."""

    seconds: float
    is_changed: bool


def measure(file_lines: int, suggestion_lines: int, places: int) -> FiltersReport:
    """Judge two suggestions at each of so many places, the same ones each time.

    Raises:
        UsageError: no block has so many lines.
    """
    source = Path(argparse.__file__).read_text(encoding="utf-8").splitlines()
    lines = list(islice(cycle(source), file_lines))
    ends = range(suggestion_lines, file_lines)
    starts = [end - suggestion_lines for end in ends if _ends_block(lines, end, suggestion_lines)]
    if not starts:
        raise UsageError(f"no block of {suggestion_lines} lines in {file_lines} of argparse.py")
    draw = random.Random(0)
    parsed: list[float] = []
    right: list[_Judged] = []
    faulty: list[_Judged] = []
    for start in draw.choices(starts, k=places):
        began = time.perf_counter()
        candidate = _candidate(lines, start, start + suggestion_lines)
        parsed.append(time.perf_counter() - began)
        right.append(_judge(candidate))
        faulty.append(_judge(replace(candidate, text=candidate.text + _FAULT)))
    return FiltersReport(
        file_lines=file_lines,
        suggestion_lines=suggestion_lines,
        parse=latencies(parsed),
        right=latencies([each.seconds for each in right]),
        faulty=latencies([each.seconds for each in faulty]),
        right_changed=sum(each.is_changed for each in right),
        faulty_unchanged=sum(not each.is_changed for each in faulty),
    )


def _ends_block(lines: list[str], end: int, count: int) -> bool:
    """Whether the `count` lines before `end` are statements of one block and its last."""
    body = lines[end - count : end]
    behind = next((line for line in lines[end:] if line.strip()), "")
    floor = indent_width(body[0])
    is_inside = all(indent_width(line) >= floor for line in body if line.strip())
    is_last = bool(body[-1].strip()) and indent_width(behind) < floor
    return body[0][floor:].startswith(_STATEMENTS) and is_inside and is_last


def _candidate(lines: list[str], start: int, end: int) -> Candidate:
    indent = lines[start][: len(lines[start]) - len(lines[start].lstrip())]
    prefix = "\n".join([*lines[:start], indent])
    suffix = "\n" + "\n".join(lines[end:])
    tree = parse(_LANGUAGE, prefix + suffix)
    return Candidate(
        language=_LANGUAGE,
        prefix=prefix[-_WINDOW:],
        text="\n".join(lines[start:end]).lstrip(),
        suffix=suffix[:_WINDOW],
        extent="block",
        site=None if tree is None else Site(tree, len(prefix)),
    )


def _judge(candidate: Candidate) -> _Judged:
    began = time.perf_counter()
    verdict = apply(candidate)
    return _Judged(time.perf_counter() - began, verdict.text != candidate.text)
