"""`codegen-lsp bench replay`: type real files into the real server and see what that saves."""

import argparse
import importlib.util
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace as with_changes
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codegen_lsp.cli.arguments import positive
from codegen_lsp.errors import UsageError

if TYPE_CHECKING:
    from codegen_lsp.evaluate.replay import Plan
    from codegen_lsp.evaluate.replay_text import Piece, Source

SERVER = [sys.executable, "-m", "codegen_lsp", "lsp"]
_TYPIST_MS = 200
_NO_LIMIT = 1_000_000
_DESCRIPTION = """\
Type blocks of real files into the real language server, one key after the other. The text still to
be typed is hidden. A suggestion is accepted if the whole of it is what comes next, and then costs
one key. The last line printed is one JSON object.

The workspace holds the files of DIR that no block is typed of, for context; with FILE there are
none.

At a pace, as for a person, a request that is not answered when the next key comes is taken back: it
counts as cancelled and has no time. With --typist-ms 0 each key waits for the answer to the one
before, so that every keystroke is measured by itself; the server then runs without debounce.
"""
_PEER = """\
comparing with llama.cpp:
  --peer-infill sends the same keystrokes, in turns, to a llama-server's /infill as llama.vim does
  (256 lines above the cursor, 64 below, prompt cache on, greedy), 16 tokens at most on both sides
  unless --max-new-tokens says otherwise. Ratios above 1 mean that codegen-lsp is faster; they are
  over the keystrokes that its model answered. Start the peer anew before each run, with the same
  weights, for the default model the file qwen2.5-coder-0.5b-instruct-q4_k_m.gguf of the hub's
  Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF:
    llama-server -m FILE.gguf -c 8192 -np 1 --port 8012
    codegen-lsp bench replay DIR --peer-infill http://127.0.0.1:8012
  Build it on the machine itself: packages of it leave out AVX-512 and are much slower. For a first
  look there is one on PyPI, to be installed into an environment of its own (see
  tests/peer/llama_server.py).
"""


_LATENCIES = {
    "typed_along": "typed along",
    "same_line": "same line",
    "after_accept": "after accept",
    "new_line": "new line",
    "jump": "jump",
    "model": "all that the model answered",
    "peer": "the peer, to the same",
}
_ROWS = {
    "first_ms": ("first request, ms", 0),
    "without_model_share": ("answered without the model", 3),
    "prefilled_per_request": ("tokens prefilled per request", 1),
    "generated_per_request": ("tokens generated per request", 1),
    "kv_hit_rate": ("KV hit rate", 3),
    "draft_acceptance_rate": ("draft acceptance rate", 3),
    "plain_keys": ("keys without help", 0),
    "keys": ("keys", 0),
    "saved_ratio": ("keystrokes saved", 3),
    "saved_ratio_with_words_and_lines": ("  with words and lines accepted", 3),
    "shown": ("shown", 0),
    "accepted": ("accepted", 0),
    "wrong_shown_share": ("wrong, of those shown", 3),
    "empty": ("silent", 0),
    "late": ("late", 0),
    "cancelled": ("cancelled", 0),
    "exact_match": ("line right, first request in it", 3),
    "peer_exact_match": ("  the peer's", 3),
    "cpu_s_per_100_keys": ("CPU seconds per 100 keys", 1),
    "ratio_p50": ("peer's time / ours, p50", 2),
    "ratio_p95": ("peer's time / ours, p95", 2),
    "ratio_first": ("peer's time / ours, first", 2),
}


