"""`codegen-lsp config [FOLDER]`: every setting, its value and where that comes from."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from codegen_lsp.errors import UsageError


def add_parser(subparsers: Any) -> None:
    """Add the `config` command to the `subparsers` of the main parser."""
    parser = subparsers.add_parser(
        "config",
        help="show the settings and where each comes from",
        description="Show every setting, its value, and where the value comes from.",
    )
    parser.add_argument(
        "folder",
        metavar="FOLDER",
        nargs="?",
        default=".",
        help="a folder of the project whose settings are asked for (default: this one)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object instead")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry out the `config` command; returns its exit status."""
    from codegen_lsp.cli.setting_options import warn
    from codegen_lsp.config import describe, project_folder, resolve

    folder = Path(args.folder)
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder")
    resolved = resolve(project_folder(folder), environ=os.environ)
    if args.json:
        print(json.dumps(describe.as_json(resolved), indent=2))
    else:
        # A value or the name of a file may hold characters that the terminal does not have.
        encoding = sys.stdout.encoding
        print(describe.as_text(resolved).encode(encoding, "backslashreplace").decode(encoding))
    warn(resolved.problems)
    return 0
