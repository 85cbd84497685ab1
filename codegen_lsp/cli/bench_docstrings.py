"""`codegen-lsp bench docstrings`: docstrings of real functions, judged by linters."""

import argparse
import json
import random
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codegen_lsp.cli.arguments import positive
from codegen_lsp.cli.model_options import add_model_options
from codegen_lsp.errors import UsageError

if TYPE_CHECKING:
    from codegen_lsp.evaluate.docstring_bench import Way, Written
    from codegen_lsp.evaluate.docstring_cases import Case
    from codegen_lsp.evaluate.docstring_report import Judged, WayReport

_DESCRIPTION = """\
Take the docstrings of Python functions away, write them anew, and judge the new ones by Python's
parser, Ruff, pydoclint and likeness to the authors'. The last line printed is one JSON object.
"""


def add_parser(benches: Any) -> None:
    """Add `docstrings` to the `benches` of the `bench` parser."""
    parser = benches.add_parser(
        "docstrings", help="docstrings of real functions written anew", description=_DESCRIPTION
    )
    parser.add_argument("folders", type=Path, nargs="+", metavar="DIR", help="a project's folder")
    parser.add_argument("--json", action="store_true", help="print the JSON object only")
    parser.add_argument(
        "--functions", type=positive, default=200, metavar="N", help="in all (default: %(default)s)"
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="another seed, other functions"
    )
    parser.add_argument(
        "--style",
        choices=("google", "numpy", "sphinx", "plain"),
        default="google",
        help="of the docstrings (default: %(default)s)",
    )
    parser.add_argument(
        "--width",
        type=positive,
        default=88,
        metavar="N",
        help="longest line (default: %(default)s)",
    )
    parser.add_argument(
        "--free", action="store_true", help="ask the same model for whole docstrings too"
    )
    parser.add_argument(
        "--sample",
        type=positive,
        metavar="N",
        help="print N of the functions with what was written",
    )
    parser.add_argument(
        "--rows",
        type=Path,
        metavar="FILE.jsonl",
        help="keep what was written, and take from there what is known already",
    )
    add_model_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry out the `bench docstrings` command; returns its exit status."""
    # These load torch.
    from codegen_lsp.evaluate.docstring_cases import sample
    from codegen_lsp.evaluate.docstring_report import judge, report

    missing = next((each for each in args.folders if not each.is_dir()), None)
    if missing is not None:
        raise UsageError(f"{missing} is not a folder")
    cases = sample([each.resolve() for each in args.folders], args.functions, args.seed)
    ways: list[Way] = ["ours", "free"] if args.free else ["ours"]
    written = _written(args, cases, ways)
    reports = {}
    judged: dict[Way, list[Judged]] = {}
    for way in ways:
        pairs = [(case, written[case.id, way]) for case in cases]
        with tempfile.TemporaryDirectory() as folder:
            judged[way] = judge(pairs, args.style, Path(folder))
        reports[way] = report(judged[way])
    if not args.json:
        if args.sample:
            count = min(args.sample, len(cases))
            _show(judged, random.Random(args.seed).sample(range(len(cases)), count))
        print(_table(reports))
    figures = {way: each.as_json() for way, each in reports.items()}
    print(json.dumps(figures | {"style": args.style, "seed": args.seed}))
    return 0


def _written(
    args: argparse.Namespace, cases: "list[Case]", ways: "list[Way]"
) -> "dict[tuple[str, str], Written]":
    """What is written for each case in each way; what is new is kept as it comes."""
    from tqdm import tqdm

    from codegen_lsp.evaluate.docstring_bench import read_rows, row_of, write
    from codegen_lsp.prompt.model import load_model

    known = read_rows(args.rows, args.style) if args.rows else {}
    todo = [(case, way) for case in cases for way in ways if (case.id, way) not in known]
    if not todo:
        return known
    model = load_model(args.model, precision=args.precision, decoder=args.decoder)
    for each in tqdm(write(model, todo, args.style, args.width), total=len(todo), unit="docstring"):
        known[each.id, each.way] = each
        if args.rows:
            with args.rows.open("a", encoding="utf-8") as out:
                out.write(json.dumps(row_of(each)) + "\n")
    return known


def _show(judged: "dict[Way, list[Judged]]", numbers: list[int]) -> None:
    """Print the functions of these `numbers`: signature, what the author wrote, and each way."""
    for number in numbers:
        for way, its in judged.items():
            each = its[number]
            if way == "ours":
                print(f"## {each.case.id}\n\n{_source(each.case)}\n")
            written = each.placed.words if each.placed else each.written.draft.reason
            found = ", ".join(finding.code for finding in each.findings)
            print(f"--- {way}{f' ({found})' if found else ''}\n{written}\n")
        print(f"--- author\n{each.case.reference}\n")


def _source(case: "Case") -> str:
    return case.snapshot.text[case.documentable.start : case.documentable.end]


def _table(reports: "dict[Way, WayReport]") -> str:
    rows = {way: _rows(each) for way, each in reports.items()}
    head = "".join(f"{way:>12}" for way in rows)
    lines = [
        f"{name:<32}" + "".join(f"{its.get(name, ''):>12}" for its in rows.values())
        for name in dict.fromkeys(name for its in rows.values() for name in its)
    ]
    return "\n".join([f"{'':<32}{head}", *lines])


def _rows(report: "WayReport") -> dict[str, str]:
    typical = report.median_typical_s
    rows = {
        "functions": f"{report.functions}",
        "written": f"{report.written:.1%}",
        "  Ruff is content": f"{report.ruff_clean:.1%}",
        "  pydoclint is content": f"{report.pydoclint_clean:.1%}",
        "  with a sentence of our own": f"{report.replaced:.1%}",
        "changed code": f"{report.code_changed}",
        "chrF against the author's": f"{report.chrf:.1f}",
        "median": f"{report.median_s:.1f} s",
        "  15-25 lines, 2-4 parameters": "-" if typical is None else f"{typical:.1f} s",
        "p95": f"{report.p95_s:.1f} s",
        "times the prompt was read": f"{report.prompt_reads:.2f}",
    }
    rows |= {f"{code}": f"{count}" for code, count in report.codes.items()}
    return rows | {f"not written: {reason}": f"{n}" for reason, n in report.reasons.items()}
