"""Names that do not exist: those of a suggestion that neither file nor workspace nor language has.

A name counts as known wherever there is a doubt. A class or a module lacks a name for certain if
the texts of all files that its members may come from do not even hold the word.
"""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from codegen_lsp.context import builtin_names
from codegen_lsp.context.families import Families
from codegen_lsp.context.index import Index
from codegen_lsp.context.lacking import (
    Lack,
    argument_is_lacking,
    import_is_lacking,
    member_is_lacking,
)
from codegen_lsp.context.place import headers_above
from codegen_lsp.context.receivers import SELF, Receivers, surroundings
from codegen_lsp.context.sources import has_word, passes_everything
from codegen_lsp.syntax.names import LANGUAGES, Name, names_between
from codegen_lsp.syntax.parsing import prefix_window
from codegen_lsp.text import Snapshot

Certainty = Literal["certain", "likely"]
"""A "certain" one has no meaning here, unless code makes names at run time; a "likely" one only
occurs nowhere, or is known elsewhere and not imported here."""

LONGEST_S = 0.004
"""Seconds that members are looked for; with the reading of the code it is 5 ms in most cases."""

_BEFORE, _AFTER, _HEADERS = 6000, 1000, 30_000
_LONG_QUOTES = ('"""', "'''")
_HEADER = re.compile(
    r"[ \t]*(?:(?:class|def|async|if|elif|else|for|while|with|try|except|finally)\b.*:|.*\{)"
    r"[ \t]*\Z"
)
_SPECIAL = re.compile(r"_*\Z|__\w+__\Z")
_CONSTANT = re.compile(r"[A-Z][A-Z0-9_]*\Z")


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A name of a suggestion that nothing knows.

    Attributes:
        name: as written.
        receiver: what it is joined to, as in "shop.client()"; "" for a name that stands alone.
        certainty: how sure that is.
    """

    name: str
    receiver: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Workspace:
    """The workspace as seen from the cursor.

    Attributes:
        receivers: follows the names of the file.
        index: of the workspace.
    """

    receivers: Receivers
    index: Index


def workspace_at(
    snapshot: Snapshot, offset: int, name: str, root: Path, index: Index
) -> Workspace | None:
    """The workspace at `root` as seen from `offset` of its file `name`.

    It can be asked about several suggestions for that place. None while the index is not complete,
    so that it cannot be told what there is, and for a language without a grammar.
    """
    if not index.is_complete():
        return None
    receivers = surroundings(snapshot, offset, name, root, index)
    return None if receivers is None else Workspace(receivers, index)


def unknown_names(
    snapshot: Snapshot,
    offset: int,
    suggestion: str,
    workspace: Workspace | None = None,
    *,
    longest_s: float = LONGEST_S,
) -> tuple[UnknownName, ...]:
    """The names in `suggestion` that do not exist, each once, in its order.

    Args:
        snapshot: the document, without the suggestion; lines end with newlines only.
        offset: of the cursor in it.
        suggestion: what is put there.
        workspace: what its other files know; without it only names that stand alone are judged.
        longest_s: seconds after which no further receiver is followed; an evaluation, which must
            not hang on the machine, gives plenty.
    """
    language, end_s = snapshot.language, time.perf_counter() + longest_s
    if language not in LANGUAGES or passes_everything(snapshot.text):
        return ()
    before = _before(snapshot.text[:offset], language)
    if before is None:
        return ()
    found = names_between(language, before, suggestion, _lines(snapshot.text, offset))
    if found.is_open:
        return ()
    end = len(before) + len(suggestion)
    used = [each for each in found.used if each.offset + len(each.text) <= end]
    bound = frozenset(name for name, _ in found.bound)
    judge = _Judge(snapshot, bound, workspace, lambda: time.perf_counter() > end_s)
    distinct = {(each.role, each.owners, each.text): each for each in reversed(used)}
    unsure = [each for name in reversed(distinct.values()) for each in judge.judged(name)]
    return tuple(dict.fromkeys(judge.settled(unsure)))


def _before(prefix: str, language: str) -> str | None:
    """The end of `prefix` that is read, below the headers that it stands in.

    It does not begin within a long string of Python; None where all of it is one.
    """
    before = prefix_window(prefix, _BEFORE)
    above = prefix[: len(prefix) - len(before)]
    for quotes in _LONG_QUOTES if language == "python" else ():
        if above.count(quotes) % 2:
            _, closed, before = before.partition(quotes)
            if not closed:
                return None
            before = before[before.find("\n") + 1 :]
    above = headers_above(prefix[: len(prefix) - len(before)][-_HEADERS:], before)
    return "".join(f"{line}\n" for line in above.split("\n") if _HEADER.match(line)) + before


def _lines(text: str, offset: int) -> str:
    """What follows, as far as it is read, to the end of a line."""
    after = text[offset : offset + _AFTER]
    return after[: after.rfind("\n") + 1] or after


@dataclass(frozen=True, slots=True)
class _Unsure:
    """A name that nothing knows yet; `certainty` is None where the index is still to be asked."""

    name: Name
    certainty: Certainty | None


class _Judge:
    """Judges the names of one suggestion."""

    def __init__(
        self,
        snapshot: Snapshot,
        bound: frozenset[str],
        workspace: Workspace | None,
        is_late: Callable[[], bool],
    ) -> None:
        self._is_late = is_late
        self._language = snapshot.language
        self._text = snapshot.text
        self._bound = bound
        self._workspace = workspace
        self._families = None if workspace is None else Families(workspace.receivers)

    def judged(self, name: Name) -> Iterator[_Unsure]:
        """`name` if it may not exist."""
        if name.role == "alone":
            if not self._is_known(name.text, builtin_names.alone(self._language)):
                yield _Unsure(name, None)
        elif self._families and not _SPECIAL.match(name.text):
            lack = "unknown" if self._is_late() else self._lack(name, self._families)
            if lack in ("certain", "likely"):
                # What others are given at run time is rarely meant to be, but may be.
                yield _Unsure(name, "likely" if name.role == "given" else lack)
            elif lack == "unknown" and self._is_strange(name):
                yield _Unsure(name, None)

    def settled(self, unsure: Sequence[_Unsure]) -> Iterator[UnknownName]:
        """Those of `unsure` that the index does not know either; it is asked once."""
        asked = [each.name.text for each in unsure if each.certainty is None]
        known: dict[str, bool] = {}
        if asked and self._workspace is not None:
            file = self._workspace.receivers.library.name
            known = self._workspace.index.known(asked, file)
        for each in unsure:
            certainty = each.certainty or self._of_unknown(each.name, known)
            if certainty is not None:
                yield UnknownName(each.name.text, ".".join(each.name.owners), certainty)

    def _of_unknown(self, name: Name, known: dict[str, bool]) -> Certainty | None:
        """How sure it is that a name does not exist that stands alone or behind anything."""
        if name.role != "alone":
            return None if name.text in known else "likely"
        if known.get(name.text):
            return None
        is_elsewhere = name.text in known or name.text in builtin_names.modules(self._language)
        return "likely" if is_elsewhere else "certain"

    def _is_strange(self, name: Name) -> bool:
        """Whether `name`, joined to something unknown, is not even known as a member of that."""
        if name.role != "member" or self._language == "go" or _CONSTANT.match(name.text):
            return False  # Go's libraries are nowhere listed
        return not self._is_known(name.text, builtin_names.members(self._language))

    def _is_known(self, name: str, builtin: frozenset[str]) -> bool:
        return name in builtin or name in self._bound or has_word(self._text, name)

    def _lack(self, name: Name, families: Families) -> Lack:
        """Whether the receiver, the function called or the module is sure to lack the name."""
        if name.role == "imported":
            return import_is_lacking(name, families.receivers)
        if name.role == "member" and name.text in self._bound:
            return "none"
        first = name.owners[0]
        if first.removesuffix("()") in self._bound or (name.role == "given" and first in SELF):
            return "unknown"
        if name.role == "argument":
            return argument_is_lacking(name, families)
        return member_is_lacking(name, families)
