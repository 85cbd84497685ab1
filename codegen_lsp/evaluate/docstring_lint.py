"""What the linters of Python docstrings say of those that were written: Ruff and pydoclint.

Both run as programs over copies of the files. Of what they find, only what is about one function
counts: between the first line of its header and the last of its docstring.
"""

import json
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from codegen_lsp.docstrings.content import StyleName
from codegen_lsp.errors import UsageError

_CONVENTIONS = {"google": "google", "numpy": "numpy", "sphinx": "pep257", "plain": "pep257"}
_FOUND = re.compile(r"\s+(\d+): (DOC\d+): (.*)")
_UNPARSED = frozenset({"invalid-syntax", "DOC002"})
# They ask for types in the signature and in the docstring, whatever the function has, and for a
# docstring of the module, at its first line.
_ABOUT_OTHERS = frozenset(
    {"DOC106", "DOC107", "DOC108", "DOC109", "DOC110", "DOC111", "D100", "D104"}
)
# All about arguments, returns, yields and raises. A constructor may have a docstring beside that of
# its class.
_PYDOCLINT_OPTIONS = {
    "--check-return-types": "False",
    "--check-yield-types": "False",
    "--allow-init-docstring": "True",
    "--skip-checking-short-docstrings": "False",
}


Linter = Literal["ruff", "pydoclint"]


@dataclass(frozen=True, slots=True)
class Linted:
    """A file to look at.

    Attributes:
        text: all of it.
        first: number of the function's first line, from 1.
        last: number of its docstring's last line.
    """

    text: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One diagnostic: who reports it at which line, its code and what it says."""

    linter: Linter
    line: int
    code: str
    message: str


def lint(files: Sequence[Linted], style: StyleName, folder: Path) -> list[list[Finding]]:
    """What both find, for each of `files`; `folder` is an empty one for their copies.

    Raises:
        UsageError: one of them is not installed.
    """
    names = [f"case_{number}.py" for number in range(len(files))]
    for name, file in zip(names, files, strict=True):
        (folder / name).write_text(file.text, encoding="utf-8", newline="\n")
    found: dict[str, list[Finding]] = {name: [] for name in names}
    for name, finding in [*_ruff(style, folder), *_pydoclint(style, folder)]:
        found[name].append(finding)
    return [
        [each for each in found[name] if _is_about(each, file)]
        for name, file in zip(names, files, strict=True)
    ]


def _is_about(finding: Finding, file: Linted) -> bool:
    inside = file.first <= finding.line <= file.last
    return (inside or finding.code in _UNPARSED) and finding.code not in _ABOUT_OTHERS


def _ruff(style: StyleName, folder: Path) -> Iterator[tuple[str, Finding]]:
    convention = f'lint.pydocstyle.convention="{_CONVENTIONS[style]}"'
    options = ("--isolated", "--no-cache", "--output-format", "json", "--config", convention)
    said = _output([_program("ruff"), "check", "--select", "D", *options, "."], folder)
    for each in json.loads(said):
        finding = Finding("ruff", each["location"]["row"], each["code"], each["message"])
        yield Path(each["filename"]).name, finding


def _pydoclint(style: StyleName, folder: Path) -> Iterator[tuple[str, Finding]]:
    """What pydoclint finds; it knows no style without sections."""
    if style == "plain":
        return
    settings = _PYDOCLINT_OPTIONS | {
        "--style": style,
        "--arg-type-hints-in-docstring": str(style == "numpy"),
    }
    options = [part for pair in settings.items() for part in pair]
    said = _output([_program("pydoclint"), "--quiet", *options, "."], folder)
    name = ""
    for line in said.splitlines():
        match = _FOUND.fullmatch(line)
        if match is not None:
            yield name, Finding("pydoclint", int(match[1]), match[2], match[3])
        elif line.endswith(".py"):
            name = Path(line).name


def _program(name: str) -> str:
    """The program of that name beside the Python that runs us.

    Raises:
        UsageError: it is not installed.
    """
    suffix = ".exe" if sys.platform == "win32" else ""
    path = Path(sysconfig.get_path("scripts"), name + suffix)
    if not path.exists():
        raise UsageError(f"{name} is not installed: pip install 'codegen-lsp[bench]'")
    return str(path)


def _output(command: Sequence[str], folder: Path) -> str:
    """What `command` prints about the files in `folder`, to either of its outputs.

    Raises:
        UsageError: it fails otherwise than by finding something.
    """
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode not in {0, 1}:
        raise UsageError(f"{Path(command[0]).name} failed: {done.stderr[-300:]}")
    return done.stdout or done.stderr  # pydoclint says what it finds on the second
