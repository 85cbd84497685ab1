"""What `codegen-lsp finetune list` knows of a repository: its adapters, and the runs it has had."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from codegen_lsp.errors import DamagedModelError, UsageError
from codegen_lsp.models.active_adapters import (
    ActiveAdapter,
    adapters_folder,
    list_adapters,
    switched_on,
)
from codegen_lsp.models.adapter_files import RECORD_FILE, read_object
from codegen_lsp.models.adapters import read_adapter
from finetune.run_folder import ADAPTER

Row = Mapping[str, Any]


def runs_folder(workspace: Path) -> Path:
    """Where the runs of a workspace are, unless they were given another place."""
    home = adapters_folder(workspace)
    return home.parent.with_name("runs") / home.name


def kept_adapters(workspace: Path) -> list[Row]:
    """The adapters that were ever active in a workspace, the newest last.

    Raises:
        DamagedModelError: what says which one is active is damaged.
    """
    active = switched_on(adapters_folder(workspace))
    return [_of_adapter(folder, active) for folder in list_adapters(workspace)]


def runs_of(workspace: Path) -> list[Row]:
    """The runs in `runs_folder`, the newest last."""
    folders = runs_folder(workspace).glob("[!.]*/")
    return [_of_run(run) for run in sorted(folders, key=lambda run: run.stat().st_mtime_ns)]


def rendered(adapters: Sequence[Row], runs: Sequence[Row]) -> Iterator[str]:
    """A line for each."""
    for row in adapters:
        mark = f"active for {row['model']}" if row["active"] else ""
        forced = " (forced: its gain is not proved)" if row.get("forced") else ""
        yield f"{row['id']}  {row['base']}  {row.get('created', '')}  {mark}{forced}".rstrip()
    for row in runs:
        yield f"{row['id'] or 'no adapter'}  {row['verdict']}  {row['folder']}"


def _of_adapter(folder: Path, active: ActiveAdapter | None) -> Row:
    try:
        adapter = read_adapter(folder)
    except (DamagedModelError, UsageError) as error:
        return {"id": folder.name, "base": f"unusable: {error}", "active": False}
    created = read_object(folder / RECORD_FILE).get("created", "")
    known = {"id": adapter.id, "base": adapter.base, "created": created}
    if active is None or active.id != adapter.id:
        return known | {"active": False}
    return known | {"active": True, "model": active.model, "forced": active.forced}


def _of_run(run: Path) -> Row:
    try:
        adapter = read_adapter(run / ADAPTER)
        verdict = read_object(run / ADAPTER / RECORD_FILE).get("verdict")
    except (DamagedModelError, UsageError) as error:
        is_there = (run / ADAPTER).exists()
        said = f"unusable: {error}" if is_there else "not trained to the end"
        return {"folder": str(run), "id": None, "verdict": said}
    said = "not measured to the end"
    if isinstance(verdict, dict):
        is_better = verdict.get("is_better") is True
        said = str(verdict.get("reason")) if is_better else f"not better: {verdict.get('reason')}"
    return {"folder": str(run), "id": adapter.id, "verdict": said}
