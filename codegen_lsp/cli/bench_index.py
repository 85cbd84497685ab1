"""`codegen-lsp bench index`: how long the repository index takes to build and to ask."""

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from codegen_lsp.cli.arguments import positive

if TYPE_CHECKING:
    from codegen_lsp.context.indexing import BuildProgress
    from codegen_lsp.evaluate.index_bench import IndexReport


def add_parser(benches: Any) -> None:
    """Add the `index` bench to the `benches` of `codegen-lsp bench`."""
    parser = benches.add_parser(
        "index",
        help="building and asking the repository index",
        description="Make up a workspace, index it twice, and ask the index for what it holds.",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object instead")
    for name, default in (("files", 10_000), ("lines", 200)):
        parser.add_argument(
            f"--{name}",
            type=positive,
            default=default,
            metavar="N",
            help=f"{name} to make{' for each' if name == 'lines' else ''} (default: %(default)s)",
        )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry out the `bench index` command; returns its exit status."""
    from codegen_lsp.evaluate.index_bench import measure

    def say(words: str) -> None:
        print(f"{words} ...", file=sys.stderr, flush=True)

    def report(progress: "BuildProgress") -> None:
        if progress.to_do and progress.done % 1_000 == 0:
            say(f"  {progress.done} of {progress.to_do} files")

    measured = measure(args.files, args.lines, say, report)
    if not args.json:
        print(_table(measured))
    print(json.dumps(measured.as_json()))
    return 0


def _table(report: "IndexReport") -> str:
    rows = {
        "files": f"{report.files} of {report.lines} lines, {report.source_mb:.0f} MB",
        "symbols, chunks": f"{report.symbols}, {report.chunks}",
        "index": f"{report.index_mb:.0f} MB",
        "build": f"{report.build_s:.1f} s",
        "build without changes": f"{report.rebuild_s:.1f} s",
        "memory of the building process": f"{report.memory_mb:.0f} MB",
        "ten names, p50": f"{report.symbols_query.p50_ms:.1f} ms",
        "ten names, p95": f"{report.symbols_query.p95_ms:.1f} ms",
        "search, p50": f"{report.search_query.p50_ms:.1f} ms",
        "search, p95": f"{report.search_query.p95_ms:.1f} ms",
    }
    return "\n".join(f"{name:<32}{value}" for name, value in rows.items())
