"""`codegen-lsp context FILE:LINE:COL`: what a prompt would show of other files at a place."""

import argparse
import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codegen_lsp.cli.complete import read_place
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.errors import UsageError

if TYPE_CHECKING:
    from codegen_lsp.context.choosing import Choice
    from codegen_lsp.context.chosen import Piece

_PROJECT_FILES = (
    ".git",
    ".hg",
    "pyproject.toml",
    "setup.py",
    "package.json",
    "go.mod",
    "Cargo.toml",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "Gemfile",
    "composer.json",
    "CMakeLists.txt",
    "Package.swift",
)


def add_parser(subparsers: Any) -> None:
    """Add the `context` command to the `subparsers` of the main parser."""
    parser = subparsers.add_parser(
        "context",
        help="show what a prompt tells of other files",
        description="Print what a prompt would tell of the project's other files at a place."
        " The project's index is built or brought up to date first.",
    )
    parser.add_argument(
        "place",
        metavar="FILE:LINE[:COL]",
        help="both from 1; the cursor is before column COL, counted in characters,"
        " or at the end of the line",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object instead")
    parser.add_argument(
        "--root",
        type=Path,
        metavar="DIR",
        help="the project's folder; else the nearest one above FILE with .git, pyproject.toml,"
        " package.json or the like",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry out the `context` command; returns its exit status."""
    path, snapshot, offset = read_place(args.place, from_stdin=False)
    root = _root(path, args.root)

    # Everything from here on loads tree-sitter.
    from codegen_lsp.cli.progress_bar import IndexProgress
    from codegen_lsp.cli.setting_options import settings_for
    from codegen_lsp.config import project_folder
    from codegen_lsp.context.choosing import WorkspaceChooser
    from codegen_lsp.context.documents import is_denied_document
    from codegen_lsp.context.files import Rules
    from codegen_lsp.context.indexing import build
    from codegen_lsp.context.projects import why_no_project

    settings = settings_for(args, project_folder(path))
    rules = Rules(tuple(settings.denied_files))
    if is_denied_document(path, [root], rules.denied_files):
        raise UsageError(f"{path}: {Reason.DENIED_FILE.meaning}")
    why_not = why_no_project(root)
    if why_not is not None:
        raise UsageError(f"{why_not}; give the project's own folder with --root")
    with IndexProgress() as progress:
        if not build(root, rules, progress.report):
            print("codegen-lsp: another process is building the index", file=sys.stderr)
    chooser = WorkspaceChooser([root], rules)
    started = time.perf_counter()
    choice = chooser.consider(snapshot, offset, ())
    elapsed_ms = (time.perf_counter() - started) * 1000
    if args.json:
        print(json.dumps(_as_json(choice, root, elapsed_ms)))
    else:
        _show(choice, root, elapsed_ms)
    return 0


def _root(path: Path, given: Path | None) -> Path:
    """The project's folder.

    Raises:
        UsageError: `given` is no folder that holds `path`, or there is nothing above `path`.
    """
    if given is not None:
        root = Path(os.path.abspath(given))  # noqa: PTH100 - Path's does not take out ".."
        if not root.is_dir() or not path.is_relative_to(root):
            raise UsageError(f"{given} is not a folder that holds {path}: give another --root")
        return root
    for folder in path.parents:
        if any((folder / name).exists() for name in _PROJECT_FILES):
            return folder
    raise UsageError(f"no folder above {path} looks like a project's: give one with --root")


def _show(choice: "Choice", root: Path, elapsed_ms: float) -> None:
    context = choice.context
    for piece in reversed(context.pieces):
        head = f"{piece.path}  ({piece.source}, score {piece.score:.2f}, ~{_tokens(piece)} tokens)"
        print(f"{head}\n{'-' * len(head)}\n{piece.text}\n")
    for source in choice.slow:
        print(f"codegen-lsp: cut short, because it took too long: {source}", file=sys.stderr)
    total = sum(map(_tokens, context.pieces))
    said = context.reason or f"{len(context.pieces)} files, ~{total} tokens, the best first"
    print(f"{said}; chosen from {root} in {elapsed_ms:.0f} ms")


def _tokens(piece: "Piece") -> int:
    from codegen_lsp.context.choosing import CHARACTERS_PER_TOKEN

    return round((len(piece.path) + len(piece.text)) / CHARACTERS_PER_TOKEN)


def _as_json(choice: "Choice", root: Path, elapsed_ms: float) -> dict[str, object]:
    return {
        "root": str(root),
        "path": choice.context.path,
        "reason": choice.context.reason,
        "pieces": [
            asdict(piece) | {"estimated_tokens": _tokens(piece)} for piece in choice.context.pieces
        ],
        "slow": choice.slow,
        "milliseconds": round(elapsed_ms, 1),
    }
