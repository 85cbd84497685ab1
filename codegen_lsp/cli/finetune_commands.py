"""The commands of `codegen-lsp finetune` that load a model; imported when one of them runs."""

import argparse
import hashlib
import json
import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from codegen_lsp.cli.finetune_adapters import (
    activated,
    adapter_folder,
    model_of,
    settings_in,
    workspace_of,
)
from codegen_lsp.cli.finetune_listing import runs_folder
from codegen_lsp.cli.finetune_progress import RunProgress
from codegen_lsp.errors import UsageError
from codegen_lsp.models.active_adapters import activate
from codegen_lsp.models.adapter_files import RECORD_FILE, read_object
from codegen_lsp.models.adapters import read_adapter
from codegen_lsp.models.store import resolve
from finetune.asking import Run, forecast
from finetune.evaluation.report import ARMS, Report
from finetune.exporting.gguf_file import export_gguf
from finetune.exporting.merged_folder import export_merged
from finetune.exporting.peft_folder import export_peft
from finetune.exporting.vllm import ServedAdapter, serve_config_vllm
from finetune.git import commit_of
from finetune.inspecting import inspect as look_at
from finetune.inspecting import render
from finetune.preparing import load_base, prepare
from finetune.run_folder import ADAPTER, OUTCOMES, PAGE
from finetune.running import evaluate, learn
from finetune.settings import read_settings
from finetune.timing import measured_pace, timing
from finetune.training.load import choose_device
from finetune.training.processes import Processes


def run(args: argparse.Namespace) -> int:
    """Train, measure, and make the adapter active if that is worth it."""
    processes = Processes(choose_device(args.device))
    wanted = processes.in_turn(lambda: _run_of(args))
    with RunProgress(is_plain=args.plain, is_silent=processes.rank > 0) as progress:
        progress.say(f"the run's folder is {wanted.out}; the same command goes on with it")
        progress.say(processes.of_first(lambda: str(forecast(wanted))))
        trained = learn(wanted, processes, progress, progress.report)
        if trained is None:
            return 0  # one of several processes: the first does the rest
        report = evaluate(wanted, trained, progress)
    _tell(report, wanted.out / PAGE)
    if report.verdict.is_better and not args.no_activate:
        workspace = workspace_of(args.repository)
        active = activate(workspace, wanted.out / ADAPTER, wanted.prepared.base.name)
        print(activated(active, workspace))
    return 0


def measure(args: argparse.Namespace) -> int:
    """Measure a run's adapter anew."""
    processes = Processes(choose_device(args.device))
    wanted = processes.in_turn(lambda: _run_of(args))
    if not processes.of_first((wanted.out / ADAPTER).exists):
        raise UsageError(f"{wanted.out} holds no adapter: `codegen-lsp finetune run` makes it")
    with RunProgress(is_plain=args.plain, is_silent=processes.rank > 0) as progress:
        trained = learn(wanted, processes, progress, progress.report)
        if trained is not None:
            shutil.rmtree(wanted.out / OUTCOMES, ignore_errors=True)
            _tell(evaluate(wanted, trained, progress), wanted.out / PAGE)
    return 0


def inspect(args: argparse.Namespace) -> int:
    """Say what would be trained on."""
    settings = read_settings(args.config, seed=args.seed)
    base = load_base(model_of(args.model, workspace_of(args.repository)))
    found = look_at(
        args.repository,
        base.tokenizer,
        base.fim_format,
        settings,
        since=args.since,
        denied=_denied(args.repository),
    )
    if args.json:
        print(json.dumps(found.as_json()))
    else:
        for line in render(found, colour=sys.stdout.isatty()):
            print(line)
    return 0


def estimate(args: argparse.Namespace) -> int:
    """Say what a run would take; nothing is written into its folder."""
    with TemporaryDirectory(prefix="codegen-lsp-") as folder:
        wanted = _run_of(args, Path(folder))
        told = forecast(wanted)
        if not args.json:
            print(told, flush=True)
        pace = measured_pace(wanted)
    found = timing(wanted, told, pace)
    if args.json:
        print(json.dumps(asdict(told) | asdict(pace) | asdict(found)))
        return 0
    print(
        f"training: {pace.tokens_per_second:.0f} tokens/s; {found.steps} steps, "
        f"{found.epochs:.1f} epochs of {found.examples} examples of {pace.tokens_per_example:.0f} "
        f"tokens, in {found.training_minutes:.0f} minutes, or less if nothing more is gained"
    )
    print(
        f"measuring: {found.measuring_minutes:.0f} minutes; {told.cases} completions that see "
        f"other files, at {pace.seconds_per_case:.1f} s, and {told.bare_cases} that see none, at "
        f"{pace.seconds_per_bare_case:.1f} s"
    )
    return 0


def export(args: argparse.Namespace) -> int:
    """Write an adapter in a form for other programs."""
    folder = adapter_folder(args.adapter)
    if args.peft and args.scale != 1.0:
        raise UsageError("--scale is for --merged and --gguf: peft's format says nothing of it")
    if args.peft:
        export_peft(folder, args.out)
    else:
        model = resolve(read_adapter(folder).base)
        write = export_merged if args.merged else export_gguf
        write(model, folder, args.out, scale=args.scale)
    print(args.out)
    return 0


def serve_config(args: argparse.Namespace) -> int:
    """Print how another server serves adapters."""
    folders = [adapter_folder(each) for each in args.adapters]
    adapters = [read_adapter(each) for each in folders]
    served = [
        ServedAdapter(
            str(read_object(folder / RECORD_FILE).get("repository", "repository")), adapter
        )
        for folder, adapter in zip(folders, adapters, strict=True)
    ]
    print(serve_config_vllm(served, adapters[0].base), end="")
    return 0


def _run_of(args: argparse.Namespace, out: Path | None = None) -> Run:
    """The run that the arguments ask for, begun or gone on with, if need be in another folder."""
    settings = read_settings(args.config, seed=args.seed, time_limit_minutes=args.time_limit)
    workspace = workspace_of(args.repository)
    model = model_of(args.model, workspace)
    commit = commit_of(args.repository)
    denied = _denied(args.repository)
    asked = f"{commit} {model} {args.since} {denied} {settings.model_dump_json()}"
    key = hashlib.sha256(asked.encode()).hexdigest()[:8]
    out = out or args.out or runs_folder(workspace) / f"{commit[:12]}-{key}"
    base = load_base(model)
    prepared = prepare(args.repository, base, settings, out, since=args.since, denied=denied)
    return Run(args.repository, prepared, settings, out, args.device)


def _denied(repository: Path) -> list[str]:
    """What is never to be read there: it is not learnt either."""
    return settings_in(workspace_of(repository)).denied_files


def _tell(report: Report, page: Path) -> None:
    """The figures, the verdict, and where the report is."""
    for name in ARMS:
        match, nll = report.arms[name].exact_match, report.arms[name].nll
        overruns = report.arms[name].overrun_rate.mean
        print(
            f"{name:<20} exact match {match.mean:.3f} ({match.low:.3f} to {match.high:.3f})"
            f"   nats/token {'-' if nll is None else f'{nll.mean:.3f}'}   overruns {overruns:.2f}"
        )
    for name, estimate_ in report.general.items():
        print(f"{'general, ' + name:<20} exact match {estimate_.mean:.3f}")
    print(
        f"{'worth it' if report.verdict.is_better else 'not switched on'}: {report.verdict.reason}"
    )
    print(f"report: {page}")
