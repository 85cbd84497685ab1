"""The `codegen-lsp` command: parse the arguments, run one command, turn errors into one line.

Each command is a module of this package with `add_parser` and `run`; whatever is heavy it imports
when it runs, so that `--version` and usage errors cost nothing.
"""

import argparse
import os
import sys

from codegen_lsp import __version__
from codegen_lsp.cli import (
    bench,
    complete,
    config,
    context_command,
    demo,
    docstring,
    doctor,
    evaluate,
    finetune,
    lsp,
    model,
    stats,
)
from codegen_lsp.cli.arguments import CommandParser
from codegen_lsp.errors import CodegenError

_INTERRUPTED = 130

# How often a thread of the model's looks whether the others are done before it sleeps (libgomp).
# Looking much longer, as it does by itself, gains nothing where the machine is idle; where other
# programs use every core it looks its time slices away that the others need to become done: a pass
# of 17 ms took up to 1.3 s beside an endless matrix product, so 29 ms. It is read when torch is
# loaded, here or in the server's worker.
_THREADS = ("GOMP_SPINCOUNT", "1000")


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="codegen-lsp",
        description="Inline code completion from a model on your own machine.",
        epilog="Start with: codegen-lsp model pull && codegen-lsp complete FILE:LINE:COL",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    subparsers = parser.add_subparsers(
        dest="command", required=True, metavar="COMMAND", parser_class=CommandParser
    )
    for command in (
        *(lsp, complete, docstring, context_command, model, config),
        *(finetune, stats, evaluate, bench, doctor, demo),
    ):
        command.add_parser(subparsers)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run the command that `arguments` (default: the process's) name; returns its exit status."""
    args = build_parser().parse_args(arguments)
    os.environ.setdefault(*_THREADS)
    if sys.stdout is None:  # so it is when closed (`>&-`)
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - for the process's whole life
    try:
        status: int = args.run(args)
        print(end="", flush=True)  # here, so that output that cannot be written is met here too
    except CodegenError as error:
        _complain(error)
        return error.exit_status
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        _discard_output()
        return 0  # the reader (`| head`) has what it wanted
    except OSError as error:
        _discard_output()
        _complain(error)
        return CodegenError.exit_status
    return status


def _complain(error: Exception) -> None:
    """Say what is wrong on one line, whatever names it quotes."""
    print("codegen-lsp: error:", " ".join(str(error).split()), file=sys.stderr)


def _discard_output() -> None:
    """Point stdout elsewhere, so that exiting does not complain about what is still buffered."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def entry_point() -> None:
    """What the installed `codegen-lsp` script calls."""
    sys.exit(main())
