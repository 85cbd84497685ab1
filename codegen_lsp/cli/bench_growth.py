"""`codegen-lsp bench growth`: what a keystroke costs in a long file, and the cache's memory."""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from codegen_lsp.cli.arguments import positive
from codegen_lsp.errors import UsageError

if TYPE_CHECKING:
    from codegen_lsp.evaluate.growth_report import GrowthReport

# -P: a pygls.py in the current folder, which may be anyone's project, is not run.
SERVER = [sys.executable, "-P", "-m", "codegen_lsp", "lsp"]
_DESCRIPTION = """\
Type the same keys into made-up files of several lengths, in turns, near the end of each, and
compare the times to an answer; then ask at many places, and see what memory that takes. It starts
the real language server with the real model. The last line printed is one JSON object.
"""
_KINDS = {"model": "by the model", "without_model": "without the model"}
_ROWS = {
    "first_ms": "first request, ms",
    "prefilled_p50": "tokens read for a key of the model, p50",
    "generated_p50": "tokens written",
}
_PARTS = {
    "context": "making its prompt, p50, ms",
    "prefill": "reading it",
    "decode": "writing",
    "rest": "all else",
}


def add_parser(benches: Any) -> None:
    """Add `growth` to the `benches` of the `bench` parser."""
    growth = benches.add_parser(
        "growth",
        help="time per keystroke and memory in long files",
        description=_DESCRIPTION,
    )
    growth.add_argument("--json", action="store_true", help="print the JSON object only")
    growth.add_argument(
        "--lines",
        type=_lengths,
        default="200,20000",
        metavar="N,N...",
        help="lengths of the files (default: %(default)s)",
    )
    growth.add_argument(
        "--keys",
        type=positive,
        default=60,
        metavar="N",
        help="for each file (default: %(default)s)",
    )
    growth.add_argument(
        "--jumps",
        type=positive,
        default=40,
        metavar="N",
        help="places to ask at while memory is watched (default: %(default)s)",
    )
    growth.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry out the `bench growth` command; returns its exit status."""
    # psutil, torch (which the cache needs) and all that drives a server.
    from tqdm import tqdm

    from codegen_lsp.evaluate.growth_bench import measure, requests
    from codegen_lsp.evaluate.growth_code import FEWEST_LINES

    if args.lines[0] < FEWEST_LINES:
        raise UsageError(f"--lines {args.lines[0]}: a file needs {FEWEST_LINES} lines or more")
    total = requests(args.lines, args.keys, args.jumps)
    with tqdm(total=total, unit="request") as bar:
        report = measure(SERVER, args.lines, args.keys, args.jumps, bar.update)
    if not args.json:
        print(table(report))
    print(json.dumps(report.as_json()))
    return 0


def table(report: "GrowthReport") -> str:
    """The figures for people: one column for each file, then what is of all of them."""
    sizes = report.sizes.values()
    lines = [_row("", [f"{lines:,} lines" for lines in report.sizes])]
    for kind, title in _KINDS.items():
        lines.append(_row(f"keys answered {title}", [each[kind]["count"] for each in sizes]))
        for percent in ("p50", "p95"):
            times = [_number(each[kind][f"{percent}_ms"]) for each in sizes]
            lines.append(_row(f"  {percent}, ms", times))
    lines += [_row(title, [_number(each[key]) for each in sizes]) for key, title in _ROWS.items()]
    for part, title in _PARTS.items():
        lines.append(_row(title, [_number(each["parts_p50_ms"][part]) for each in sizes]))
    lines += [_row(title, [value]) for title, value in _totals(report).items()]
    return "\n".join(lines)


def _totals(report: "GrowthReport") -> dict[str, str]:
    verdict = "within" if report.cache_within_budget else "ABOVE"
    return {
        "growth, p50": f"{report.growth_p50:.2f}",
        "growth, p95": f"{report.growth_p95:.2f}",
        "places asked at": f"{report.jumps} ({report.jumps_by_model} by the model)",
        "worker memory before": f"{report.worker_mb:.0f} MB",
        "  grown by at most": f"{report.worker_growth_mb:.0f} MB",
        "KV cache, at most": f"{report.cache_mb:.0f} MB",
        "  its budget": f"{report.cache_budget_mb:.0f} MB: {verdict}",
    }


def _row(title: str, cells: Sequence[object]) -> str:
    return f"{title:<36}" + "".join(f"{cell:>16}" for cell in cells)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def _lengths(text: str) -> list[int]:
    """Two or more different lengths, the shortest first; an `argparse` type."""
    numbers = {positive(each.strip()) for each in text.split(",")}
    if len(numbers) < 2:
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is not several different lengths")
    return sorted(numbers)