def add_parser(benches: Any) -> None:
    """Add `replay` to the `benches` of the `bench` parser."""
    replay = benches.add_parser(
        "replay",
        help="type real files into the language server",
        description=_DESCRIPTION,
        epilog=_PEER,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    replay.add_argument("path", type=Path, metavar="FILE|DIR", help="what to type blocks of")
    replay.add_argument("--json", action="store_true", help="print the JSON object only")
    replay.add_argument(
        "--limit", type=positive, default=10, metavar="N", help="blocks (default: %(default)s)"
    )
    replay.add_argument(
        "--keys", type=positive, default=_NO_LIMIT, metavar="N", help="at most N keys of a block"
    )
    replay.add_argument(
        "--condition",
        choices=("suffix", "no-suffix", "both"),
        default="both",
        help="whether what is below the block is in the buffer (default: %(default)s)",
    )
    replay.add_argument(
        "--typist-ms",
        type=_milliseconds,
        metavar="MS",
        help=f"from key to key (default: {_TYPIST_MS}, with --peer-infill 0); 0 awaits the answer",
    )
    replay.add_argument(
        "--max-new-tokens", type=positive, metavar="N", help="longest suggestion, in tokens"
    )
    replay.add_argument(
        "--no-context", action="store_true", help="show the model nothing of DIR's other files"
    )
    replay.add_argument("--peer-infill", metavar="URL", help="a llama-server to compare with")
    replay.add_argument(
        "--plot", type=Path, metavar="FILE.png", help="draw the latencies; needs the extra 'plot'"
    )
    replay.add_argument(
        "--seed", type=int, default=0, metavar="N", help="another seed, other blocks"
    )
    replay.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry out the `bench replay` command; returns its exit status."""
    _check_plot(args.plot)
    plan = _plan(args)
    # psutil, requests and all that drives a server: no other command needs them.
    from tqdm import tqdm

    from codegen_lsp.evaluate.replay import replay
    from codegen_lsp.evaluate.replay_report import report, times_by_kind
    from codegen_lsp.evaluate.replay_text import choose, read_sources

    sources = read_sources(args.path)
    pieces = choose(sources, args.limit, args.seed)
    if not args.no_context and args.path.is_dir():
        plan = with_changes(plan, project=_project(args.path), others=_others(sources, pieces))
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    typed = list(
        tqdm(replay(SERVER, pieces, plan), total=len(pieces) * len(plan.conditions), unit="block")
    )
    figures = _circumstances(plan, args.seed, load) | report(typed)
    if args.plot:
        from codegen_lsp.evaluate.replay_plot import plot

        plot(times_by_kind(typed), args.plot)
    if not args.json:
        print(table(figures))
    print(json.dumps(figures))
    return 0


def table(figures: dict[str, Any]) -> str:
    """The figures for people: one column for all of it, one for each condition."""
    columns = {"all": figures} | figures["conditions"]
    peer = {} if "peer" not in figures else {"peer": figures["peer"]}
    lines = [f"{'time to suggestion, ms':<34}{'count':>7}{'p50':>9}{'p75':>9}{'p95':>9}"]
    for name, row in (figures["time_to_suggestion"] | peer).items():
        cells = "".join(f"{_number(row[f'p{each}_ms'], 1):>9}" for each in (50, 75, 95))
        lines.append(f"{_LATENCIES[name]:<34}{row['count']:>7}{cells}")
    lines += ["", f"{'':<34}" + "".join(f"{name:>12}" for name in columns)]
    for key, (title, digits) in _ROWS.items():
        if key in figures:
            values = (_number(each.get(key), digits) for each in columns.values())
            lines.append(f"{title:<34}" + "".join(f"{value:>12}" for value in values))
    return "\n".join(lines)


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _check_plot(path: Path | None) -> None:
    """Complain of a plot that cannot be drawn before, not after, minutes of typing."""
    if path is None:
        return
    if importlib.util.find_spec("matplotlib") is None:
        raise UsageError("--plot needs matplotlib: pip install 'codegen-lsp[plot]'")
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise UsageError(f"--plot {path}: no file can be written there")


def _plan(args: argparse.Namespace) -> "Plan":
    from codegen_lsp.evaluate.replay import PEER_MAX_NEW_TOKENS, Plan

    if args.peer_infill and args.typist_ms:
        raise UsageError("--peer-infill needs --typist-ms 0: no server is timed beside the other")
    pace = 0 if args.peer_infill else _TYPIST_MS
    return Plan(
        conditions=("suffix", "no-suffix") if args.condition == "both" else (args.condition,),
        typist_ms=pace if args.typist_ms is None else args.typist_ms,
        most_keys=args.keys,
        max_new_tokens=args.max_new_tokens or (PEER_MAX_NEW_TOKENS if args.peer_infill else None),
        peer_url=args.peer_infill,
    )


def _project(path: Path) -> str:
    """Name of the folder that is `path`, or holds it."""
    path = path.resolve()
    return path.name if path.is_dir() else path.parent.name


def _others(sources: "Sequence[Source]", pieces: "Sequence[Piece]") -> "tuple[Source, ...]":
    """The files that nothing is typed of: the others say what comes next."""
    typed = {piece.source.name for piece in pieces}
    return tuple(source for source in sources if source.name not in typed)


def _circumstances(plan: "Plan", seed: int, load: float | None) -> dict[str, object]:
    return {
        "seed": seed,
        "typist_ms": plan.typist_ms,
        "max_new_tokens": plan.max_new_tokens,
        "context_files": None if plan.others is None else len(plan.others),
        "load_average_before": load,
        "processors": os.cpu_count(),
    }


def _milliseconds(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is not a number of milliseconds")
    return int(text)
