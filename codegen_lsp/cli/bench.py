"""`codegen-lsp bench engine`: how fast the engine is on this machine."""

import argparse
import json
from typing import TYPE_CHECKING, Any

from codegen_lsp.cli.arguments import positive
from codegen_lsp.cli.model_options import add_model_options

if TYPE_CHECKING:
    from codegen_lsp.evaluate.engine_bench import EngineReport


def add_parser(subparsers: Any) -> None:
    """Add the `bench` command to the `subparsers` of the main parser."""
    parser = subparsers.add_parser("bench", help="measure speed")
    benches = parser.add_subparsers(dest="bench", required=True, metavar="BENCH")
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
    engine.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
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
        print(_table(report))
    print(json.dumps(report.as_json()))
    return 0


def _table(report: "EngineReport") -> str:
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
