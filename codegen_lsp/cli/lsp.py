"""`codegen-lsp lsp`: the language server."""

import argparse
import logging
import os
import sys
from functools import partial
from pathlib import Path
from typing import IO, Any

from codegen_lsp.errors import UsageError

_LEVELS = (logging.WARNING, logging.INFO, logging.DEBUG)
_LOOPBACK = "127.0.0.1"


def add_parser(subparsers: Any) -> None:
    """Add the `lsp` command to the `subparsers` of the main parser."""
    parser = subparsers.add_parser(
        "lsp",
        help="run the language server",
        description="Serve one editor: over stdin and stdout, or over TCP.",
    )
    parser.add_argument(
        "--stdio", action="store_true", help="stdin and stdout, which is the default anyway"
    )
    parser.add_argument(
        "--tcp",
        metavar="[HOST:]PORT",
        help="wait for the editor to connect; on this machine only, unless HOST says otherwise",
    )
    parser.add_argument("--log-file", metavar="FILE", help="append the log to FILE, not to stderr")
    parser.add_argument(
        "-v",
        "--verbose",
        action="count",
        default=0,
        help="say more in the log; twice: everything, the code being edited included",
    )
    parser.add_late_options = _add_settings
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry out the `lsp` command; returns its exit status."""
    import asyncio

    from codegen_lsp.cli.logs import start_logging
    from codegen_lsp.cli.setting_options import command_line
    from codegen_lsp.server import transport
    from codegen_lsp.server.run import serve
    from codegen_lsp.worker.client import DEFAULT_COMMAND

    if args.tcp is not None and args.stdio:
        raise UsageError("give --stdio or --tcp, not both")
    settings = command_line(args)
    level = _LEVELS[min(args.verbose, len(_LEVELS) - 1)]
    log = _open(args.log_file)
    stop_logging = start_logging(partial(os.write, log.fileno()), level)
    # pygls logs every message, with the code being edited in it, from INFO on.
    libraries = logging.DEBUG if level == logging.DEBUG else logging.CRITICAL
    logging.getLogger("pygls").setLevel(libraries)
    if args.tcp is not None:
        listener = transport.listen(*_address(args.tcp))
        host, port = listener.getsockname()[:2]
        print(f"codegen-lsp: listening on {host}:{port}", file=sys.stderr, flush=True)
        connection = transport.accept(listener)
    else:
        connection = transport.stdio()
    worker = [*DEFAULT_COMMAND, "--log-level", logging.getLevelName(level)]
    try:
        return asyncio.run(serve(connection, settings, worker, log))
    finally:
        stop_logging()


def _add_settings(parser: argparse.ArgumentParser) -> None:
    from codegen_lsp.cli.setting_options import add_setting_options

    add_setting_options(parser.add_argument_group("settings, see `codegen-lsp config`"))


def _address(text: str) -> tuple[str, int]:
    """HOST:PORT or PORT alone."""
    host, _, port = text.rpartition(":")
    if not (port.isascii() and port.isdigit()):
        raise UsageError(f"--tcp {text}: expected PORT or HOST:PORT")
    return host.strip("[]") or _LOOPBACK, int(port)


def _open(log_file: str | None) -> IO[Any]:
    """The file to log to; without one, standard error, or nothing where that is closed."""
    if log_file is None:
        return sys.stderr or Path(os.devnull).open("wb")
    try:
        return Path(log_file).open("ab")
    except OSError as error:
        raise UsageError(f"cannot write the log {log_file}: {error.strerror}") from error
