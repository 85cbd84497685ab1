"""The user's and the project's settings files: where they are and how they are read.

Knows TOML tables, not settings. A project file belongs to whoever wrote the repository, so that one
which is huge, no regular file or nested without end is refused before it can do harm: tomllib takes
microseconds for each token, and for a dotted key the square of its length.
"""

import errno
import os
import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import platformdirs

_PROJECT_FILE = ".codegen-lsp.toml"
_PYPROJECT = "pyproject.toml"
_SECTION = "codegen-lsp"
_LARGEST = 64_000
_LARGEST_PYPROJECT = 512_000  # it may list what others depend on
_MOST_DOTS = 16
_LONGEST_WORD = 1000  # Python refuses to print a number of 4300 digits
# Beside each other as TOML has them: a quote in a comment opens no string. What is not closed
# reaches as far as tomllib reads before it gives up.
_STRING_OR_COMMENT = re.compile(
    r'''
    """(?:[^"\\]++|\\[\s\S]|"(?!""))*+(?:"{3,5})?
    | \'{3}(?:[^']++|'(?!\''))*+(?:'{3,5})?
    | "(?:[^"\\\n]++|\\.)*+"?
    | '[^'\n]*+'?
    | (?P<comment>\#[^\n]*+)
    ''',
    re.VERBOSE,
)
_WORD = re.compile(r"[\w-]++(?:[ \t]*+\.[ \t]*+[\w-]++)*+")


@dataclass(frozen=True)
class Table:
    """What a file says.

    Attributes:
        label: names the file in messages.
        content: values by key; empty where there is no file or it cannot be used.
        problem: why it cannot be used, on one line.
    """

    label: str
    content: dict[str, Any] = field(default_factory=dict)
    problem: str | None = None


def user_file_path(environ: Mapping[str, str]) -> Path:
    """Where the user's settings are; `CODEGEN_LSP_CONFIG_DIR` in `environ` moves them."""
    given = environ.get("CODEGEN_LSP_CONFIG_DIR")
    folder = Path(given).absolute() if given else Path(platformdirs.user_config_dir("codegen-lsp"))
    return folder / "config.toml"


def user_table(environ: Mapping[str, str]) -> Table:
    """What the user's file says."""
    path = user_file_path(environ)
    return _read(path, f"user file {_with_tilde(path)}") or Table("user file")


def project_table(folder: Path | None) -> Table:
    """What `.codegen-lsp.toml` in `folder` says or, without one, our section of pyproject.toml."""
    if folder is None:
        return Table(_PROJECT_FILE)
    own = _read(folder / _PROJECT_FILE, f"project file {_PROJECT_FILE}")
    if own is not None:
        return own
    shared = _read(folder / _PYPROJECT, f"project file {_PYPROJECT}", _LARGEST_PYPROJECT)
    return _section(shared or Table(_PYPROJECT))


def project_folder(path: Path) -> Path | None:
    """The nearest folder at or above `path`, which need not exist, that holds a project.

    Returns:
        One with `.codegen-lsp.toml`, pyproject.toml or `.git` in it; None where there is none.
    """
    # os.path, because Path's functions raise where one may not look, and keep "..".
    start = Path(os.path.abspath(path))  # noqa: PTH100
    for folder in (start, *start.parents):
        if any(os.path.exists(folder / name) for name in (_PROJECT_FILE, _PYPROJECT, ".git")):  # noqa: PTH110
            return folder
    return None


def _section(table: Table) -> Table:
    """Our section of pyproject.toml."""
    tool = table.content.get("tool")
    section = tool.get(_SECTION, {}) if isinstance(tool, dict) else {}
    if isinstance(section, dict):
        return Table(table.label, section, table.problem)
    return Table(table.label, problem=f"{table.label}: tool.{_SECTION} is not a table")


def _read(path: Path, label: str, largest: int = _LARGEST) -> Table | None:
    """The table in the file at `path` of at most `largest` bytes; None where there is no file."""
    try:
        return Table(label, tomllib.loads(_text(path, largest)))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        problem = f"cannot be read: {error.strerror}"
    except RecursionError:
        problem = "cannot be read: nested too deeply"
    except ValueError as error:  # TOML or UTF-8
        problem = f"not valid TOML: {' '.join(str(error).split())}"
    return Table(label, problem=f"{label}: {problem}")


def _text(path: Path, largest: int) -> str:
    """What the file says, if it can be parsed at once."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "not a regular file")
    if status.st_size > largest:
        raise OSError(errno.EFBIG, f"larger than {largest // 1000} kB")
    text = path.read_text("utf-8-sig")
    structure = _STRING_OR_COMMENT.sub(lambda found: "" if found["comment"] else "q", text)
    if len(structure) > _LARGEST:
        raise OSError(errno.EFBIG, f"more than {_LARGEST // 1000} kB beside texts and comments")
    for word in _WORD.findall(structure):
        if word.count(".") > _MOST_DOTS or len(word) > _LONGEST_WORD:
            raise OSError(errno.EINVAL, f"{word[:20]}... is too long for a key or a number")
    return text


def _with_tilde(path: Path) -> str:
    home = os.path.expanduser("~")  # noqa: PTH111 - Path's raises where there is no home
    return f"~/{path.relative_to(home).as_posix()}" if path.is_relative_to(home) else str(path)
