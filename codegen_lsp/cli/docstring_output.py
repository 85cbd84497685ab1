"""What `codegen-lsp docstring` prints: results on standard output, the rest on standard error."""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import nullcontext

from tqdm import tqdm

from codegen_lsp.cli.docstring_files import Target
from codegen_lsp.cli.docstring_work import FileReport, Work
from codegen_lsp.docstrings.findings import Finding
from codegen_lsp.syntax.signatures.facts import Documentable


def print_findings(works: Sequence[Work]) -> None:
    """One line for each thing that is wrong; what the output cannot encode is escaped."""
    encoding = sys.stdout.encoding
    for work in works:
        for each in work.findings:
            for message in each.messages:
                line = f"{_place(work.target, each)}: {message}"
                print(line.encode(encoding, "backslashreplace").decode(encoding))


def print_patch(patch: str) -> None:
    """Print `patch` as it is; on a terminal a progress bar makes room for it."""
    with tqdm.external_write_mode() if sys.stdout.isatty() else nullcontext():
        # Bytes, so that neither the locale nor the platform's line ends change the text.
        sys.stdout.buffer.write(patch.encode(errors="surrogateescape"))  # names may be no text
        sys.stdout.buffer.flush()


def print_summary(reports: Sequence[FileReport]) -> None:
    """Say what was left, and why; then all that was done, on one line."""
    for report in reports:
        for finding, outcome in report.outcomes:
            if outcome.reason is not None:
                detail = f" ({outcome.detail})" if outcome.detail else ""
                place = _place(report.target, finding)
                note(f"{place} is left: {outcome.reason.meaning}{detail}")
        if report.problem:
            note(f"{report.target.name} is left alone: {report.problem}")
    print(f"codegen-lsp: {summary(reports)}", file=sys.stderr)


def summary(reports: Sequence[FileReport]) -> str:
    """What was done, on one line."""
    kept = [
        finding.code
        for report in reports
        for finding, outcome in report.outcomes
        if outcome.edit is not None and not report.problem
    ]
    changed = [
        report
        for report in reports
        if not report.problem and any(outcome.edit for _, outcome in report.outcomes)
    ]
    parts = [
        f"{_counted(kept.count('missing'), 'docstring')} written",
        f"{kept.count('stale')} mended",
    ]
    left = Counter(reason for report in reports for reason in _reasons(report))
    if left:
        said = "; ".join(f"{reason}: {count}" for reason, count in left.most_common())
        parts.append(f"{left.total()} left ({said})")
    return ", ".join([*parts, _counted(len(changed), "file")])


def print_json(works: Sequence[Work], reports: Sequence[FileReport]) -> None:
    """One object: what was wrong in which file, and what has come of it."""
    files = [
        {"path": each.target.name, "patch": each.patch, "problem": each.problem} for each in reports
    ]
    findings = [
        _place_json(work.target, each) | {"code": each.code, "messages": each.messages}
        for work in works
        for each in work.findings
    ]
    outcomes = [
        _place_json(report.target, finding)
        | {
            "style": outcome.style,
            "docstring": outcome.text,
            "replaced": outcome.replaced,
            "reason": outcome.reason,
            "detail": outcome.detail,
        }
        for report in reports
        for finding, outcome in report.outcomes
    ]
    print(json.dumps({"files": files, "findings": findings, "outcomes": outcomes}))


def note(remark: str) -> None:
    """Say `remark` on standard error."""
    print(f"codegen-lsp: note: {remark}", file=sys.stderr)


def _reasons(report: FileReport) -> Iterator[str]:
    """Why definitions of a file are left as they are, one reason for each."""
    for _, outcome in report.outcomes:
        if outcome.reason is not None:
            yield outcome.reason.meaning
        elif report.problem:
            yield report.problem


def _place(target: Target, finding: Finding) -> str:
    return f"{target.name}:{finding.line}: {_name(finding.documentable)}"


def _place_json(target: Target, finding: Finding) -> dict[str, object]:
    return {"path": target.name, "line": finding.line, "name": _name(finding.documentable)}


def _name(documentable: Documentable) -> str:
    container = documentable.container
    return f"{container}.{documentable.name}" if container else documentable.name


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
