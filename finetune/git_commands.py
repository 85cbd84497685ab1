"""Running git: with what it needs to give the same answers everywhere, and to change nothing."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from codegen_lsp.errors import UsageError

_OPTIONS = (
    *("--no-pager", "-c", "core.quotepath=off", "-c", "core.fsmonitor=false"),
    *("-c", "log.showSignature=false"),
)
# Hooks may be asked for by any command; what is missing in a partial clone stays missing.
_NO_HOOKS = ("-c", f"core.hooksPath={os.devnull}")
_ENVIRONMENT = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
# Set for hooks, and in some shells: they name another repository than the folder lies in.
_LOCATING = frozenset(
    {
        *("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"),
        *("GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_GRAFT_FILE", "GIT_SHALLOW_FILE"),
        *("GIT_NO_REPLACE_OBJECTS", "GIT_REPLACE_REF_BASE", "GIT_PREFIX", "GIT_NAMESPACE"),
    }
)


def text(folder: Path, *arguments: str) -> str:
    """What a git command writes.

    Raises:
        UsageError: it failed, or git is not installed.
    """
    return output_of(folder, *arguments).decode("utf-8", "replace")


@contextmanager
def reading(folder: Path, *arguments: str) -> Iterator[Iterator[bytes]]:
    """The lines that a command writes; it is ended when no more of them are wanted.

    Raises:
        UsageError: it failed after all had been read.
    """
    with subprocess.Popen(
        command_of(folder, *arguments),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=clean_environment(),
    ) as process:
        output = process.stdout
        if output is None:
            raise RuntimeError("a process started with a pipe has none")
        try:
            yield iter(output)
            if not output.read(1) and process.wait():
                raise UsageError(f"git {arguments[0]} failed in {folder}; run it there to see why")
        finally:
            process.kill()


def output_of(
    folder: Path,
    *arguments: str,
    environment: dict[str, str] | None = None,
    given: bytes | None = None,
) -> bytes:
    """What a git command writes; for the arguments see `finished`.

    Raises:
        UsageError: it failed, or git is not installed.
    """
    done = finished(folder, *arguments, environment=environment, given=given)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().split("\n")[0]
        raise UsageError(f"git {arguments[0]} failed in {folder}: {said}")
    return done.stdout


def finished(
    folder: Path,
    *arguments: str,
    environment: dict[str, str] | None = None,
    given: bytes | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """A git command that has ended, well or not.

    Args:
        folder: where it runs.
        arguments: the command and its own.
        environment: variables beside the usual ones.
        given: its standard input.

    Raises:
        UsageError: git is not installed.
    """
    try:
        return subprocess.run(
            command_of(folder, *arguments),
            input=given or b"",
            capture_output=True,
            env=clean_environment() | (environment or {}),
            check=False,
        )
    except FileNotFoundError as error:
        raise UsageError("git is not installed; fine-tuning reads the history with it") from error


def command_of(folder: Path, *arguments: str) -> list[str]:
    """A git command that runs in `folder`, for `subprocess`."""
    return ["git", "-C", str(folder), *_OPTIONS, *_NO_HOOKS, *arguments]


def clean_environment() -> dict[str, str]:
    """What git's environment is: the user's, without what names a repository."""
    inherited = {name: value for name, value in os.environ.items() if name not in _LOCATING}
    return {**inherited, **_ENVIRONMENT}
