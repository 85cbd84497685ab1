"""`codegen-lsp bench`: how fast the engine, the server and the index are on this machine."""

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from codegen_lsp.cli import (
    bench_confidence,
    bench_context,
    bench_docstrings,
    bench_filters,
    bench_growth,
    bench_index,
    bench_replay,
)
from codegen_lsp.cli.arguments import positive
from codegen_lsp.cli.model_options import add_model_options

if TYPE_CHECKING:
    from codegen_lsp.evaluate.engine_bench import EngineReport
    from codegen_lsp.evaluate.server_figures import ServerReport


def add_parser(subparsers: Any) -> None:
    """Add the `bench` command to the `subparsers` of the main parser."""
    parser = subparsers.add_parser("bench", help="measure speed")
    benches = parser.add_subparsers(dest="bench", required=True, metavar="BENCH")
    _add_engine(benches)
    _add_server(benches)
    bench_context.add_parser(benches)
    bench_confidence.add_parser(benches)
    bench_docstrings.add_parser(benches)
    bench_filters.add_parser(benches)
    bench_index.add_parser(benches)
    bench_replay.add_parser(benches)
    bench_growth.add_parser(benches)


def _add_engine(benches: Any) -> None:
    engine = benches.add_parser(
        "engine",
        help="prefill, decode and what bounds them",
        description="Measure prefill and decode against memory bandwidth and transformers in bf16.",
    )
    engine.add_argument("--json", action="store_true", help="print one JSON object instead")
    engine.add_argument(
        "--rounds", type=positive, default=5, metavar="N", help="medians of N rounds"
    )
    engine.add_argument(
        "--no-reference", action="store_true", help="leave out transformers: quicker, less memory"
    )
    add_model_options(engine)
    engine.set_defaults(run=run_engine)


def _add_server(benches: Any) -> None:
    server = benches.add_parser(
        "server",
        help="latency, memory and idle load of the language server",
        description="Start the language server with the real model and use it as an editor does.",
    )
    server.add_argument("--json", action="store_true", help="print one JSON object instead")
    server.add_argument(
        "--keystrokes",
        type=positive,
        default=10_000,
        metavar="N",
        help="keys typed while the memory is watched (default: %(default)s)",
    )
    server.set_defaults(run=run_server)


def run_server(args: argparse.Namespace) -> int:
    """Carry out the `bench server` command; returns its exit status."""
    # psutil and all that drives a server: no other command needs it.
    from codegen_lsp.evaluate.server_bench import measure

    def say(words: str) -> None:
        print(f"{words} ...", file=sys.stderr, flush=True)

    # -P: a pygls.py in the current folder, which may be anyone's project, is not run.
    command = [sys.executable, "-P", "-m", "codegen_lsp", "lsp"]
    report = measure(command, args.keystrokes, say)
    if not args.json:
        print(_server_table(report))
    print(json.dumps(report.as_json()))
    return 0


def _server_table(report: "ServerReport") -> str:
    typed, explained = report.typed_along, report.explain_while_generating
    rows = {
        "initialize": f"{report.initialize_ms:.0f} ms",
        "model ready": f"{report.model_ready_s:.1f} s",
        "server memory at initialize": f"{report.server_rss_at_initialize_mb:.0f} MB",
        "server memory": f"{report.server.rss_mb:.0f} MB",
        "worker memory": f"{report.worker.rss_mb:.0f} MB",
        "server CPU when idle": f"{report.server.idle_cpu_percent:.1f} %",
        "worker CPU when idle": f"{report.worker.idle_cpu_percent:.1f} %",
        "typed along, p50": f"{typed.p50_ms:.1f} ms",
        "typed along, p95": f"{typed.p95_ms:.1f} ms (of {typed.count})",
        "typed along, kept": f"{report.typed_along_kept_percent:.1f} %",
        "explain while generating, p50": f"{explained.p50_ms:.1f} ms",
        "explain while generating, p95": f"{explained.p95_ms:.1f} ms (of {explained.count})",
        "completions meanwhile": f"{report.generations}",
        "keystrokes": f"{report.keystrokes}",
        "server memory growth": f"{report.server_growth_percent:.1f} %",
        "worker memory growth": f"{report.worker_growth_percent:.1f} %",
        "requests unanswered": f"{report.unanswered}",
        "requests answered twice": f"{report.answered_twice}",
        "shutdown": f"{report.shutdown_s:.2f} s, exit status {report.exit_status}",
    }
    return "\n".join(f"{name:<32}{value}" for name, value in rows.items())


def run_engine(args: argparse.Namespace) -> int:
    """Carry out the `bench engine` command; returns its exit status."""
    # These load torch.
    from codegen_lsp.engine.decoder import Decoder
    from codegen_lsp.engine.load import load_engine
    from codegen_lsp.evaluate.engine_bench import measure
    from codegen_lsp.models.store import resolve

    folder = resolve(args.model).folder
    engine = load_engine(folder, precision=args.precision, decoder=args.decoder)

    def reference() -> Decoder:
        return load_engine(folder, precision="bf16", decoder="transformers").decoder

    report = measure(engine.decoder, None if args.no_reference else reference, args.rounds)
    if not args.json:
        print(_engine_table(report))
    print(json.dumps(report.as_json()))
    return 0


def _engine_table(report: "EngineReport") -> str:
    lines = [f"{'':<28}{'engine':>10}" + (f"{'transformers bf16':>20}" if report.reference else "")]
    reference = report.reference.rows() if report.reference else {}
    for name, value in report.engine.rows().items():
        other = f"{reference[name]:>20.1f}" if reference else ""
        lines.append(f"{name:<28}{value:>10.1f}{other}")
    lines += [
        f"{'weights read per token':<28}{report.weight_bytes_per_token / 1e6:>10.0f} MB",
        f"{'memory read bandwidth':<28}{report.read_bandwidth_gb_per_second:>10.1f} GB/s",
        f"{'decode / bandwidth floor':<28}{report.decode_to_bandwidth_floor:>10.2f}",
        f"{'peak memory':<28}{report.peak_memory_bytes / 1e6:>10.0f} MB",
    ]
    if report.prefill_speedup and report.decode_speedup:
        lines.append(
            f"against transformers bf16: prefill {report.prefill_speedup:.1f}x,"
            f" decode {report.decode_speedup:.1f}x as fast"
        )
    return "\n".join(lines)
