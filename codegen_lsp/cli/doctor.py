"""`codegen-lsp doctor`: whether this machine can complete code, and what to do where it cannot."""

import argparse
import json
import os
import platform
import shutil
from importlib import metadata
from pathlib import Path
from typing import Any

from codegen_lsp import __version__
from codegen_lsp.errors import CodegenError
from codegen_lsp.models.catalogue import DEFAULT_MODEL

_PACKAGES = ("torch", "transformers", "tokenizers", "safetensors", "tree-sitter")
_MEMORY_BESIDES_WEIGHTS = 500_000_000  # Python, torch, the KV cache of one prompt
_DISK_TO_FETCH = 2_300_000_000  # the default model, its download and its conversion


def add_parser(subparsers: Any) -> None:
    """Add the `doctor` command to the `subparsers` of the main parser."""
    parser = subparsers.add_parser(
        "doctor",
        help="check this machine and the model",
        description="Check versions, CPU, memory, disk and the model; say what to do where needed.",
    )
    parser.add_argument("--model", default=DEFAULT_MODEL, help="(default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry out the `doctor` command; returns its exit status, 1 where there is a problem."""
    problems: list[str] = []
    report: dict[str, object] = {
        "versions": _versions(),
        "cpu": _cpu(),
        "model": _model(args.model, problems),
        "memory": _memory(problems),
        "disk": _disk(problems),
        "problems": problems,
    }
    print(json.dumps(report) if args.json else _table(report, problems))
    return 1 if problems else 0


def _versions() -> dict[str, str]:
    found = {"codegen-lsp": __version__, "python": platform.python_version()}
    return found | {package: metadata.version(package) for package in _PACKAGES}


def _cpu() -> dict[str, object]:
    from codegen_lsp.engine.precision import choose_placement, cpu_features, num_threads

    placement = choose_placement()
    return {
        "name": platform.processor() or platform.machine(),
        "features": [name for name, present in cpu_features().items() if present],
        "device": placement.device,
        "precision": placement.precision,
        "threads": num_threads(),
        "cores": os.cpu_count(),
    }


def _model(name: str, problems: list[str]) -> dict[str, object]:
    from codegen_lsp.models.store import resolve, verify

    try:
        found = resolve(name)
        if found.fim_format is not None:  # only the catalogue knows checksums
            verify(found.folder)
    except CodegenError as error:
        problems.append(str(error))
        return {"name": name, "intact": False, "folder": None}
    return {"name": name, "intact": True, "folder": str(found.folder)}


def _memory(problems: list[str]) -> dict[str, int]:
    import psutil

    memory = psutil.virtual_memory()
    needed = _MEMORY_BESIDES_WEIGHTS + 500_000_000
    if memory.available < needed:
        problems.append(
            f"only {memory.available / 1e9:.1f} GB of memory are free and the default model takes"
            f" {needed / 1e9:.1f} GB: close other programs"
        )
    return {"total": memory.total, "available": memory.available}


def _disk(problems: list[str]) -> dict[str, object]:
    from codegen_lsp.models.store import cache_folder, installed_folder

    folder = cache_folder()
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    free = shutil.disk_usage(existing).free
    if free < _DISK_TO_FETCH and not installed_folder(DEFAULT_MODEL).exists():
        problems.append(
            f"only {free / 1e9:.1f} GB are free under {Path(existing)} and fetching the default"
            f" model takes {_DISK_TO_FETCH / 1e9:.1f} GB: free some, or set CODEGEN_LSP_CACHE_DIR"
        )
    return {"folder": str(folder), "free": free}


def _table(report: dict[str, Any], problems: list[str]) -> str:
    cpu, model, memory, disk = (report[name] for name in ("cpu", "model", "memory", "disk"))
    lines = [f"{name:<14}{version}" for name, version in report["versions"].items()]
    lines += [
        f"{'CPU':<14}{cpu['name']}: {', '.join(cpu['features'])}",
        f"{'precision':<14}{cpu['precision']} on {cpu['device']}",
        f"{'threads':<14}{cpu['threads']} of {cpu['cores']} cores",
        f"{'model':<14}{model['name']}: "
        + (f"intact, {model['folder']}" if model["intact"] else "-"),
        f"{'memory':<14}{memory['available'] / 1e9:.1f} of {memory['total'] / 1e9:.1f} GB free",
        f"{'disk':<14}{disk['free'] / 1e9:.1f} GB free, models in {disk['folder']}",
    ]
    lines += [f"problem: {problem}" for problem in problems]
    return "\n".join([*lines, "" if problems else "no problems found"]).rstrip()
