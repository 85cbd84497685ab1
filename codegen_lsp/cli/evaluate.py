"""`codegen-lsp eval DATA.jsonl`: how often a model's completion is exactly what stood there."""

import argparse
import json
import sys
from contextlib import ExitStack
from dataclasses import asdict, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codegen_lsp.cli.arguments import positive
from codegen_lsp.cli.model_options import add_model_options
from codegen_lsp.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codegen_lsp.completion.pipeline import Inspect
    from codegen_lsp.completion.sticky import Choose
    from codegen_lsp.evaluate.cases import Case
    from codegen_lsp.evaluate.quality import Report


def add_parser(subparsers: Any) -> None:
    """Add the `eval` command to the `subparsers` of the main parser."""
    parser = subparsers.add_parser(
        "eval",
        help="measure completion on a file of cases",
        description="Complete each case of a file and compare with what stood there.",
    )
    parser.add_argument(
        "data",
        type=Path,
        metavar="DATA.jsonl",
        help="rows {id, language, prefix, suffix, middle}",
    )
    parser.add_argument("--limit", type=positive, metavar="N", help="only the first N cases")
    parser.add_argument(
        "--cursor",
        choices=("given", "random-in-line"),
        default="given",
        help="where the cursor stands: at the hole's start, or inside its first line",
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="for --cursor random-in-line"
    )
    parser.add_argument(
        "--windows",
        choices=("stepped", "fresh"),
        default="stepped",
        help="the prompt's window of the prefix: moving in steps, or placed freshly for each case",
    )
    parser.add_argument(
        "--filters",
        choices=("on", "off"),
        default="on",
        help="off: show whatever the model writes, to see what the filters are worth",
    )
    parser.add_argument(
        "--eagerness",
        choices=("quiet", "balanced", "eager"),
        default="balanced",
        help="how sure a suggestion must be to count as shown (default: %(default)s)",
    )
    _add_context(parser)
    parser.add_argument(
        "--predictions", type=Path, metavar="OUT.jsonl", help="write each prediction"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object instead")
    add_model_options(parser)
    parser.set_defaults(run=run)


def _add_context(parser: argparse.ArgumentParser) -> None:
    context = parser.add_mutually_exclusive_group()
    context.add_argument(
        "--repository",
        type=Path,
        metavar="DIR",
        help="the project that the rows' 'path' lies in: show the model what its other files say",
    )
    context.add_argument(
        "--row-context",
        action="store_true",
        help="show the model what the rows' 'crossfile_list' says of other files",
    )
    parser.add_argument(
        "--no-context",
        action="store_true",
        help="with --repository: the same rows without the other files, to compare",
    )


def run(args: argparse.Namespace) -> int:
    """Carry out the `eval` command; returns its exit status."""
    # These load torch.
    from tqdm import tqdm

    from codegen_lsp.completion.confidence import shipped
    from codegen_lsp.completion.options import CompletionOptions
    from codegen_lsp.completion.pipeline import DEFAULT_BUDGET, Completer
    from codegen_lsp.evaluate.cases import move_cursor_into_line, read_cases
    from codegen_lsp.evaluate.quality import predict, summarise
    from codegen_lsp.prompt.model import load_model

    skipped: list[str] = []

    def skip(message: str) -> None:
        skipped.append(message)
        print(f"codegen-lsp: warning: {message}", file=sys.stderr)

    if args.predictions and args.predictions.exists() and args.predictions.samefile(args.data):
        raise UsageError(f"--predictions {args.predictions} would overwrite the cases themselves")
    cases = list(islice(read_cases(args.data, skip), args.limit))
    if not cases:
        raise UsageError(
            f"{args.data} holds no case: each row is {{id, language, prefix, suffix, middle}}"
        )
    if args.cursor == "random-in-line":
        cases = [move_cursor_into_line(case, args.seed) for case in cases]
    choose, inspect = _project(args, cases)
    with ExitStack() as stack:
        out = stack.enter_context(_open(args.predictions)) if args.predictions else None
        model = load_model(args.model, precision=args.precision, decoder=args.decoder)
        is_fresh = args.windows == "fresh"
        budget = replace(DEFAULT_BUDGET, lines_per_step=1) if is_fresh else DEFAULT_BUDGET
        has_filters = args.filters == "on"
        completer = Completer(model, budget, choose, inspect=inspect, filters=has_filters)
        threshold = shipped().thresholds[args.eagerness] if has_filters else 0.0
        if out:
            out.truncate(0)  # not before the model is there to replace what was predicted
        predictions = []
        for prediction in tqdm(
            predict(completer, cases, CompletionOptions(), args.repository, threshold),
            total=len(cases),
            unit="case",
        ):
            predictions.append(prediction)
            if out:
                out.write(json.dumps(asdict(prediction)) + "\n")
    report = summarise(predictions, len(skipped))
    print(json.dumps(report.as_json()) if args.json else _table(report))
    return 0


def _project(args: argparse.Namespace, cases: "Sequence[Case]") -> "tuple[Choose | None, Inspect]":
    """What shows the model other files and knows their names, as the arguments want it."""
    from codegen_lsp.context.unknown_names import unknown_names
    from codegen_lsp.evaluate.case_context import Repository, of_rows

    if args.no_context and args.repository is None:
        raise UsageError("--no-context compares with --repository: name the project")
    if args.repository is not None and not args.repository.is_dir():
        raise UsageError(f"--repository {args.repository}: there is no such folder")
    if args.repository is not None and not any(case.path for case in cases):
        raise UsageError(f"no row of {args.data} says under 'path' where its text is from")
    if args.row_context:
        return of_rows(cases), unknown_names
    if args.repository is None or args.no_context:
        return None, unknown_names
    project = Repository(args.repository)
    return project.choose, project.inspect


def _open(path: Path) -> Any:
    try:
        return path.open("a", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error


def _table(report: "Report") -> str:
    exact, similarity = report.exact_match_interval, report.edit_similarity_interval
    rows = {
        "cases": report.cases,
        "rows skipped": report.skipped_rows,
        "exact match, first line": f"{report.exact_match:.3f} ({exact[0]:.3f} to {exact[1]:.3f})",
        "edit similarity": f"{report.edit_similarity:.1f}"
        f" ({similarity[0]:.1f} to {similarity[1]:.1f})",
        "shown": f"{report.shown_rate:.3f}",
        "  first line right": _optional(report.exact_match_of_shown, 3),
        "  all of it right": _optional(report.right_of_shown, 3),
        "characters saved": report.characters_saved,
        "new syntax errors": f"{_optional(report.syntax_errors_per_100, 2)} of 100 shown",
        "median": f"{report.median_ms:.0f} ms",
        "p95": f"{report.p95_ms:.0f} ms",
    }
    most_first = sorted(report.silences.items(), key=lambda item: (-item[1], item[0]))
    rows |= {f"silent: {reason}": count for reason, count in most_first}
    return "\n".join(f"{name:<32}{value}" for name, value in rows.items())


def _optional(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
