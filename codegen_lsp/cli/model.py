"""`codegen-lsp model list | pull | path | remove`."""

import argparse
import json
import sys
from typing import Any

from codegen_lsp.errors import DamagedModelError, UsageError
from codegen_lsp.models import catalogue, store

_INTERRUPTED = 130


def add_parser(subparsers: Any) -> None:
    """Add the `model` command to the `subparsers` of the main parser."""
    parser = subparsers.add_parser("model", help="list, fetch, locate and remove models")
    parser.set_defaults(run=run)
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="the models known by name, and their state")
    listing.add_argument("--json", action="store_true", help="print a JSON array instead")
    pulling = actions.add_parser("pull", help="fetch a model, or mend a damaged one")
    _add_name(pulling, optional=True)
    pulling.add_argument(
        "--source",
        metavar="SOURCES",
        help="where to look, in order, such as hub,mirror (default: the setting model_sources)",
    )
    _add_name(actions.add_parser("path", help="print the folder of a model"))
    _add_name(actions.add_parser("remove", help="delete a model from this machine"))


def run(args: argparse.Namespace) -> int:
    """Carry out the `model` command; returns its exit status."""
    actions = {"list": _list, "pull": _pull, "path": _path, "remove": _remove}
    return actions[args.action](args)


def _add_name(parser: argparse.ArgumentParser, *, optional: bool = False) -> None:
    parser.add_argument(
        "name",
        metavar="NAME",
        nargs="?" if optional else None,
        help="a name from `model list`, or a hub id (owner/name)"
        + (" (default: the setting model)" if optional else ""),
    )


def _list(args: argparse.Namespace) -> int:
    if args.json:
        print(json.dumps([_row(entry) for entry in catalogue.CATALOGUE], indent=2))
        return 0
    for entry in catalogue.CATALOGUE:
        size = f"{entry.size / 1e6:,.0f} MB"
        mark = "  (default)" if entry.name == catalogue.DEFAULT_MODEL else ""
        print(f"{entry.name:20} {size:>9}  {entry.licence:11} {_state(entry.name)}{mark}")
    return 0


def _row(entry: catalogue.CatalogueEntry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "size": entry.size,
        "licence": entry.licence,
        "state": _state(entry.name),
        "default": entry.name == catalogue.DEFAULT_MODEL,
    }


def _state(name: str) -> str:
    if not store.installed_folder(name).exists():
        return "not fetched"
    try:
        store.resolve(name)
    except DamagedModelError:
        return "damaged"
    return "installed"


def _pull(args: argparse.Namespace) -> int:
    from codegen_lsp.cli.progress_bar import ProgressBar
    from codegen_lsp.cli.setting_options import settings_for
    from codegen_lsp.models.fetch import parse_sources, pull  # loads torch

    settings = settings_for(args, None)
    name = args.name or settings.model
    sources = parse_sources(args.source or settings.model_sources)
    try:
        with ProgressBar() as progress:
            model = pull(name, sources, progress)
    except KeyboardInterrupt:
        print(
            "codegen-lsp: interrupted; what has arrived is kept, and"
            f" `codegen-lsp model pull {name}` goes on from there",
            file=sys.stderr,
        )
        return _INTERRUPTED
    print(f"{model.name} is ready in {model.folder}")
    return 0


def _path(args: argparse.Namespace) -> int:
    print(store.resolve(args.name).folder)
    return 0


def _remove(args: argparse.Namespace) -> int:
    if catalogue.find(args.name) is None:
        raise UsageError(
            f"{args.name} is not a model of the catalogue; models of the hub are removed with"
            " `hf cache rm`, folders by deleting them"
        )
    freed = store.remove(args.name, lambda remark: print(remark, file=sys.stderr))
    print(f"removed {args.name}: {freed / 1e6:,.0f} MB freed" if freed else "nothing to remove")
    return 0
