"""The commands of `codegen-lsp finetune` that load a model; imported when one of them runs."""

import argparse
import hashlib
import json
import os
import shutil
import sys
from pathlib import Path

from codegen_lsp.cli.finetune_adapters import adapter_folder, recorded, workspace_of
from codegen_lsp.cli.finetune_progress import RunProgress
from codegen_lsp.config import resolve as settings_of
from codegen_lsp.errors import UsageError
from codegen_lsp.models.active_adapters import activate, adapters_folder
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


def run(args: argparse.Namespace) -> int:
    """Train, measure, and make the adapter active if that is worth it."""
    wanted = _run_of(args)
    with RunProgress(is_plain=args.plain) as progress:
        progress.say(f"the run's folder is {wanted.out}; the same command goes on with it")
        progress.say(str(forecast(wanted)))
        trained = learn(wanted, progress, progress.report)
        if trained is None:
            return 0  # one of several processes: the first does the rest
        report = evaluate(wanted, trained, progress)
    _tell(report, wanted.out / PAGE)
    if report.verdict.is_better and not args.no_activate:
        active = activate(workspace_of(args.repository), wanted.out / ADAPTER)
        print(f"switched on: the adapter {active.id} completes in this repository from now on")
    return 0


def measure(args: argparse.Namespace) -> int:
    """Measure a run's adapter anew."""
    wanted = _run_of(args)
    if not (wanted.out / ADAPTER).exists():
        raise UsageError(f"{wanted.out} holds no adapter: `codegen-lsp finetune run` makes it")
    shutil.rmtree(wanted.out / OUTCOMES, ignore_errors=True)
    with RunProgress(is_plain=args.plain) as progress:
        trained = learn(wanted, progress, progress.report)
        if trained is not None:
            _tell(evaluate(wanted, trained, progress), wanted.out / PAGE)
    return 0


def inspect(args: argparse.Namespace) -> int:
    """Say what would be trained on."""
    base = load_base(args.model)
    found = look_at(
        args.repository,
        base.tokenizer,
        base.fim_format,
        since=args.since,
        seed=args.seed or 0,
        denied=_denied(args.repository),
    )
    if args.json:
        print(json.dumps(found.as_json()))
    else:
        for line in render(found, colour=sys.stdout.isatty()):
            print(line)
    return 0


def estimate(args: argparse.Namespace) -> int:
    """Say what a run would take."""
    print(forecast(_run_of(args)))
    return 0


def export(args: argparse.Namespace) -> int:
    """Write an adapter in a form for other programs."""
    folder = adapter_folder(args.adapter)
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
        ServedAdapter(recorded(folder).get("repository", "repository"), adapter)
        for folder, adapter in zip(folders, adapters, strict=True)
    ]
    print(serve_config_vllm(served, adapters[0].base), end="")
    return 0


def _run_of(args: argparse.Namespace) -> Run:
    """The run that the arguments ask for, begun or gone on with."""
    settings = read_settings(args.config, seed=args.seed, time_limit_minutes=args.time_limit)
    commit = commit_of(args.repository)
    denied = _denied(args.repository)
    asked = f"{commit} {args.model} {args.since} {denied} {settings.model_dump_json()}"
    key = hashlib.sha256(asked.encode()).hexdigest()[:8]
    home = adapters_folder(workspace_of(args.repository))
    out = args.out or home.parent.with_name("runs") / home.name / f"{commit[:12]}-{key}"
    base = load_base(args.model)
    prepared = prepare(args.repository, base, settings, out, since=args.since, denied=denied)
    return Run(args.repository, prepared, settings, out, args.device)


def _denied(repository: Path) -> list[str]:
    """What is never to be read there: it is not learnt either."""
    return settings_of(workspace_of(repository), environ=os.environ).settings.denied_files


def _tell(report: Report, page: Path) -> None:
    """The figures, the verdict, and where the report is."""
    for name in ARMS:
        match, nll = report.arms[name].exact_match, report.arms[name].nll
        overruns = report.arms[name].overrun_rate.mean
        print(
            f"{name:<20} exact match {match.mean:.3f} ({match.low:.3f} to {match.high:.3f})"
            f"   nats/token {nll.mean:.3f}   overruns {overruns:.2f}"
        )
    for name, estimate_ in report.general.items():
        print(f"{'general, ' + name:<20} exact match {estimate_.mean:.3f}")
    print(
        f"{'worth it' if report.verdict.is_better else 'not switched on'}: {report.verdict.reason}"
    )
    print(f"report: {page}")
