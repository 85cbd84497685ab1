"""What ignore files say: .gitignore of every level, .git/info/exclude, and .codegenignore.

Git's rules and ours stand side by side: a file is ignored if either ignores it, so neither can
take back what the other says. Patterns are rewritten to start at one top folder, so the rules of a
whole tree are one list. pathspec compiles them; which one decides is found here, since its own
answer for a folder lets a pattern that takes back the folder above win.
"""

import os
import re
import warnings
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pathspec.patterns.gitignore import GitIgnorePatternError
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

from codegen_lsp.context.content import read_bytes

# The last line first, since it decides: whether it ignores, and what it matches.
Patterns = tuple[tuple[bool, re.Pattern[str]], ...]

IGNORE_FILES = frozenset({".git", ".gitignore", ".codegenignore"})
_LARGEST = 1_000_000
# What cannot be read may name anything.
_EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """The rules that hold in a folder; paths are relative to the top that they start from.

    Attributes:
        git: from .gitignore and .git/info/exclude.
        own: from .codegenignore.
    """

    git: Patterns = ()
    own: Patterns = ()

    def ignores(self, path: str) -> bool:
        """Whether the file `path`, or the folder if it ends in "/", is ignored.

        The folders above it must be known not to be.
        """
        return matches(self.git, path) or matches(self.own, path)


def entering(rules: IgnoreRules, folder: str, inside: str) -> IgnoreRules:
    """The rules inside a folder of which `rules` hold around it.

    Args:
        rules: of the folder above.
        folder: where it is.
        inside: its path from the top, empty for the top and otherwise ending in "/".
    """
    exclude, ignore, own = (
        patterns_of(text, inside)
        for text in (
            _exclude_text(folder),
            _text(f"{folder}{os.sep}.gitignore"),
            _text(f"{folder}{os.sep}.codegenignore"),
        )
    )
    return IgnoreRules(ignore + exclude + rules.git, own + rules.own)


def matches(patterns: Patterns, path: str) -> bool:
    """Whether `patterns` name `path` itself, which ends in "/" for a folder."""
    end = len(path)
    for ignores, pattern in patterns:
        # A match that ends earlier is one of a folder above, which was asked about before.
        if pattern.search(path) and any(found.end() == end for found in pattern.finditer(path)):
            return ignores
    return False


@lru_cache(maxsize=1024)
def patterns_of(text: str, inside: str = "") -> Patterns:
    """The patterns of an ignore file with `text` in the folder `inside`, which ends in "/"."""
    found = (_pattern(line.removesuffix("\r"), inside) for line in reversed(text.split("\n")))
    return tuple(
        (pattern.include, pattern.regex)
        for pattern in found
        if pattern is not None and pattern.include is not None and pattern.regex is not None
    )


def _text(path: str) -> str:
    """What an ignore file says; that it ignores everything, where it cannot be read."""
    if not os.path.isfile(path):  # noqa: PTH113 - many folders
        return ""
    data = read_bytes(os.path.realpath(path), _LARGEST)
    if data is None or len(data) > _LARGEST:
        return _EVERYTHING
    return data.decode("utf-8", "surrogateescape").removeprefix("\ufeff")


def _exclude_text(folder: str) -> str:
    git = Path(folder, ".git")
    if git.is_file():  # a worktree or a submodule: one line that says where the folder is
        git = Path(folder, _text(str(git)).removeprefix("gitdir:").strip())
        common = _text(str(git / "commondir")).strip()
        git = git / common if common else git
    return _text(str(git / "info" / "exclude"))


def _pattern(line: str, inside: str) -> GitIgnoreSpecPattern | None:
    """The pattern that a line stands for, if it is one."""
    if not line or line.startswith("#"):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # re's, of "[[" in a set
            return GitIgnoreSpecPattern(_from_top(line, inside))
    except (GitIgnorePatternError, re.error):
        return None


def _from_top(line: str, inside: str) -> str:
    sign, body = ("!", line[1:]) if line.startswith("!") else ("", line)
    body = re.sub(r"(?<!\\) +$", "", body)
    if body.endswith("/**"):
        body = f"{body}/*"  # the same, in a form whose matches end where the path does
    if not inside or not body.strip("/"):
        return f"{sign}{body}"
    folder = re.sub(r"([\\*?\[\]])", r"\\\1", inside)
    anchored = "/" in body[:-1]
    return f"{sign}/{folder}{body.removeprefix('/')}" if anchored else f"{sign}/{folder}**/{body}"
