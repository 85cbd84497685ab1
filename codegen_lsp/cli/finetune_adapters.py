"""The commands of `codegen-lsp finetune` about adapters that are there; they load no model."""

import argparse
import json
import os
from pathlib import Path

from codegen_lsp.cli.finetune_listing import kept_adapters, rendered, runs_of
from codegen_lsp.config import Settings, project_folder
from codegen_lsp.config import resolve as settings_of
from codegen_lsp.errors import UsageError
from codegen_lsp.models.active_adapters import ActiveAdapter, adapters_folder, folder_of
from codegen_lsp.models.active_adapters import activate as make_active
from codegen_lsp.models.active_adapters import deactivate as make_inactive
from codegen_lsp.models.adapter_files import RECORD_FILE, read_object
from codegen_lsp.models.adapters import Adapter, check_fits, check_scale, read_adapter
from codegen_lsp.models.folders import full_name
from codegen_lsp.models.store import resolve
from codegen_lsp.models.tokenizer import Tokenizer
from codegen_lsp.prompt.model import format_of
from finetune.git import first_commit
from finetune.run_folder import ADAPTER

_JUDGED_SCALE = 1.0  # of the arms that a verdict compares


def activate(args: argparse.Namespace) -> int:
    """Make an adapter active, if its report says that it is better."""
    workspace = workspace_of(args.repository)
    model = model_of(args.model, workspace)
    check_scale(args.scale)
    # os.path, because Path's function raises for a name that is too long.
    is_path = os.path.exists(args.adapter)  # noqa: PTH110
    source = adapter_folder(Path(args.adapter)) if is_path else args.adapter
    adapter = read_adapter(folder_of(adapters_folder(workspace), source))
    _check_fits(adapter, model)
    problem = _why_not(adapter, workspace, args.scale)
    if problem and not args.force:
        raise UsageError(f"{problem}; --force makes it active all the same")
    active = make_active(workspace, source, model, scale=args.scale, forced=bool(problem))
    print(activated(active, workspace))
    return 0


def deactivate(args: argparse.Namespace) -> int:
    """Have the base complete again."""
    workspace = workspace_of(args.repository)
    was_active = make_inactive(workspace)
    print(f"the base completes in {workspace}" + ("" if was_active else ", as before"))
    return 0


def list_(args: argparse.Namespace) -> int:
    """Print a repository's adapters, which one is active, and its runs with what came of them."""
    workspace = workspace_of(args.repository)
    adapters, runs = kept_adapters(workspace), runs_of(workspace)
    if args.json:
        print(json.dumps({"workspace": str(workspace), "adapters": adapters, "runs": runs}))
        return 0
    if not adapters and not runs:
        print(f"{workspace} has no adapter: `codegen-lsp finetune run` makes one")
    for line in rendered(adapters, runs):
        print(line)
    return 0


def workspace_of(repository: Path) -> Path:
    """The project whose adapters `repository`, a folder in it, has; as the server finds it."""
    if not repository.is_dir():
        raise UsageError(f"{repository} is not a folder")
    return project_folder(repository) or repository.resolve()


def settings_in(workspace: Path) -> Settings:
    """The settings that hold there, but for what an editor adds."""
    return settings_of(workspace, environ=os.environ).settings


def model_of(given: str | None, workspace: Path) -> str:
    """The full name of the model that is `given`, or that the settings in `workspace` name."""
    return full_name(given or settings_in(workspace).model)


def adapter_folder(given: Path) -> Path:
    """The adapter's folder, of a run's folder or as it was given.

    Raises:
        UsageError: nothing is there.
    """
    if not given.exists():
        raise UsageError(f"there is no {given}; name the folder of a run or of an adapter")
    return given / ADAPTER if (given / ADAPTER).is_dir() else given


def activated(active: ActiveAdapter, workspace: Path) -> str:
    """What is to be said of an adapter that is active from now on."""
    settings = settings_in(workspace)
    if settings.adapter and full_name(settings.model) == active.model:
        return f"the adapter {active.id} completes in {workspace} from now on"
    lacking = f"name the model {active.model} instead of {settings.model}"
    if not settings.adapter:
        lacking = "set `adapter` to true"
    return (
        f"the adapter {active.id} is active in {workspace}, but completes only where the settings"
        f" {lacking}"
    )


def _check_fits(adapter: Adapter, model: str) -> None:
    """Refuse the adapter unless it was trained for `model`; reads its weights, without torch."""
    # A folder may have been moved since: it is called what it was, and its weights are the same.
    if Path(adapter.base).name != Path(model).name:
        raise UsageError(
            f"the adapter {adapter.id} was trained for {adapter.base}, and the model is {model};"
            " choose that one with --model, or train an adapter for this one"
        )
    found = resolve(model)
    fim_format = format_of(found, Tokenizer.load(found.folder))
    check_fits(adapter, model, found.folder, fim_format.name if fim_format else None)


def _why_not(adapter: Adapter, workspace: Path, scale: float) -> str:
    """Why an adapter should not be made active; empty where its report has proved a gain here."""
    record = read_object(adapter.folder / RECORD_FILE)
    verdict, began = record.get("verdict"), record.get("first_commit")
    if not isinstance(verdict, dict):
        return f"no report has proved that the adapter {adapter.id} is better"
    if verdict.get("is_better") is not True:
        return f"the adapter {adapter.id} is not better: {verdict.get('reason')}"
    if began is None or began != first_commit(workspace):
        return (
            f"the adapter {adapter.id} was proved better in the repository"
            f" {record.get('repository')}, whose first commit is not that of {workspace}"
        )
    if scale != _JUDGED_SCALE:
        return (
            f"the adapter {adapter.id} was proved better at scale {_JUDGED_SCALE:g}, not {scale:g}"
        )
    return ""
