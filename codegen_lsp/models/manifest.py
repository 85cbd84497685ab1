"""The record of what an installed model's files were when they were written, and the check.

A check at each start must cost nothing: it compares sizes, and reads only files that were touched.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from codegen_lsp.errors import DamagedModelError

MANIFEST_FILE = "manifest.json"
_WEIGHTS = "model.safetensors"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What a file was when it was written: bytes, checksum and time of modification."""

    size: int
    sha256: str
    mtime_ns: int


def check(folder: Path, *, full: bool) -> None:
    """Compare the files in `folder` with its manifest.

    Args:
        folder: an installed model of the catalogue.
        full: read every file; else only those whose time of modification has changed.

    Raises:
        DamagedModelError: a file is missing, truncated or altered.
    """
    for name, record in _read(folder).items():
        problem = _problem_with(folder / name, record, full=full)
        if problem:
            raise _damaged(folder, f"{name} is {problem}")


def source_sha256(folder: Path) -> str | None:
    """Checksum of the published file that the model in `folder` was made from.

    None where there is no manifest: the model is not of the catalogue.
    """
    try:
        manifest = json.loads((folder / MANIFEST_FILE).read_text("utf-8"))
        return str(manifest["source_sha256"])
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError) as error:
        raise _damaged(folder, f"{MANIFEST_FILE} is altered: {error}") from error


def sha256_of(file: Path) -> str:
    """Checksum of `file`, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write(folder: Path, source_sha256: str, converter_version: int) -> None:
    """Record what the files in `folder` are now, for later checks."""
    files = {}
    for file in sorted(folder.iterdir()):
        status = file.stat()
        files[file.name] = asdict(FileRecord(status.st_size, sha256_of(file), status.st_mtime_ns))
    manifest = {
        "source_sha256": source_sha256,
        "converter_version": converter_version,
        "files": files,
    }
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def converter_version(folder: Path) -> int:
    """Version of the converter that wrote the intact model in `folder`."""
    version: int = json.loads((folder / MANIFEST_FILE).read_text("utf-8"))["converter_version"]
    return version


def _problem_with(file: Path, record: FileRecord, *, full: bool) -> str | None:
    """What is wrong with `file`; the checksum is computed only if `full` or it has been touched."""
    try:
        status = file.stat()
    except FileNotFoundError:
        return "missing"
    if status.st_size < record.size:
        return f"truncated: {status.st_size:,} of {record.size:,} bytes"
    if status.st_size > record.size:
        return f"altered: {status.st_size:,} bytes instead of {record.size:,}"
    if (full or status.st_mtime_ns != record.mtime_ns) and sha256_of(file) != record.sha256:
        return "altered: its checksum differs"
    return None


def _read(folder: Path) -> dict[str, FileRecord]:
    try:
        manifest = json.loads((folder / MANIFEST_FILE).read_text("utf-8"))
        records = {name: FileRecord(**record) for name, record in manifest["files"].items()}
        for record in records.values():
            _ = (record.size + record.mtime_ns, record.sha256.lower())  # numbers, and a text
        if _WEIGHTS not in records or not isinstance(manifest["converter_version"], int):
            raise ValueError(f"it does not speak of {_WEIGHTS} and the converter")
        return records
    except FileNotFoundError as error:
        raise _damaged(folder, f"{MANIFEST_FILE} is missing") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _damaged(folder, f"{MANIFEST_FILE} is altered: {error}") from error


def _damaged(folder: Path, what: str) -> DamagedModelError:
    return DamagedModelError(
        f"the model in {folder} is damaged: {what}; `codegen-lsp model pull {folder.name}` mends it"
    )
