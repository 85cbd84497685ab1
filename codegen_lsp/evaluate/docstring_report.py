"""What the docstrings that were written are worth.

They are judged by programs that share nothing with what wrote them: Python's parser, Ruff and
pydoclint; and by their likeness to what the authors wrote.
"""

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from codegen_lsp.docstrings.content import StyleName
from codegen_lsp.evaluate.chrf import chrf
from codegen_lsp.evaluate.docstring_bench import Written
from codegen_lsp.evaluate.docstring_cases import Case
from codegen_lsp.evaluate.docstring_judging import Placed, is_code_same, placed
from codegen_lsp.evaluate.docstring_lint import Finding, Linted, Linter, lint

_TYPICAL_LINES = range(15, 26)
_TYPICAL_PARAMETERS = range(2, 5)


@dataclass(frozen=True, slots=True)
class Judged:
    """A docstring that was written, judged.

    Attributes:
        case: what it was written for.
        written: it.
        placed: it as Python sees it; None if Python sees none.
        is_code_same: nothing else has changed.
        findings: of the linters.
        chrf: likeness to the author's, of 100; 0 without any.
    """

    case: Case
    written: Written
    placed: Placed | None
    is_code_same: bool
    findings: tuple[Finding, ...]
    chrf: float


@dataclass(frozen=True, slots=True)
class WayReport:
    """How one way has fared.

    Attributes:
        functions: cases.
        written: share of them, of 1, that got a docstring.
        ruff_clean: share of those that `ruff check --select D` has nothing to say of.
        pydoclint_clean: the same for pydoclint.
        code_changed: how many files are another program now, or none.
        chrf: mean likeness to the author's docstrings, of 100; what was not written counts 0.
        replaced: share of docstrings in which at least one sentence is not the model's.
        median_s: seconds a function.
        p95_s: the same, of the slowest twentieth.
        median_typical_s: of functions of 15 to 25 lines with 2 to 4 parameters; None without any.
        prompt_reads: how often a token of a function's longest prompt was read, on average; below
            1 where a part of it was in the KV cache already.
        codes: how often the linters found what.
        reasons: how often nothing was written for which reason.
    """

    functions: int
    written: float
    ruff_clean: float
    pydoclint_clean: float
    code_changed: int
    chrf: float
    replaced: float
    median_s: float
    p95_s: float
    median_typical_s: float | None
    prompt_reads: float
    codes: dict[str, int]
    reasons: dict[str, int]

    def as_json(self) -> dict[str, object]:
        """The report as a JSON object."""
        return asdict(self)


def judge(pairs: Sequence[tuple[Case, Written]], style: StyleName, folder: Path) -> list[Judged]:
    """Judge all that was written, in its order; copies for the linters go to the empty `folder`.

    Raises:
        UsageError: a linter is not installed.
    """
    texts = [written.applied(case.snapshot.text) for case, written in pairs]
    seen = [_seen(*pair, text) for pair, text in zip(pairs, texts, strict=True)]
    files = [
        Linted(text, *_lines(case, docstring))
        for (case, _), text, docstring in zip(pairs, texts, seen, strict=True)
    ]
    found = lint(files, style, folder)
    return [
        Judged(
            case,
            written,
            docstring,
            is_code_same(case.snapshot.text, file.text),
            tuple(findings),
            chrf(docstring.words, case.reference) if docstring else 0.0,
        )
        for (case, written), docstring, file, findings in zip(
            pairs, seen, files, found, strict=True
        )
    ]


def report(judged: Sequence[Judged]) -> WayReport:
    """Sum up at least one case of one way."""
    written = [each for each in judged if each.written.draft.text]
    seconds = sorted(each.written.seconds for each in judged)
    typical = [each.written.seconds for each in judged if _is_typical(each.case)]
    read = [each.written for each in judged if each.written.prompt_tokens]
    return WayReport(
        functions=len(judged),
        written=len(written) / len(judged),
        ruff_clean=_mean(_is_clean(each, "ruff") for each in written),
        pydoclint_clean=_mean(_is_clean(each, "pydoclint") for each in written),
        code_changed=sum(not each.is_code_same for each in judged),
        chrf=_mean(each.chrf for each in judged),
        replaced=_mean(bool(each.written.draft.replaced) for each in written),
        median_s=statistics.median(seconds),
        p95_s=seconds[int(0.95 * (len(seconds) - 1))],
        median_typical_s=statistics.median(typical) if typical else None,
        prompt_reads=_mean(each.read_tokens / each.prompt_tokens for each in read),
        codes=_counts(finding.code for each in written for finding in each.findings),
        reasons=_counts(
            each.written.draft.reason for each in judged if not each.written.draft.text
        ),
    )


def _seen(case: Case, written: Written, text: str) -> Placed | None:
    """The docstring as Python sees it, if one was written."""
    return placed(text, case.snapshot, case.documentable) if written.draft.text else None


def _lines(case: Case, docstring: Placed | None) -> tuple[int, int]:
    """First and last line that findings are looked for in; without a docstring, of the header."""
    if docstring is not None:
        return docstring.first, docstring.last
    first, last = case.documentable.start, case.documentable.insert_at
    return case.snapshot.line_of(first) + 1, case.snapshot.line_of(last) + 1


def _is_clean(judged: Judged, linter: Linter) -> bool:
    """Whether there is a docstring that Python sees, and the linter is content with it."""
    is_content = all(each.linter != linter for each in judged.findings)
    return is_content and judged.placed is not None


def _is_typical(case: Case) -> bool:
    text, found = case.snapshot.text, case.documentable
    lines = text.count("\n", found.start, found.end) + 1
    return lines in _TYPICAL_LINES and len(found.parameters) in _TYPICAL_PARAMETERS


def _mean(values: Iterable[float]) -> float:
    """The mean; 0 of nothing."""
    return statistics.fmean([*values] or [0.0])


def _counts(codes: Iterable[str]) -> dict[str, int]:
    """How often each comes, the most frequent first."""
    return dict(Counter(codes).most_common())
