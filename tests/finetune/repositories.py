"""Git repositories that tests make up, and what they are made of."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

_AUTHOR = {
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


SMALL_RUN = """
rank = 2
max_epochs = 1
cases = 4
validation_cases = 2
sweep_cases = 0
general_cases = 1
"""
"""Settings of a fine-tuning that takes seconds."""


def git(folder: Path, *arguments: str, date: str = "2026-01-01T12:00:00+00:00") -> str:
    """What a git command says in `folder`."""
    dates = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
    environment = {**os.environ, **_AUTHOR, **dates}
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments],
        capture_output=True,
        check=True,
        text=True,
        env=environment,
    )
    return done.stdout.strip()


def commit(
    folder: Path, files: Mapping[str, str | bytes], date: str = "2026-01-01T12:00:00+00:00"
) -> str:
    """Write `files` into the repository at `folder`, which is made if need be; the new commit."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet", "--initial-branch=main")
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--allow-empty", "--message=x", date=date)
    return git(folder, "rev-parse", "HEAD")


def module(name: str, functions: int = 6) -> str:
    """Some Python that says something else for another `name`."""
    return "".join(
        f"def {name}_{number}(first, second):\n"
        f'    """Tell {name} number {number}."""\n'
        f"    {name}_total = first * {number} + compute_{name}(second, {number * 7})\n"
        f"    if {name}_total > {number * 11}:\n"
        f"        return [{name}_total, second.{name}_{number}]\n"
        f"    return finish_{name}({name}_total)\n\n\n"
        for number in range(functions)
    )
