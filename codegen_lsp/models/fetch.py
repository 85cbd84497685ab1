"""Pull a model: fetch its file from the first source that has it, verify, convert, install.

May be killed at any moment: everything is made in folders that are not models, and the rename to
the model's own place is the last step. What has been downloaded stays for the next attempt.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

from codegen_lsp.errors import (
    ChecksumError,
    DamagedModelError,
    DiskFullError,
    FetchError,
    ModelUnavailableError,
    UsageError,
)
from codegen_lsp.models import catalogue, hub, manifest, mirror, store
from codegen_lsp.models.catalogue import CatalogueEntry
from codegen_lsp.models.convert import CONVERTER_VERSION, convert
from codegen_lsp.models.progress import Progress
from codegen_lsp.models.store import ModelFolder

DEFAULT_SOURCES = "hub,mirror"

_SOURCES = {"hub": hub.download, "mirror": mirror.download}

_ROOM_FACTOR = 4.5
"""Disk for the result, in sizes of the GGUF file: itself, and 16 bits for each 4.6 or more."""


def parse_sources(text: str) -> tuple[str, ...]:
    """The sources in `text`, such as "hub,mirror", in the order in which they are tried.

    Raises:
        UsageError: one is not known, or there is none.
    """
    sources = tuple(part.strip() for part in text.split(","))
    for source in sources:
        if source not in _SOURCES:
            raise UsageError(f"no source {source!r}: give {' or '.join(_SOURCES)}, or both")
    return sources


def pull(name: str, sources: Sequence[str], progress: Progress) -> ModelFolder:
    """Make sure that the model `name` is on this machine and intact.

    Args:
        name: of the catalogue, or a hub id.
        sources: "hub" and "mirror", in the order in which they are tried.
        progress: shown one bar for the download and one for the conversion.

    Raises:
        UnknownModelError: no such model.
        FetchError: no source could be reached, or each broke off; what arrived is kept.
        ChecksumError: a source served other bytes; they have been deleted.
        DiskFullError: the disk has no room.
    """
    entry = catalogue.find(name)
    if entry is not None:
        with store.locked(name, progress.say):
            return _pull_entry(entry, sources, progress)
    if store.is_hub_id(name):
        hub.pull_snapshot(name)
    return store.resolve(name)


def _pull_entry(entry: CatalogueEntry, sources: Sequence[str], progress: Progress) -> ModelFolder:
    final, build = store.installed_folder(entry.name), store.build_folder(entry.name)
    if not _is_current(final, progress):
        _salvage(build, entry)
        if final.exists():
            final.rename(build)
            _salvage(build, entry)
        _check_room(entry)
        gguf_file = _fetch(entry, sources, progress)
        _install(entry, gguf_file, progress)
    shutil.rmtree(store.fetch_folder(entry.name), ignore_errors=True)
    return ModelFolder(entry.name, final, entry.fim_format)


def _is_current(folder: Path, progress: Progress) -> bool:
    """Whether an intact model of this converter is in `folder`."""
    if not folder.exists():
        return False
    try:
        store.verify(folder)
    except DamagedModelError as error:
        progress.say(str(error))
        return False
    return manifest.converter_version(folder) == CONVERTER_VERSION


def _salvage(folder: Path, entry: CatalogueEntry) -> None:
    """Delete a stale or damaged folder, but keep the GGUF file in it as if just fetched."""
    gguf_file = folder / entry.file_name
    if gguf_file.exists():
        fetched = store.fetch_folder(entry.name)
        fetched.mkdir(exist_ok=True)
        gguf_file.replace(fetched / entry.file_name)
    shutil.rmtree(folder, ignore_errors=True)


def _check_room(entry: CatalogueEntry) -> None:
    folder = store.fetch_folder(entry.name)
    needed = int(entry.size * _ROOM_FACTOR) - store.size_of(folder)
    free = shutil.disk_usage(folder.parent).free
    if free < needed:
        raise DiskFullError(
            f"{entry.name} needs {needed / 1e9:.1f} GB of disk in {folder.parent}, where"
            f" {free / 1e9:.1f} GB are free; make room or set CODEGEN_LSP_CACHE_DIR"
        )


def _fetch(entry: CatalogueEntry, sources: Sequence[str], progress: Progress) -> Path:
    """The verified GGUF file, from the first source that gives it."""
    folder = store.fetch_folder(entry.name)
    folder.mkdir(exist_ok=True)
    target = folder / entry.file_name
    if target.exists() and _is_genuine(target, entry):
        return target
    problems: list[ModelUnavailableError] = []
    for source in sources:
        if problems:
            progress.say(f"{problems[-1]}; trying the {source}")
        try:
            arrived = _SOURCES[source](entry, folder, progress)
            _accept(arrived, target, entry, source)
        except (FetchError, ChecksumError) as error:
            problems.append(error)
        else:
            return target
    kind = ChecksumError if isinstance(problems[-1], ChecksumError) else FetchError
    raise kind(f"cannot fetch {entry.name}: {'; '.join(map(str, problems))}")


def _accept(arrived: Path, target: Path, entry: CatalogueEntry, source: str) -> None:
    """Let the file that `arrived` become `target` if it is the catalogue's; else delete it."""
    if not _is_genuine(arrived, entry):
        # It is not known which piece is wrong: none is kept.
        shutil.rmtree(target.parent)
        target.parent.mkdir()
        raise ChecksumError(
            f"the {source} served other bytes than {entry.file_name} has"
            f" (SHA-256 {entry.sha256[:12]}...); they were deleted"
        )
    arrived.replace(target)
    for leftover in target.parent.iterdir():
        if leftover.is_dir():
            shutil.rmtree(leftover, ignore_errors=True)
        elif leftover != target:
            leftover.unlink()


def _is_genuine(file: Path, entry: CatalogueEntry) -> bool:
    return file.stat().st_size == entry.size and manifest.sha256_of(file) == entry.sha256


def _install(entry: CatalogueEntry, gguf_file: Path, progress: Progress) -> None:
    build = store.build_folder(entry.name)
    build.mkdir()
    progress.start(f"{entry.name} (converting)", entry.size)
    convert(gguf_file, build, progress.advance)
    gguf_file.replace(build / entry.file_name)
    manifest.write(build, entry.sha256, CONVERTER_VERSION)
    build.rename(store.installed_folder(entry.name))
