"""`codegen-lsp docstring PATH...`: docstrings written, mended or only looked at, without an editor.

What Ctrl-C leaves is whole: files written so far, or patches printed so far, count, and the next
run finds the rest.
"""

import argparse
import threading
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codegen_lsp.cli.arguments import positive

if TYPE_CHECKING:
    from codegen_lsp.cli.docstring_files import Target
    from codegen_lsp.cli.docstring_work import FileReport, Outcomes, Work
    from codegen_lsp.config import Settings
    from codegen_lsp.context.files import Rules
    from codegen_lsp.docstrings.words import Code, Wanted, Words
    from codegen_lsp.docstrings.writing import Writer

_DESCRIPTION = """\
Write the docstrings that are missing and mend those that disagree with their signature: structure
from the syntax tree, words from the model, what a person wrote kept. Prints a patch for `git apply`
unless told otherwise.
"""
_BAR_AFTER_S = 1.0
_FOUND = 1


def add_parser(subparsers: Any) -> None:
    """Add the `docstring` command to the `subparsers` of the main parser."""
    parser = subparsers.add_parser(
        "docstring", help="write or check docstrings", description=_DESCRIPTION
    )
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="a file, a folder (what Git ignores left out), or FILE:LINE for the definition there",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--missing", action="store_true", help="only where there is no docstring")
    which.add_argument("--stale", action="store_true", help="only docstrings that disagree")
    which.add_argument(
        "--all",
        action="store_true",
        help="both, which is the default, and what docstrings of prose alone do not tell",
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--diff", action="store_true", help="print a patch (default)")
    how.add_argument("--write", action="store_true", help="change the files")
    how.add_argument(
        "--check",
        action="store_true",
        help="only list what is missing or stale, and exit with status 1 if anything is; no model",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object instead")
    parser.add_argument(
        "--private", action="store_true", help="private definitions must have a docstring, too"
    )
    parser.add_argument(
        "--width",
        type=positive,
        default=88,
        metavar="N",
        help="longest line (default: %(default)s)",
    )
    parser.add_late_options = _add_late_options
    parser.set_defaults(run=run)


def _add_late_options(parser: argparse.ArgumentParser) -> None:
    from codegen_lsp.cli.setting_options import add_setting_options
    from codegen_lsp.config.schema import SETTINGS

    styles = SETTINGS["docstring_style"].choices
    parser.add_argument(
        "--style",
        choices=styles,
        default="auto",
        metavar="STYLE",
        help=f"of all docstrings: {', '.join(styles[1:])}"
        " (default: as the file, then the project, then the setting has it)",
    )
    add_setting_options(parser, ("docstring_style", "model", "precision", "decoder"))


def run(args: argparse.Namespace) -> int:
    """Carry out the `docstring` command; returns its exit status."""
    # This loads tree-sitter.
    from codegen_lsp.cli.docstring_files import targets
    from codegen_lsp.cli.docstring_output import note, print_findings, print_json, print_summary
    from codegen_lsp.cli.setting_options import settings_for
    from codegen_lsp.config import project_folder
    from codegen_lsp.context.files import Rules

    settings = settings_for(args, project_folder(Path.cwd()))
    rules = Rules(tuple(settings.denied_files))
    works = _survey(args, settings, list(targets(args.paths, rules, note)))
    if args.check:
        print_json(works, []) if args.json else print_findings(works)
        return _FOUND if works else 0
    reports: list[FileReport] = []
    try:
        _document(args, settings, rules, works, reports)
    finally:
        if reports or not works:  # an error before anything was done speaks for itself
            print_json(works, reports) if args.json else print_summary(reports)
    return _FOUND if any(each.problem for each in reports) else 0


def _survey(
    args: argparse.Namespace, settings: "Settings", found: "Sequence[Target]"
) -> "list[Work]":
    """What is to be done in each of the files that need something."""
    from codegen_lsp.cli.docstring_work import survey, work_at
    from codegen_lsp.cli.progress_bar import ProgressBar
    from codegen_lsp.docstrings.findings import Options
    from codegen_lsp.docstrings.usual import usual_or

    languages = {target.snapshot.language for target in found}
    usual = usual_or(settings.docstring_style, languages, {})
    options = Options(args.style, usual, is_complete=args.all, with_private=args.private)
    codes = {"missing": not args.stale, "stale": not args.missing}
    wanted = frozenset(code for code, is_wanted in codes.items() if is_wanted)
    works = []
    with ProgressBar(" files", _BAR_AFTER_S) as bar:
        bar.start("looking", len(found))
        for target in found:
            is_asked_for = target.line is not None and not args.check
            works.append(work_at(target) if is_asked_for else survey(target, options, wanted))
            bar.advance(1)
    return [work for work in works if work.findings]


def _document(
    args: argparse.Namespace,
    settings: "Settings",
    rules: "Rules",
    works: "Sequence[Work]",
    reports: "list[FileReport]",
) -> None:
    """Do the work; what came of each file is added to `reports`, and its patch printed."""
    from codegen_lsp.cli.docstring_output import print_patch
    from codegen_lsp.cli.docstring_work import document, finish
    from codegen_lsp.cli.progress_bar import ProgressBar
    from codegen_lsp.config import project_folder
    from codegen_lsp.docstrings.documenting import Documenter
    from codegen_lsp.docstrings.usual import usual_or, usual_styles

    if not works:
        return
    first = works[0].target.path
    languages = {work.target.snapshot.language for work in works}
    told = usual_styles(project_folder(first) or first.parent, languages, rules)
    usual = usual_or(settings.docstring_style, languages, told)
    documenter = Documenter(_words(settings), args.style, args.width, usual)

    def put(target: "Target", outcomes: "Outcomes") -> None:
        report = finish(target, outcomes, write=args.write)
        reports.append(report)
        if report.patch and not args.json:
            print_patch(report.patch)

    with ProgressBar(" docstrings") as bar:
        bar.start("docstrings", sum(len(work.findings) for work in works))
        for work in works:
            document(work, documenter, put, bar.advance)


def _words(settings: "Settings") -> "Callable[[Code, Wanted, threading.Event], Words]":
    """What writes the sentences; the model is loaded for the first."""

    @cache
    def writer() -> "Writer":
        from codegen_lsp.docstrings.writing import Writer
        from codegen_lsp.prompt.model import load_model

        return Writer(
            load_model(settings.model, precision=settings.precision, decoder=settings.decoder)
        )

    return lambda code, wanted, cancel: writer().words(code, wanted, cancel)
