"""Reading a git repository: what it holds at a commit.

Everything comes from git's own objects: the work tree is neither read nor touched, no hook runs and
nothing is fetched. Paths are relative to the folder that is asked about, which may lie inside a
repository; only what is below it counts then. Submodules and symbolic links are passed over.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from codegen_lsp.errors import UsageError
from finetune.git_commands import clean_environment, command_of, finished, output_of

# They fit into any pipe, so that neither side waits for the other to read.
_ASKED_AT_ONCE = 64
_PLAIN_FILES = ("100644", "100755")
_UNSAFE = frozenset({"", ".", "..", ".git"})


@dataclass(frozen=True, slots=True)
class TrackedFile:
    """A file in a commit.

    Attributes:
        path: with `/`.
        blob: git's name for its content.
        size: in bytes.
    """

    path: str
    blob: str
    size: int


def commit_of(folder: Path, revision: str = "HEAD") -> str:
    """The full name of the commit that `revision` means in the repository that holds `folder`.

    Raises:
        UsageError: `folder` is in no repository, there is no commit yet, or none of that name.
    """
    if found := resolved(folder, revision):
        return found
    raise UsageError(f"{folder} has no revision {revision!r}; `git log --oneline` lists them")


def resolved(folder: Path, revision: str) -> str | None:
    """The full name of the commit that `revision` means; None if none is called so.

    Raises:
        UsageError: `folder` is in no repository, or there is no commit yet.
    """
    found = _resolved(folder, revision)
    if found is None and _resolved(folder, "HEAD") is None:
        _check_repository(folder)
        raise UsageError(
            f"{folder} is a git repository without a commit: `git add` and `git commit` what is "
            "to be learnt"
        )
    return found


def prefix_of(folder: Path) -> str:
    """The path of `folder` from the top of its repository: empty, or ending in `/`.

    Raises:
        UsageError: `folder` is in no repository.
    """
    return os.fsdecode(output_of(folder, "rev-parse", "--show-prefix")).removesuffix("\n")


def first_commit(folder: Path) -> str | None:
    """The commit that the history in `folder` began with, the same in every whole clone.

    None where there is no history.

    Raises:
        UsageError: git is not installed.
    """
    asked = finished(folder, "rev-list", "--max-parents=0", "--first-parent", "HEAD")
    return asked.stdout.decode().strip() or None


def tracked_files(folder: Path, commit: str, only: Sequence[str] = ()) -> list[TrackedFile]:
    """The plain files below `folder` in `commit`, in the order of their paths.

    Those whose names are not UTF-8 are passed over, as they cannot be said in a prompt, and those
    that no checkout would write.

    Args:
        folder: in a repository.
        commit: of it.
        only: paths of the files that are asked for, which need not exist; none: all are.
    """
    found = []
    for entry in output_of(folder, "ls-tree", "-r", "-z", "-l", commit, "--", *only).split(b"\0"):
        facts, _, path = entry.partition(b"\t")
        if not path:
            continue
        mode, _, blob, size = facts.decode().split()
        if mode in _PLAIN_FILES and (name := _safe_name(path)) is not None:
            found.append(TrackedFile(name, blob, int(size)))
    return sorted(found, key=lambda file: file.path)


def contents(folder: Path, blobs: Iterable[str]) -> Iterator[bytes]:
    """What each of `blobs` holds, one at a time.

    Raises:
        UsageError: one is missing, as in a partial clone.
    """
    command = command_of(folder, "cat-file", "--batch")
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=clean_environment(),
    ) as process:
        requests, answers = process.stdin, process.stdout
        if requests is None or answers is None:
            raise RuntimeError("a process started with pipes has none")
        try:
            rest = iter(blobs)
            while asked := list(islice(rest, _ASKED_AT_ONCE)):
                requests.write("".join(f"{blob}\n" for blob in asked).encode())
                requests.flush()
                yield from (_answered(folder, blob, answers) for blob in asked)
        finally:
            requests.close()


def attributes(
    folder: Path, commit: str, paths: Sequence[str], names: Sequence[str]
) -> dict[tuple[str, str], str]:
    """What `.gitattributes` in `commit` say: "set", "unset" or a value, by path and attribute.

    What is unspecified is left out.
    """
    if not paths:
        return {}
    with tempfile.TemporaryDirectory() as scratch:
        # An index of its own: the attributes are then those of the commit, and no other changes.
        index = {"GIT_INDEX_FILE": str(Path(scratch, "index"))}
        output_of(folder, "read-tree", commit, environment=index)
        arguments = ("check-attr", "--cached", "-z", "--stdin", *names)
        asked = "".join(f"{path}\0" for path in paths).encode()
        output = output_of(folder, *arguments, environment=index, given=asked)
    fields = output.decode("utf-8", "replace").split("\0")
    answers = zip(fields[0::3], fields[1::3], fields[2::3], strict=False)
    return {(path, name): value for path, name, value in answers if value != "unspecified"}


def _answered(folder: Path, blob: str, answers: IO[bytes]) -> bytes:
    """What `blob` holds, the next of the `answers` of `git cat-file --batch`."""
    header = answers.readline().split()
    if len(header) != 3:
        raise UsageError(f"{folder} lacks the object {blob}; fetch the whole repository")
    size = int(header[2])
    return answers.read(size + 1)[:size]


def _check_repository(folder: Path) -> None:
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder; name the folder of a git repository")
    asked = finished(folder, "rev-parse", "--git-dir")
    if asked.returncode == 0:
        return
    said = asked.stderr.decode("utf-8", "replace").strip()
    if "dubious ownership" in said:
        raise UsageError(
            f"git does not trust {folder}, which belongs to another user; see `git status` there"
        )
    raise UsageError(f"{folder} is not a git repository: `git init`, add and commit")


def _resolved(folder: Path, revision: str) -> str | None:
    asked = finished(
        folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
    )
    return asked.stdout.decode().strip() if asked.returncode == 0 else None


def _safe_name(path: bytes) -> str | None:
    """The path as text; None for one that is no UTF-8, or that would lead elsewhere on disk."""
    try:
        name = path.decode()
    except UnicodeDecodeError:
        return None
    return name if _UNSAFE.isdisjoint(name.lower().split("/")) else None
