"""`codegen-lsp bench filters`: what judging a suggestion costs."""

import argparse
import json
from typing import TYPE_CHECKING, Any

from codegen_lsp.cli.arguments import positive

if TYPE_CHECKING:
    from codegen_lsp.evaluate.filters_bench import FiltersReport


def add_parser(benches: Any) -> None:
    """Add the `filters` bench to the `benches` of `codegen-lsp bench`."""
    parser = benches.add_parser(
        "filters",
        help="judging suggestions",
        description="Judge right and faulty suggestions at many places of a long Python file.",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object instead")
    for name, default, words in (
        ("lines", 5_000, "lines of the file"),
        ("suggestion-lines", 20, "lines of each suggestion"),
        ("places", 200, "places in the file"),
    ):
        parser.add_argument(
            f"--{name}",
            type=positive,
            default=default,
            metavar="N",
            help=f"{words} (default: %(default)s)",
        )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry out the `bench filters` command; returns its exit status."""
    from codegen_lsp.evaluate.filters_bench import measure

    measured = measure(args.lines, args.suggestion_lines, args.places)
    if not args.json:
        print(_table(measured))
    print(json.dumps(measured.as_json()))
    return 0


def _table(report: "FiltersReport") -> str:
    times = {"right": report.right, "faulty": report.faulty, "parsing the file": report.parse}
    rows = {
        "file": f"{report.file_lines} lines",
        "suggestions": f"{report.suggestion_lines} lines, {report.right.count} of each kind",
        **{
            f"{name}, p50 and p95": f"{taken.p50_ms:.1f} and {taken.p95_ms:.1f} ms"
            for name, taken in times.items()
        },
        "right ones changed": f"{report.right_changed}",
        "faulty ones unchanged": f"{report.faulty_unchanged}",
    }
    return "\n".join(f"{name:<32}{value}" for name, value in rows.items())
