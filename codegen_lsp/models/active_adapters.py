"""Which adapter is active for which workspace: folders and one small file in the data folder.

`adapters/WORKSPACE/ID/` holds an adapter, and `adapters/WORKSPACE/active.json` beside it says which
one completes there. That file is small and replaced as a whole, so that whoever wants to know of a
change reads it again: a time stamp would tell less and cost as much. Light: the server's process,
which loads no models, imports it.

A workspace is the folder of a project as `config.project_folder` finds it; its own files say
nothing here, so that no repository brings along what is loaded.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from codegen_lsp.errors import CodegenError, DamagedModelError, DiskFullError, UsageError
from codegen_lsp.models.adapter_files import RECORD_FILE
from codegen_lsp.models.adapters import (
    FILES,
    LARGEST_SCALE,
    Adapter,
    AdapterChoice,
    check_scale,
    read_adapter,
)
from codegen_lsp.models.folders import data_folder, full_name

_ACTIVE_FILE = "active.json"
_KEY_LENGTH = 16
_READABLE_LENGTH = 40


@dataclass(frozen=True, slots=True)
class ActiveAdapter:
    """The adapter that completes in a workspace.

    Attributes:
        folder: of the adapter.
        id: of it.
        scale: multiplies what it adds.
        model: `full_name` of the model that it completes with.
        forced: it was made active although its gain was not proved.
        activated: when, in ISO 8601.
    """

    folder: Path
    id: str
    scale: float
    model: str
    forced: bool
    activated: str

    @property
    def choice(self) -> AdapterChoice:
        """What loads it."""
        return AdapterChoice(self.folder, self.scale)

    def as_json(self) -> dict[str, object]:
        """What the user is told of it."""
        return {"id": self.id, "scale": self.scale, "forced": self.forced}


def adapters_folder(workspace: Path) -> Path:
    """Where the adapters of a workspace are, or would be; asks the disk where links lead."""
    path = os.path.normcase(os.path.realpath(workspace))
    key = hashlib.sha256(os.fsencode(path)).hexdigest()[:_KEY_LENGTH]
    readable = re.sub(r"[^\w.-]+", "-", Path(path).name)[:_READABLE_LENGTH]
    return data_folder() / "adapters" / f"{readable or 'root'}-{key}"


def list_adapters(workspace: Path) -> list[Path]:
    """The folders of a workspace's adapters, the newest last."""
    folders = adapters_folder(workspace).glob("[!.]*/")
    return sorted(folders, key=lambda folder: folder.stat().st_mtime_ns)


def folder_of(home: Path, adapter: Path | str) -> Path:
    """The folder that the user means: one of its own, or that of an adapter in `home`, by its id.

    Raises:
        UsageError: there is none of that id.
    """
    if isinstance(adapter, Path):
        return adapter
    if not re.fullmatch(r"[0-9a-f]{4,64}", adapter) or not (home / adapter).is_dir():
        known = ", ".join(folder.name for folder in sorted(home.glob("[!.]*/"))) or "none"
        raise UsageError(
            f"there is no folder {adapter!r}, and no adapter of that id here; there are: {known}"
        )
    return home / adapter


def active_adapter(workspace: Path, model: str) -> ActiveAdapter | None:
    """The adapter that completes in `workspace`; None: there is none, or one for another model.

    Raises:
        DamagedModelError: what says so is damaged.
    """
    return read_active(adapters_folder(workspace), model)


def read_active(folder: Path, model: str) -> ActiveAdapter | None:
    """What `active_adapter` finds, in the `adapters_folder` of a workspace.

    Raises:
        DamagedModelError: what says so is damaged.
    """
    found = switched_on(folder)
    return found if found is not None and found.model == full_name(model) else None


