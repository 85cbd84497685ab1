"""`codegen-lsp stats`: how suggestions fared on this machine."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codegen_lsp.cli.arguments import positive
from codegen_lsp.errors import CodegenError, UsageError

if TYPE_CHECKING:
    from codegen_lsp.statistics.report import Report


def add_parser(subparsers: Any) -> None:
    """Add the `stats` command to the `subparsers` of the main parser."""
    parser = subparsers.add_parser(
        "stats",
        help="how suggestions fared: accepted, kept, rejected; why there were none",
        description="Show what was counted on this machine. It holds no code and no names of"
        " files, and is never sent anywhere.",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object instead")
    parser.add_argument("--html", metavar="FILE", help="write a page with plots to FILE instead")
    parser.add_argument("--days", metavar="N", type=positive, help="only the last N days")
    parser.add_argument("--delete", action="store_true", help="delete everything counted so far")
    parser.add_argument("--yes", action="store_true", help="delete without asking")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry out the `stats` command; returns its exit status."""
    if args.delete:
        if args.json or args.html or args.days:
            raise UsageError("--delete deletes everything: give it without other options but --yes")
        return _delete(is_sure=args.yes)
    return _show(args)


def _show(args: argparse.Namespace) -> int:
    from codegen_lsp.completion.reasons import Reason
    from codegen_lsp.statistics import page, words

    report = _report(args.days)
    meanings = {reason.value: reason.meaning for reason in Reason}
    if args.html:
        Path(args.html).write_text(page.as_html(report, meanings), encoding="utf-8")
        print(f"wrote {args.html}", file=sys.stderr)
    if args.json:
        print(json.dumps(words.as_json(report), indent=2))
    elif not args.html:
        is_empty = not (report.days or report.silences)
        print("nothing was counted yet" if is_empty else words.as_text(report, meanings))
    return 0


def _report(days: int | None) -> "Report":
    import sqlite3
    from datetime import date, timedelta

    from codegen_lsp.statistics import database
    from codegen_lsp.statistics.report import EMPTY, summarise

    file = database.database_file()
    if not file.exists():
        return EMPTY
    since = date.today() - timedelta(min(days, date.today().toordinal() - 1) - 1) if days else None
    try:
        with database.opened(file, create=False) as connection:
            return summarise(connection, since)
    except sqlite3.OperationalError as error:
        raise CodegenError(f"the statistics in {file} cannot be read now: {error}") from error
    except sqlite3.DatabaseError as error:
        raise CodegenError(
            f"the statistics in {file} cannot be read: {error};"
            " `codegen-lsp stats --delete` begins anew"
        ) from error


def _delete(*, is_sure: bool) -> int:
    from codegen_lsp.statistics import database

    file = database.database_file()
    if not file.exists():
        print("nothing to delete")
        return 0
    if not (is_sure or _agrees(file)):
        print("nothing was deleted", file=sys.stderr)
        return 1
    database.delete(file)
    print(f"deleted {file}")
    return 0


def _agrees(file: Path) -> bool:
    if not sys.stdin.isatty():
        raise UsageError("deleting has to be confirmed: add --yes")
    return input(f"Delete all statistics in {file}? [y/N] ").strip().lower() in ("y", "yes")
