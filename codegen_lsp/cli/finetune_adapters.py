"""The commands of `codegen-lsp finetune` about adapters that are there; they load no model."""

import argparse
import json
from pathlib import Path
from typing import Any

from codegen_lsp.config import project_folder
from codegen_lsp.errors import DamagedModelError, UsageError
from codegen_lsp.models.active_adapters import activate as make_active
from codegen_lsp.models.active_adapters import adapters_folder, list_adapters, read_active
from codegen_lsp.models.active_adapters import deactivate as make_inactive
from codegen_lsp.models.adapter_files import RECORD_FILE, read_object
from codegen_lsp.models.adapters import read_adapter
from finetune.run_folder import ADAPTER


def activate(args: argparse.Namespace) -> int:
    """Make an adapter active, if its report says that it is better."""
    workspace = workspace_of(args.repository)
    given = Path(args.adapter)
    adapter = adapter_folder(given) if given.exists() else adapters_folder(workspace) / args.adapter
    problem = _why_not(args.adapter, recorded(adapter).get("verdict"))
    if problem and not args.force:
        raise UsageError(f"{problem}; --force makes it active all the same")
    source: Path | str = adapter if given.exists() else args.adapter
    active = make_active(workspace, source, scale=args.scale, forced=bool(problem))
    print(f"the adapter {active.id} completes in {workspace} from now on")
    return 0


def deactivate(args: argparse.Namespace) -> int:
    """Have the base complete again."""
    workspace = workspace_of(args.repository)
    was_active = make_inactive(workspace)
    print(f"the base completes in {workspace}" + ("" if was_active else ", as before"))
    return 0


def list_(args: argparse.Namespace) -> int:
    """Print a repository's adapters, and which one is active."""
    workspace = workspace_of(args.repository)
    rows = [_row(folder, adapters_folder(workspace)) for folder in list_adapters(workspace)]
    if args.json:
        print(json.dumps({"workspace": str(workspace), "adapters": rows}))
        return 0
    if not rows:
        print(f"{workspace} has no adapter: `codegen-lsp finetune run` makes one")
    for row in rows:
        mark = "active" if row["active"] else ""
        print(f"{row['id']}  {row['base']}  {row.get('created', '')}  {mark}".rstrip())
    return 0


def workspace_of(repository: Path) -> Path:
    """The project whose adapters `repository`, a folder in it, has; as the server finds it."""
    if not repository.is_dir():
        raise UsageError(f"{repository} is not a folder")
    return project_folder(repository) or repository.resolve()


def adapter_folder(given: Path) -> Path:
    """The adapter's folder, of a run's folder or as it was given."""
    return given / ADAPTER if (given / ADAPTER / RECORD_FILE).exists() else given


def recorded(folder: Path) -> dict[str, Any]:
    """What is recorded beside an adapter's weights; empty where that cannot be read."""
    try:
        return read_object(folder / RECORD_FILE)
    except DamagedModelError:
        return {}


def _why_not(name: str, verdict: Any) -> str:
    """Why an adapter should not be made active; empty where its report has proved a gain."""
    if not isinstance(verdict, dict):
        return f"no report has proved that {name} is better"
    return "" if verdict.get("is_better") else f"{name} is not better: {verdict.get('reason')}"


def _row(folder: Path, home: Path) -> dict[str, Any]:
    try:
        adapter = read_adapter(folder)
        active = read_active(home, adapter.base)
    except (DamagedModelError, UsageError) as error:
        return {"id": folder.name, "base": f"unusable: {error}", "active": False}
    created = recorded(folder).get("created", "")
    is_active = active is not None and active.id == adapter.id
    return {"id": adapter.id, "base": adapter.base, "created": created, "active": is_active}
