"""`codegen-lsp bench context`: what the project's other files are worth."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codegen_lsp.cli.arguments import positive
from codegen_lsp.cli.model_options import add_model_options
from codegen_lsp.errors import UsageError

if TYPE_CHECKING:
    from codegen_lsp.evaluate.context_bench import ContextReport

_DESCRIPTION = """\
Cut holes into real Python projects where the hidden text uses a name that another file of the
project defines, and complete each with and without the project's other files. The gain has a 95 %
interval, by a bootstrap over files. The last line printed is one JSON object.
"""


def add_parser(benches: Any) -> None:
    """Add `context` to the `benches` of the `bench` parser."""
    context = benches.add_parser(
        "context", help="exact matches with and without other files", description=_DESCRIPTION
    )
    context.add_argument("folders", type=Path, nargs="+", metavar="DIR", help="a project's folder")
    context.add_argument("--json", action="store_true", help="print the JSON object only")
    context.add_argument(
        "--holes", type=positive, default=200, metavar="N", help="in all (default: %(default)s)"
    )
    context.add_argument(
        "--seed", type=int, default=0, metavar="N", help="another seed, other holes"
    )
    context.add_argument(
        "--predictions", type=Path, metavar="OUT.jsonl", help="write each prediction"
    )
    add_model_options(context)
    context.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry out the `bench context` command; returns its exit status."""
    # These load torch.
    from tqdm import tqdm

    from codegen_lsp.evaluate.context_bench import compare, cut_holes, report
    from codegen_lsp.prompt.model import load_model

    missing = next((each for each in args.folders if not each.is_dir()), None)
    if missing is not None:
        raise UsageError(f"{missing} is not a folder")
    cases = cut_holes([each.resolve() for each in args.folders], args.holes, args.seed)
    model = load_model(args.model, precision=args.precision, decoder=args.decoder)
    with tqdm(total=sum(map(len, cases.values())), unit="hole") as bar:
        compared = list(compare(model, cases, bar.update))
    if args.predictions:
        rows = "".join(json.dumps(asdict(each)) + "\n" for each in compared)
        args.predictions.write_text(rows, encoding="utf-8")
    found = report(compared)
    if not args.json:
        print(_table(found))
    print(json.dumps(found.as_json() | {"seed": args.seed}))
    return 0


def _table(report: "ContextReport") -> str:
    gain = report.gain
    rows = {
        "holes": f"{report.cases}",
        "exact match without": f"{report.exact_match_without:.3f}",
        "exact match with": f"{report.exact_match_with:.3f}",
        "  gain": f"{gain.mean:+.3f} ({gain.low:+.3f} to {gain.high:+.3f})",
        "edit similarity without": f"{report.edit_similarity_without:.1f}",
        "edit similarity with": f"{report.edit_similarity_with:.1f}",
        "median without": f"{report.median_ms_without:.0f} ms",
        "median with": f"{report.median_ms_with:.0f} ms",
    }
    rows |= {
        folder: f"{plain:.3f} -> {informed:.3f}"
        for folder, (plain, informed) in report.by_folder.items()
    }
    return "\n".join(f"{name:<28}{value}" for name, value in rows.items())
