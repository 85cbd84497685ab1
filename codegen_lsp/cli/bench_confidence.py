"""`codegen-lsp bench confidence`: fits and judges the model behind `eagerness`."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codegen_lsp.cli.arguments import positive
from codegen_lsp.cli.model_options import add_model_options
from codegen_lsp.errors import UsageError

if TYPE_CHECKING:
    from codegen_lsp.evaluate.confidence_bench import ConfidenceReport
    from codegen_lsp.evaluate.confidence_fit import Judged

_DESCRIPTION = """\
Complete at random places of real projects, with and without filters, and see how well the
confidence of each suggestion tells whether it is what came next. With --train a model is fitted to
those projects first, and the others judge it; without, they judge the one that is in use. The last
line printed is one JSON object.
"""


def add_parser(benches: Any) -> None:
    """Add `confidence` to the `benches` of the `bench` parser."""
    parser = benches.add_parser(
        "confidence", help="how well confidence tells what is right", description=_DESCRIPTION
    )
    parser.add_argument("folders", type=Path, nargs="+", metavar="DIR", help="a project's folder")
    parser.add_argument("--json", action="store_true", help="print the JSON object only")
    parser.add_argument(
        "--train", type=Path, action="append", default=[], metavar="DIR", help="fit to this project"
    )
    parser.add_argument("--write", type=Path, metavar="FILE.json", help="write the fitted model")
    parser.add_argument(
        "--places",
        type=positive,
        default=150,
        metavar="N",
        help="in each project (default: %(default)s)",
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="another seed, other places"
    )
    parser.add_argument(
        "--rows",
        type=Path,
        metavar="FILE.jsonl",
        help="keep what was suggested, and take from there what is known already",
    )
    add_model_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry out the `bench confidence` command; returns its exit status."""
    # NumPy, and torch further below.
    from codegen_lsp.completion.confidence import shipped
    from codegen_lsp.evaluate.confidence_bench import report
    from codegen_lsp.evaluate.confidence_fit import as_json, fit, suggested

    missing = next((each for each in [*args.folders, *args.train] if not each.is_dir()), None)
    if missing is not None:
        raise UsageError(f"{missing} is not a folder")
    if args.write and not args.train:
        raise UsageError("--write writes a fitted model: name projects to fit it to with --train")
    rows = _rows(args)
    training = [row for folder in args.train for row in rows[folder]]
    held_out = [row for folder in args.folders for row in rows[folder]]
    if not suggested(held_out) or (args.train and not suggested(training)):
        raise UsageError("nothing was suggested there: take more places")
    try:
        model = fit(training) if args.train else shipped()
    except ValueError as error:
        raise UsageError(str(error)) from error
    if args.write:
        about = {
            "projects": [folder.resolve().name for folder in args.train],
            "suggestions": len(suggested(training)),
            "seed": args.seed,
        }
        args.write.write_text(json.dumps(as_json(model, about), indent=2) + "\n", encoding="utf-8")
    found = report(model, held_out)
    if not args.json:
        print(_table(found))
    print(json.dumps(found.as_json() | {"seed": args.seed}))
    return 0


def _rows(args: argparse.Namespace) -> "dict[Path, list[Judged]]":
    """What is suggested at the places of each folder."""
    from tqdm import tqdm

    from codegen_lsp.evaluate.confidence_bench import judge, read_rows, row_of
    from codegen_lsp.evaluate.places import cut_places
    from codegen_lsp.evaluate.replay_text import read_sources
    from codegen_lsp.prompt.model import load_model

    folders = list(dict.fromkeys([*args.train, *args.folders]))
    cases = {folder: cut_places(read_sources(folder), args.places, args.seed) for folder in folders}
    known = read_rows(args.rows) if args.rows else {}
    model = load_model(args.model, precision=args.precision, decoder=args.decoder)
    found: dict[Path, list[Judged]] = {}
    with tqdm(total=sum(map(len, cases.values())), unit="place") as bar:
        for folder, its in cases.items():
            name = folder.resolve().name
            here = {case.id: known[name, case.id] for case in its if (name, case.id) in known}
            bar.update(len(here))
            missing = [case for case in its if case.id not in here]
            for id_, judged in judge(model, folder.resolve(), missing, bar.update):
                here[id_] = judged
                if args.rows:
                    with args.rows.open("a", encoding="utf-8") as out:
                        out.write(json.dumps(row_of(name, id_, judged)) + "\n")
            found[folder] = list(here.values())
    return found


def _table(report: "ConfidenceReport") -> str:
    lines = [
        f"{'places':<24}{report.places}",
        f"{'suggestions':<24}{report.suggestions}",
        f"{'right':<24}{report.right:.3f}",
        f"{'right, unfiltered':<24}{report.unfiltered_right:.3f}",
        f"{'calibration error':<24}{report.calibration_error:.3f}",
        "",
        f"{'eagerness':<12}{'threshold':>10}{'shown':>8}{'right':>8}{'lift':>8}{'saved':>8}"
        f"{'errors':>8}{'repeats':>8}",
    ]
    lines += [
        f"{name:<12}{each.threshold:>10.3f}{each.shown:>8}{each.precision:>8.3f}{each.lift:>8.3f}"
        f"{each.saved:>8.3f}{each.adding_errors:>8}{each.repeating:>8}"
        for name, each in report.thresholds.items()
    ]
    return "\n".join(lines)
