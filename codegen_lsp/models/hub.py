"""Fetching from the Hugging Face hub, or whatever `HF_ENDPOINT` names."""

import queue
import threading
from pathlib import Path

import requests
from huggingface_hub import constants, hf_hub_url, snapshot_download
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
)

from codegen_lsp.errors import (
    ChecksumError,
    FetchError,
    ModelUnavailableError,
    UnknownModelError,
)
from codegen_lsp.models.catalogue import CatalogueEntry
from codegen_lsp.models.progress import Progress

_ANSWER_SECONDS = 5
"""A hub that has not begun to answer by then is unreachable: DNS, connection and redirects."""

_STALL_SECONDS = 20
"""A download that brings nothing for so long has broken off."""

_CHUNK_BYTES = 1 << 16

_HTTP_ERROR: type[Exception] = HfHubHTTPError.__bases__[0]
"""Base of the connection errors of huggingface_hub's HTTP library, which differs by version."""

_SNAPSHOT_FILES = ["*.json", "*.safetensors", "*.model", "*.txt", "*.jinja"]


def download(entry: CatalogueEntry, folder: Path, progress: Progress) -> Path:
    """Fetch the model's GGUF file, going on where an earlier attempt ended.

    Args:
        entry: the model.
        folder: holds the unfinished file between attempts.
        progress: shown a bar over the file's bytes.

    Returns:
        The file, complete but not verified.

    Raises:
        FetchError: the hub cannot be reached, refuses or breaks off.
        ChecksumError: it offers a file of another size.
    """
    file = folder / f"{entry.file_name}.partial"
    offset = file.stat().st_size if file.exists() else 0
    if offset == entry.size:
        return file
    url = hf_hub_url(entry.hub_repository, entry.file_name)
    with _get(url, {"Range": f"bytes={offset}-"} if offset else {}) as response:
        offset = _first_byte(response, offset, entry)
        progress.start(f"{entry.name} (hub)", entry.size, offset)
        try:
            _append(response, file, offset, progress)
        except requests.RequestException as error:
            arrived = f"{file.stat().st_size:,} of {entry.size:,} bytes"
            raise FetchError(f"the hub broke off after {arrived}: {_reason(error)}") from error
    return file


def pull_snapshot(hub_id: str) -> None:
    """Bring the `transformers` model `hub_id` into the Hugging Face cache.

    Raises:
        UnknownModelError: the hub has no such model.
        ModelUnavailableError: its licence must be accepted first.
        FetchError: the hub cannot be reached or breaks off.
    """
    try:
        url = hf_hub_url(hub_id, "config.json")
    except HFValidationError as error:
        raise UnknownModelError(f"{hub_id!r} is no hub id (owner/name)") from error
    _get(url, {}).close()  # huggingface_hub itself would wait minutes for a hub that is not there
    try:
        snapshot_download(hub_id, allow_patterns=_SNAPSHOT_FILES, etag_timeout=_ANSWER_SECONDS)
    except GatedRepoError as error:
        raise ModelUnavailableError(
            f"the hub shows {hub_id} only to those who accepted its licence; accept it on the"
            " model's page, then run `hf auth login`"
        ) from error
    except RepositoryNotFoundError as error:
        raise UnknownModelError(f"the hub has no model {hub_id!r} that you may see") from error
    except (_HTTP_ERROR, LocalEntryNotFoundError, OSError) as error:
        raise FetchError(f"cannot fetch {hub_id} from the hub: {_reason(error)}") from error


def _get(url: str, headers: dict[str, str]) -> requests.Response:
    """Ask for `url`; the answer's body is still to be read.

    A thread asks, because name resolution and redirects know no time limit.
    """
    if constants.HF_HUB_OFFLINE:
        raise FetchError("the hub is not asked while HF_HUB_OFFLINE is set")
    answers: queue.SimpleQueue[requests.Response | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(
                requests.get(
                    url,
                    headers={"Accept-Encoding": "identity", **headers},
                    stream=True,
                    timeout=(_ANSWER_SECONDS, _STALL_SECONDS),
                )
            )
        except (OSError, ValueError) as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=_ANSWER_SECONDS)
    except queue.Empty:
        raise FetchError(f"the hub did not answer within {_ANSWER_SECONDS} s") from None
    if isinstance(answer, Exception):
        raise FetchError(f"the hub cannot be reached: {_reason(answer)}") from answer
    return answer


def _first_byte(response: requests.Response, offset: int, entry: CatalogueEntry) -> int:
    """Where in the file the body of `response` begins."""
    if response.status_code == requests.codes.partial_content:
        expected = f"bytes {offset}-{entry.size - 1}/{entry.size}"
        offered = response.headers.get("Content-Range")
    elif response.status_code == requests.codes.ok:
        offset, expected = 0, str(entry.size)
        offered = response.headers.get("Content-Length")
    else:
        raise FetchError(f"the hub answered {response.status_code} {response.reason}")
    if offered != expected:
        raise ChecksumError(f"the hub offers another file: {offered} instead of {expected} bytes")
    return offset


def _append(response: requests.Response, file: Path, offset: int, progress: Progress) -> None:
    with file.open("ab" if offset else "wb") as out:
        for chunk in response.iter_content(_CHUNK_BYTES):
            out.write(chunk)
            progress.advance(len(chunk))


def _reason(error: BaseException) -> str:
    """The innermost cause that an HTTP library wrapped, as one line."""
    inner = getattr(error, "reason", None) or next(iter(error.args), None)
    if isinstance(inner, BaseException):
        return _reason(inner)
    return " ".join((inner if isinstance(inner, str) else str(error)).split())