def switched_on(folder: Path) -> ActiveAdapter | None:
    """The adapter that is active, for whatever model, in the `adapters_folder` of a workspace.

    Raises:
        DamagedModelError: what says so is damaged.
    """
    file = folder / _ACTIVE_FILE
    try:
        return _active(folder, json.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        what = f"lacks {error}" if isinstance(error, KeyError) else str(error)
        raise DamagedModelError(
            f"{file} is damaged: {what}; activate the adapter again, or delete that file"
        ) from error


def activate(
    workspace: Path,
    adapter: Path | str,
    model: str,
    *,
    scale: float = 1.0,
    forced: bool = False,
) -> ActiveAdapter:
    """Have an adapter complete in `workspace` from now on; running servers notice by themselves.

    Args:
        workspace: folder of the project.
        adapter: its folder, which is copied, or the id of one that the workspace has.
        model: name of the model that completes there, which the adapter is known to fit.
        scale: multiplies what it adds.
        forced: its gain was not proved.

    Raises:
        UsageError: no such adapter, one that cannot be merged, or a scale out of range.
        DamagedModelError: the adapter is not whole.
        DiskFullError: there is no room for it.
    """
    check_scale(scale)
    home = adapters_folder(workspace)
    found = read_adapter(folder_of(home, adapter))
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    with _changing(home):
        folder = _keep(home, found)
        active = ActiveAdapter(folder, found.id, float(scale), full_name(model), forced, now)
        _write(home / _ACTIVE_FILE, active, workspace)
    return active


def deactivate(workspace: Path) -> bool:
    """Have the base complete in `workspace` again; returns whether an adapter was active."""
    home = adapters_folder(workspace)
    if not (home / _ACTIVE_FILE).exists():
        return False
    with _changing(home):
        (home / _ACTIVE_FILE).unlink(missing_ok=True)
    return True


def _active(folder: Path, content: Any) -> ActiveAdapter:
    """What `active.json` says; raises ValueError, KeyError or TypeError where that is nonsense."""
    id_, scale, model = content["adapter"], content["scale"], content["model"]
    activated, forced = content["activated"], content["forced"]
    if not isinstance(id_, str) or not re.fullmatch(r"[0-9a-f]{4,64}", id_):
        raise ValueError("adapter is no id")
    if type(scale) not in (int, float) or not 0 < scale <= LARGEST_SCALE:
        raise ValueError("scale is no number in its range")
    if not isinstance(model, str) or not isinstance(activated, str) or type(forced) is not bool:
        raise ValueError("model, activated or forced is of another type")
    return ActiveAdapter(folder / id_, id_, float(scale), model, forced, activated)


def _keep(home: Path, adapter: Adapter) -> Path:
    """The folder of the adapter in `home`, where it is copied unless it is there."""
    kept = home / adapter.id
    if _holds(kept, adapter.id):  # and may be being loaded: it is not replaced by the same
        _renew(kept / RECORD_FILE, adapter.folder / RECORD_FILE)
        return kept
    part = home / f".{adapter.id}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    for name in FILES:
        shutil.copyfile(adapter.folder / name, part / name)
    shutil.rmtree(kept, ignore_errors=True)
    part.rename(kept)
    return kept


def _holds(folder: Path, id_: str) -> bool:
    try:
        return read_adapter(folder).id == id_
    except CodegenError:
        return False


def _renew(kept: Path, record: Path) -> None:
    """Keep what is recorded now: the id does not cover the verdict, which may have come later."""
    if kept.read_bytes() != record.read_bytes():
        part = kept.with_name(f".{kept.name}.part")
        shutil.copyfile(record, part)
        part.replace(kept)


def _write(file: Path, active: ActiveAdapter, workspace: Path) -> None:
    content = {
        "adapter": active.id,
        "scale": active.scale,
        "model": active.model,
        "forced": active.forced,
        "activated": active.activated,
        "workspace": str(workspace),  # for whoever looks at the file
    }
    part = file.with_name(f".{file.name}.part")
    part.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    part.replace(file)


@contextmanager
def _changing(home: Path) -> Iterator[None]:
    """Hold the lock under which the adapters of a workspace are changed.

    Raises:
        DiskFullError: the disk has filled up, or they cannot be written.
    """
    from filelock import FileLock  # noqa: PLC0415 - 90 ms, which the server should not wait

    try:
        home.mkdir(parents=True, exist_ok=True)
        with FileLock(home / ".lock"):
            yield
    except OSError as error:
        raise DiskFullError(
            f"the adapters in {home} cannot be changed: {error.strerror or error}; make room or"
            " set CODEGEN_LSP_DATA_DIR"
        ) from error
