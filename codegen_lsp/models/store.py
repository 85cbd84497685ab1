"""Where models live on disk, and whether they are intact. Nothing here uses the network.

A model of the catalogue is a folder `models/NAME` in the cache folder. It appears there by a rename
once it is complete; `.NAME.fetch` (what has been downloaded so far) and `.NAME.build` (a conversion
under way) beside it are never read as models.
"""

import errno
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from codegen_lsp.errors import DiskFullError, ModelUnavailableError, NotFetchedError
from codegen_lsp.models import catalogue, manifest
from codegen_lsp.models.folders import cache_folder, installed_folder, is_hub_id

__all__ = [
    "ModelFolder",
    "build_folder",
    "cache_folder",
    "fetch_folder",
    "installed_folder",
    "is_hub_id",
    "locked",
    "remove",
    "resolve",
    "size_of",
    "verify",
]


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A model on disk that `transformers` can load.

    Attributes:
        name: as the user gave it.
        folder: holds config.json, the tokenizer and the weights.
        fim_format: name of its fill-in-the-middle format where the catalogue knows it.
    """

    name: str
    folder: Path
    fim_format: str | None


def fetch_folder(name: str) -> Path:
    """Where the model's download is kept until it is complete."""
    return cache_folder() / "models" / f".{name}.fetch"


def build_folder(name: str) -> Path:
    """Where the model is put together before it is renamed to its place."""
    return cache_folder() / "models" / f".{name}.build"


def resolve(name: str) -> ModelFolder:
    """The model called `name`, ready to load.

    Args:
        name: of the catalogue, a hub id (owner/name), or a folder that holds config.json. What
            looks like a hub id is one: a folder of that name in the current one, which may be
            anyone's project, needs `./` before it.

    Raises:
        UnknownModelError: it is none of these.
        NotFetchedError: it has not been fetched.
        DamagedModelError: a file of it is missing, truncated or altered.
    """
    entry = catalogue.find(name)
    if entry is not None:
        folder = installed_folder(name)
        if not folder.exists():
            raise _not_fetched(name)
        manifest.check(folder, full=False)
        return ModelFolder(name, folder, entry.fim_format)
    if is_hub_id(name):
        return ModelFolder(name, _cached_snapshot(name), None)
    folder = Path(os.path.expanduser(name))  # noqa: PTH111 - Path's raises for unknown users
    if (folder / "config.json").is_file():
        return ModelFolder(name, folder.absolute(), None)
    raise catalogue.unknown_model(name)


def verify(folder: Path) -> None:
    """Compare every file of an installed catalogue model with its checksum; reads all of them.

    Raises:
        DamagedModelError: a file is missing, truncated or altered.
    """
    manifest.check(folder, full=True)


def size_of(folder: Path) -> int:
    """Bytes of all files below `folder`; 0 where there is none."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def remove(name: str, say: Callable[[str], None]) -> int:
    """Delete the catalogue's model `name` and what is left of its downloads.

    Args:
        name: of the catalogue.
        say: told when another process must be waited for.

    Returns:
        The number of bytes freed.
    """
    folders = (installed_folder(name), build_folder(name), fetch_folder(name))
    with locked(name, say):
        freed = sum(size_of(folder) for folder in folders)
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
    return freed


@contextmanager
def locked(name: str, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock under which the model `name` is changed; waits for other processes.

    Raises:
        DiskFullError: the disk filled up meanwhile.
        ModelUnavailableError: the cache folder cannot be written.
    """
    file = cache_folder() / "models" / f".{name}.lock"
    with _disk_errors():
        file.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(file)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            say(f"another process is changing {name}; waiting for it")
            lock.acquire()
        try:
            yield
        finally:
            lock.release()


@contextmanager
def _disk_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError(
                f"the disk is full: {cache_folder()}; make room or set CODEGEN_LSP_CACHE_DIR,"
                " then pull again"
            ) from error
        raise ModelUnavailableError(f"cannot change the model's files: {error}") from error


def _cached_snapshot(hub_id: str) -> Path:
    # Here because the library is slow to import and most models are the catalogue's.
    from huggingface_hub import snapshot_download  # noqa: PLC0415
    from huggingface_hub.errors import (  # noqa: PLC0415
        HFValidationError,
        LocalEntryNotFoundError,
    )

    try:
        folder = Path(snapshot_download(hub_id, local_files_only=True))
    except LocalEntryNotFoundError as error:
        raise _not_fetched(hub_id) from error
    except HFValidationError as error:
        raise catalogue.unknown_model(hub_id) from error
    if not (folder / "config.json").exists() or not _has_weights(folder):
        raise _not_fetched(hub_id)
    return folder


def _has_weights(folder: Path) -> bool:
    """Whether all safetensors files of a model are in `folder`; a fetch may have been cut off."""
    index = folder / "model.safetensors.index.json"
    if not index.exists():
        return any(folder.glob("*.safetensors"))
    try:
        shards = set(json.loads(index.read_text("utf-8"))["weight_map"].values())
    except (ValueError, KeyError, AttributeError):
        return False
    return all((folder / shard).exists() for shard in shards)


def _not_fetched(name: str) -> NotFetchedError:
    is_folder = Path(name, "config.json").is_file()
    return NotFetchedError(
        f"the model {name} is not on this machine; `codegen-lsp model pull {name}` fetches it"
        + (f", and ./{name} is the folder here" if is_folder else "")
    )
