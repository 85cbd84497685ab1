"""What `codegen-lsp docstring` finds and does, file by file; says nothing itself."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from codegen_lsp.cli.docstring_files import Target, patch_name
from codegen_lsp.cli.patch import patch_of
from codegen_lsp.cli.replacing_files import mark_of, replace_text
from codegen_lsp.docstrings.documenting import Documenter, Outcome
from codegen_lsp.docstrings.findings import Finding, Options, inspect
from codegen_lsp.docstrings.placing import applied, only_documentation_changes
from codegen_lsp.docstrings.reading import read
from codegen_lsp.docstrings.reasons import Reason
from codegen_lsp.errors import UsageError
from codegen_lsp.syntax.signatures.facts import Documentable

Outcomes = Sequence[tuple[Finding, Outcome]]
"""What has come of each finding of a file that was reached."""


@dataclass(frozen=True, slots=True)
class Work:
    """A file, and what is to be done in it, in its order."""

    target: Target
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class FileReport:
    """What was done in a file.

    Attributes:
        target: the file.
        outcomes: of each finding that was reached.
        patch: what would change, where nothing is written; else "".
        problem: why the file is left as it is in spite of them; "" where it is not.
    """

    target: Target
    outcomes: Outcomes
    patch: str = ""
    problem: str = ""


def survey(target: Target, options: Options, codes: frozenset[str]) -> Work:
    """What is wrong with the docstrings of `target`, as far as one of `codes` says so.

    Raises:
        UsageError: it asks for a line that no definition has.
    """
    found = [each for each in inspect(target.snapshot, options) if each.code in codes]
    if target.line is not None:
        wanted = _definition_at(target)
        found = [each for each in found if each.documentable == wanted]
    return Work(target, tuple(found))


def work_at(target: Target) -> Work:
    """The definition at the line that `target` asks for, whether anything is wrong with it or not.

    Raises:
        UsageError: no definition has that line.
    """
    documentable = _definition_at(target)
    line = target.snapshot.line_of(documentable.start) + 1
    if documentable.existing is None:
        return Work(target, (Finding(documentable, "missing", (), line),))
    return Work(target, (Finding(documentable, "stale", (), line),))


def document(
    work: Work,
    documenter: Documenter,
    put: Callable[[Target, Outcomes], object],
    advance: Callable[[int], object],
) -> None:
    """Document what `work` holds, and `put` what came of it, also where something breaks off.

    Raises:
        CodegenError: the model cannot be had, or fails.
    """
    outcomes: list[tuple[Finding, Outcome]] = []
    cancel = threading.Event()  # nobody sets it: Ctrl-C raises
    try:
        for finding in work.findings:
            outcome = documenter.document(work.target.snapshot, finding.documentable, cancel)
            outcomes.append((finding, outcome))
            advance(1)
    finally:
        if outcomes:
            put(work.target, outcomes)


def finish(target: Target, outcomes: Outcomes, *, write: bool) -> FileReport:
    """Put the edits of `outcomes` into the file, or into a patch.

    Raises:
        OSError: the disk takes no new file.
    """
    snapshot, given = target.snapshot, tuple(outcomes)
    edits = [outcome.edit for _, outcome in given if outcome.edit is not None]
    if not edits:
        return FileReport(target, given)
    # Each was checked alone; two at one place could still spoil each other.
    if not only_documentation_changes(snapshot.language, snapshot.text, edits):
        return FileReport(target, given, problem=Reason.CODE_CHANGED.meaning)
    before, after = snapshot.text, applied(snapshot.text, edits)
    mark = mark_of(target.path, before)
    try:
        if mark is None or (write and not replace_text(target.path, before, after)):
            return FileReport(target, given, problem="the file was changed meanwhile")
    except PermissionError as error:
        return FileReport(target, given, problem=f"it cannot be written: {error.strerror}")
    if write:
        return FileReport(target, given)
    return FileReport(target, given, patch_of(patch_name(target.path), mark + before, mark + after))


def _definition_at(target: Target) -> Documentable:
    """The innermost definition that has the line which `target` asks for."""
    snapshot, number = target.snapshot, (target.line or 1) - 1
    holding = [
        each
        for each in read(snapshot.language, snapshot.text).definitions
        if snapshot.line_of(each.first) <= number <= snapshot.line_of(each.end)
    ]
    if not holding:
        raise UsageError(f"{target.name}:{target.line} is in no definition that can be documented")
    return max(holding, key=lambda each: each.start)
