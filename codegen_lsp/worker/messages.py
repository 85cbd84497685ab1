"""What parent and worker say to each other, and how it is cut into frames.

A frame is the length of its payload (8 bytes, big-endian) and the payload, a pickle. Both ends are
this package, and the pipe is private to them: nobody else can write what is unpickled here.
"""

import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from codegen_lsp.completion.options import CompletionOptions
from codegen_lsp.models.active_adapters import ActiveAdapter
from codegen_lsp.text import RecentEdit, Snapshot
from codegen_lsp.worker.docstring_messages import Question

HEADER_BYTES = 8

Decoder = Literal["auto", "lean", "transformers"]


@dataclass(frozen=True, slots=True)
class Load:
    """Load the model called `model`; it serves every `Complete` from then on.

    The result is one line on why its adapter is not in use; empty where all is as asked.

    Attributes:
        model: its name.
        precision: number format of the weights.
        decoder: what runs it.
        adapter: to be merged into the weights; of no use, it is left out.
        why_no_adapter: what is wrong where it is not even known which adapter is active.
    """

    model: str
    precision: str
    decoder: Decoder
    adapter: ActiveAdapter | None = None
    why_no_adapter: str = ""


@dataclass(frozen=True, slots=True)
class Pull:
    """Fetch the model called `model` from the first of `sources` ("hub", "mirror") that has it."""

    model: str
    sources: Sequence[str]


@dataclass(frozen=True, slots=True)
class Complete:
    """Complete `snapshot` at `offset`; the result is a list of suggestions."""

    snapshot: Snapshot
    offset: int
    options: CompletionOptions


@dataclass(frozen=True, slots=True)
class Prepare:
    """Read ahead what completing `snapshot` near `offset` will need soon."""

    snapshot: Snapshot
    offset: int


@dataclass(frozen=True, slots=True)
class Workspace:
    """Complete from now on with what is in the user's folders; replaces what was said before.

    Attributes:
        folders: of the workspace.
        recent: files that were open or edited lately, the newest first.
        denied_files: patterns of files that are never read, beside the usual ones.
        context: whether other files are read for what prompts may show of them.
        edits: what was edited lately, the latest first.
        docstring_style: of new docstrings; "auto" follows those that are there.
    """

    folders: tuple[Path, ...] = ()
    recent: tuple[Path, ...] = ()
    denied_files: tuple[str, ...] = ()
    context: bool = True
    edits: tuple[RecentEdit, ...] = ()
    docstring_style: str = "auto"


@dataclass(frozen=True, slots=True)
class Changed:
    """Files on disk have been saved, made, changed or removed."""

    paths: tuple[Path, ...]


Task = Load | Pull | Complete | Prepare | Workspace | Changed | Question


@dataclass(frozen=True, slots=True)
class Job:
    """To the worker: carry out `task` and answer to `id` with one `Done` or `Failed`."""

    id: int
    task: Task


@dataclass(frozen=True, slots=True)
class Cancel:
    """To the worker: nobody waits for the answer of `id` any more; there may be none."""

    id: int


@dataclass(frozen=True, slots=True)
class Progress:
    """From the worker: of what `title` names, `done` of `total` bytes are there."""

    id: int
    title: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Remark:
    """From the worker: one line about how the job goes."""

    id: int
    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """From the worker: the job's result; None for what only takes effect."""

    id: int
    result: Any


@dataclass(frozen=True, slots=True)
class Failed:
    """From the worker: the job raised.

    Attributes:
        id: of the job.
        error_type: name of the class. One of `codegen_lsp.errors` is an expected error; after any
            other the worker ends.
        message: one line.
    """

    id: int
    error_type: str
    message: str


@dataclass(frozen=True, slots=True)
class Indexing:
    """From the worker, of no job: how far the index of a workspace folder is.

    Attributes:
        folder: its path.
        done: files looked at.
        total: files there are, as far as is known; no less than `done`.
        is_over: nothing is under way any more.
    """

    folder: Path
    done: int
    total: int
    is_over: bool


Message = Job | Cancel | Progress | Remark | Indexing | Done | Failed


def encode(message: Message) -> bytes:
    """The frame of `message`."""
    payload = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return len(payload).to_bytes(HEADER_BYTES, "big") + payload


def payload_size(header: bytes) -> int:
    """How many bytes of payload follow the `header` of a frame."""
    return int.from_bytes(header, "big")


def decode(payload: bytes) -> Message:
    """The message in a frame's `payload`."""
    message: Message = pickle.loads(payload)  # noqa: S301 - our own process wrote it, see above
    return message
