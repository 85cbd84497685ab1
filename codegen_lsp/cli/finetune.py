"""`codegen-lsp finetune`: teach the model a repository, prove the gain, switch it on."""

import argparse
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from codegen_lsp.errors import CodegenError, UsageError

_DESCRIPTION = """\
Teach the model a private repository with LoRA, on this machine. `run` does all of it: it trains on
part of what git tracks, completes held-out places with and without the adapter, writes a report,
and makes the adapter active for the repository only if it is better with confidence.
"""
_DURATION = re.compile(r"(\d+(?:\.\d+)?)([smh])")
_NO_MEMORY = re.compile("out of memory|can't allocate memory")  # as torch says it, on any device
_SAVES_MEMORY = (
    "close other programs, set gradient_checkpointing = true or a lower tokens_per_batch in the"
    " file of --config, or choose a smaller --model"
)
_MINUTES = {"s": 1 / 60, "m": 1.0, "h": 60.0}


def add_parser(subparsers: Any) -> None:
    """Add the `finetune` command to the `subparsers` of the main parser."""
    parser = subparsers.add_parser(
        "finetune", help="teach the model a private repository", description=_DESCRIPTION
    )
    commands = parser.add_subparsers(dest="finetune", required=True, metavar="COMMAND")
    _add_run(commands)
    _add_looks(commands)
    _add_adapters(commands)
    _add_exports(commands)


def _add_run(commands: Any) -> None:
    run = commands.add_parser("run", help="train, measure, and switch on what is better")
    _add_training(run)
    run.add_argument("--plain", action="store_true", help="whole lines, for a log")
    run.add_argument("--no-activate", action="store_true", help="only report")
    run.set_defaults(run=_carry_out("run"))
    again = commands.add_parser("eval", help="measure a run's adapter, and write its report again")
    _add_training(again)
    again.add_argument("--plain", action="store_true", help="whole lines, for a log")
    again.set_defaults(run=_carry_out("measure"))


def _add_looks(commands: Any) -> None:
    inspect = commands.add_parser("inspect", help="what would be trained on, and what not, and why")
    _add_repository(inspect)
    inspect.add_argument("--json", action="store_true", help="print one JSON object instead")
    inspect.set_defaults(run=_carry_out("inspect"))
    estimate = commands.add_parser("estimate", help="memory and time, before anything starts")
    _add_training(estimate)
    estimate.add_argument("--json", action="store_true", help="print one JSON object instead")
    estimate.set_defaults(run=_carry_out("estimate"))


def _add_adapters(commands: Any) -> None:
    activate = commands.add_parser("activate", help="complete with an adapter in its repository")
    activate.add_argument(
        "adapter", metavar="ADAPTER", help="a run's folder, an adapter's, or an id"
    )
    activate.add_argument("--repository", type=Path, default=Path(), metavar="REPO")
    activate.add_argument("--scale", type=float, default=1.0, metavar="X", help="of what it adds")
    activate.add_argument("--force", action="store_true", help="although no gain was proved")
    _add_model(activate)
    activate.set_defaults(run=_carry_out("activate", "finetune_adapters"))
    deactivate = commands.add_parser("deactivate", help="complete with the base again")
    deactivate.add_argument("repository", type=Path, nargs="?", default=Path(), metavar="REPO")
    deactivate.set_defaults(run=_carry_out("deactivate", "finetune_adapters"))
    listing = commands.add_parser("list", help="a repository's adapters and runs")
    listing.add_argument("repository", type=Path, nargs="?", default=Path(), metavar="REPO")
    listing.add_argument("--json", action="store_true", help="print one JSON object instead")
    listing.set_defaults(run=_carry_out("list_", "finetune_adapters"))


def _add_exports(commands: Any) -> None:
    export = commands.add_parser("export", help="an adapter for other programs")
    export.add_argument(
        "adapter", type=Path, metavar="ADAPTER", help="a run's folder, or an adapter's"
    )
    export.add_argument("out", type=Path, metavar="OUT", help="does not exist yet")
    kind = export.add_mutually_exclusive_group(required=True)
    kind.add_argument("--peft", action="store_true", help="the adapter alone")
    kind.add_argument("--merged", action="store_true", help="a transformers model")
    kind.add_argument("--gguf", action="store_true", help="a model for llama.cpp and Ollama")
    export.add_argument("--scale", type=float, default=1.0, metavar="X", help="of what it adds")
    export.set_defaults(run=_carry_out("export"))
    serve = commands.add_parser("serve-config", help="how another server serves adapters")
    serve.add_argument("server", choices=("vllm",))
    serve.add_argument("adapters", type=Path, nargs="+", metavar="ADAPTER")
    serve.set_defaults(run=_carry_out("serve_config"))


def _add_repository(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "repository", type=Path, metavar="REPO", help="a folder in a git repository"
    )
    _add_model(parser)
    parser.add_argument(
        "--since", metavar="REV", help="a revision or date: hold out what was added after it"
    )
    parser.add_argument("--seed", type=int, metavar="N", help="of all that is drawn (default: 0)")
    parser.add_argument("--config", type=Path, metavar="FILE", help="TOML with further settings")


def _add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--model",
        help="a name from `model list`, a hub id, or a folder (default: that of the settings)",
    )


def _add_training(parser: argparse.ArgumentParser) -> None:
    _add_repository(parser)
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="for checkpoints, adapter and report"
    )
    parser.add_argument(
        "--time-limit",
        type=_minutes,
        metavar="TIME",
        help="of the training, such as 90s, 60m or 2h (default: 60m)",
    )
    parser.add_argument(
        "--device", default="auto", metavar="DEVICE", help="auto, cpu, cuda, cuda:N or mps"
    )


def _minutes(text: str) -> float:
    """A duration in minutes; an `argparse` type."""
    found = _DURATION.fullmatch(text)
    if found is None or float(found[1]) == 0:
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is no time such as 90s, 60m or 2h")
    return float(found[1]) * _MINUTES[found[2]]


def _carry_out(name: str, module: str = "finetune_commands") -> Any:
    """Carries out a command; what does so may load torch, and is imported only then."""

    def run(args: argparse.Namespace) -> int:
        try:
            commands = import_module(f"codegen_lsp.cli.{module}")
        except ModuleNotFoundError as error:
            raise UsageError(
                f"finetune {args.finetune} needs {error.name}, which is not installed: "
                "pip install 'codegen-lsp[finetune]'"
            ) from error
        with _memory_errors_explained():
            status: int = getattr(commands, name)(args)
        return status

    return run


@contextmanager
def _memory_errors_explained() -> Iterator[None]:
    """Turn what Python and torch raise without memory into one line with a remedy."""
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and not _NO_MEMORY.search(str(error)):
            raise
        raise CodegenError(f"there is not enough memory: {_SAVES_MEMORY}") from error
