"""The cursor's place: what its own file says about what may be needed there.

Nearness is what everything else is weighed with: 1 for a name on the cursor's line, less for each
line between. Of a long file only the part around the cursor is read, with its head and the headers
that it stands in.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from codegen_lsp.syntax.definitions import Definition, definitions
from codegen_lsp.syntax.imports import Import, imports
from codegen_lsp.syntax.indentation import indent_width
from codegen_lsp.syntax.parsing import Tree, parse
from codegen_lsp.syntax.references import references
from codegen_lsp.syntax.scopes import enclosing

SHOWN_BEFORE, SHOWN_AFTER = 3000, 1000
"""Characters on each side of the cursor that a prompt surely shows anyway."""

_HEAD, _BEFORE, _AFTER = 10_000, 24_000, 8_000
_BEFORE_AROUND = 8_000  # read several times to find what the cursor stands in
_LINES_BEFORE, _LINES_AFTER = 40, 12
_HALF = 6  # lines before the cursor at which a name is half as near
_UNUSED, _USED_FAR = 0.4, 0.2
_LIKE = 0.6  # how much words alike say, compared to the name itself
_NAME = re.compile(r"[A-Za-z_]\w*")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_JOINT = re.compile(r"\s*(?:[?!]?\.|->|::)\Z")
_JOINT_ENDS = frozenset(".>:")
_LINK = re.compile(r"(?<!\w)(?P<name>[A-Za-z_]\w*)(?:\((?:[^()\n]|\([^()\n]*\))*\))?\Z")
_LONGEST_JOINT, _LONGEST_LINK = 40, 200  # characters: a line break and its indentation; a call


@dataclass(frozen=True, slots=True)
class Use:
    """A name used near the cursor.

    Attributes:
        name: as written.
        owners: the names it is joined to: `a`, `b` for `a.b().name`; "?" where one cannot be told.
        nearness: above 0, at most 1.
    """

    name: str
    owners: tuple[str, ...]
    nearness: float


@dataclass(frozen=True)
class Place:
    """A cursor in a text.

    Attributes:
        language: LSP language identifier.
        tree: of the text, or of what is read of it.
        offset: of the cursor in the tree's text.
    """

    language: str
    tree: Tree
    offset: int

    @property
    def text(self) -> str:
        """What is read of the file."""
        return self.tree.text

    @property
    def shown(self) -> tuple[int, int]:
        """Offsets between which the prompt shows the text."""
        return max(self.offset - SHOWN_BEFORE, 0), self.offset + SHOWN_AFTER

    @cached_property
    def imports(self) -> list[Import]:
        """What the file imports."""
        return imports(self.tree)

    @cached_property
    def definitions(self) -> list[Definition]:
        """What the file defines."""
        return definitions(self.tree)

    @cached_property
    def around(self) -> list[Definition]:
        """The definitions that the cursor stands in, outermost first."""
        text, offset = _condensed(self.text[: self.offset], self.offset, 0, _BEFORE_AROUND)
        tree = parse(self.language, text)
        shift = self.offset - offset
        return [
            replace(each, start=max(each.start + shift, 0), end=each.end + shift)
            for each in ([] if tree is None else enclosing(tree, offset))
        ]

    @cached_property
    def typed(self) -> str:
        """The beginning of a name that stands directly before the cursor."""
        match = re.search(r"[A-Za-z_]\w*\Z", self.text[max(self.offset - 100, 0) : self.offset])
        return match.group() if match else ""

    @cached_property
    def receiver(self) -> tuple[str, ...]:
        """The names that the name at the cursor is joined to; none where it stands alone."""
        return _owners(self.text, self.offset - len(self.typed))

    @cached_property
    def uses(self) -> list[Use]:
        """The names used near the cursor, each once for each of its owners, the nearest first."""
        start, end = self._near()
        used = set(references(self.tree, start, end))
        best: dict[tuple[str, tuple[str, ...]], float] = {}
        for match, nearness in self._names(start, end):
            if match.group() in used:
                key = (match.group(), _owners(self.text, match.start()))
                best[key] = max(best.get(key, 0.0), nearness)
        found = [Use(name, owners, nearness) for (name, owners), nearness in best.items()]
        return sorted(found, key=lambda use: (-use.nearness, use.name, use.owners))

    @cached_property
    def near(self) -> Mapping[str, float]:
        """How near each name is that is used near the cursor."""
        return {use.name: use.nearness for use in reversed(self.uses)}

    @cached_property
    def words(self) -> Mapping[str, float]:
        """How near each word is, of names and of prose: "get" and "user" of `get_user`."""
        best: dict[str, float] = {}
        start, end = self._near()
        for match, nearness in self._names(start, end):
            for word in words_of(match.group()):
                best[word] = max(best.get(word, 0.0), nearness)
        return best

    def line_of(self, offset: int) -> int:
        """Number of the line that holds `offset`, from one."""
        return bisect_right(self._line_starts, offset)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def need_of(self, alias: str) -> float:
        """How likely the imported name `alias` is needed at the cursor.

        One that is not used yet is to be used somewhere.
        """
        is_used = self._counts[alias.rpartition(".")[2]] > 1
        return self.relevance(alias, _USED_FAR if is_used else _UNUSED)

    def relevance(self, name: str, floor: float) -> float:
        """How likely `name` is needed at the cursor, from `floor` to 1."""
        if self.typed and not self.receiver and name.startswith(self.typed):
            return 1.0
        return max(self.near.get(name, 0.0), _LIKE * self.likeness(name), floor)

    def likeness(self, name: str) -> float:
        """How much of `name` is in the words near the cursor, from 0 to 1."""
        words = words_of(name)
        return sum(self.words.get(word, 0.0) for word in words) / len(words) if words else 0.0

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter(_NAME.findall(self.text))

    def _near(self) -> tuple[int, int]:
        lines_before = self.text[: self.offset].splitlines(keepends=True)[-_LINES_BEFORE - 1 :]
        lines_after = self.text[self.offset :].splitlines(keepends=True)[: _LINES_AFTER + 1]
        before, after = "".join(lines_before)[-4000:], "".join(lines_after)[:1500]
        return self.offset - len(before), self.offset + len(after)

    def _names(self, start: int, end: int) -> Iterator[tuple[re.Match[str], float]]:
        """Each word between the offsets, but for the unfinished one at the cursor."""
        line = self.text.count("\n", start, self.offset)
        seen, at = 0, start
        for match in _NAME.finditer(self.text, start, end):
            seen, at = seen + self.text.count("\n", at, match.start()), match.start()
            if match.start() <= self.offset <= match.end() and self.typed:
                continue
            distance = line - seen if seen <= line else 1.5 * (seen - line)
            yield match, _HALF / (_HALF + distance)


def place_at(language: str, text: str, offset: int) -> Place | None:
    """The place at `offset` of `text`; None for a language without a grammar."""
    text, offset = _condensed(text, offset, _HEAD, _BEFORE)
    tree = parse(language, text)
    return None if tree is None else Place(language, tree, offset)


def words_of(name: str) -> list[str]:
    """The words that `name` is made of, in lower case; those of one or two letters left out."""
    return [word.lower() for word in _WORD.findall(name) if len(word) > 2]


def _condensed(text: str, offset: int, most_head: int, most_before: int) -> tuple[str, int]:
    """`text` without what is far from its head and from `offset`; and where that is then."""
    before, after = text[:offset], text[offset : offset + _AFTER]
    if len(before) <= most_head + most_before:
        return before + after, offset
    head = before[: before.find("\n", most_head) + 1] if most_head else ""
    start = before.find("\n", len(before) - most_before) + 1
    headers = headers_above(before[len(head) : start], before[start:])
    before = head + headers + before[start:]
    return before + after, len(before)


def headers_above(above: str, window: str) -> str:
    """The lines of `above` that the first line of `window` is indented under."""
    indent = next((indent_width(line) for line in window.splitlines() if line.strip()), 0)
    found: list[str] = []
    for line in reversed(above.splitlines()):
        if indent == 0:
            break
        if line.strip() and indent_width(line) < indent:
            indent = indent_width(line)
            found.insert(0, line + "\n")
    return "".join(found)


def _owners(text: str, start: int) -> tuple[str, ...]:
    """The names that the one beginning at `start` is joined to, the first first."""
    owners: list[str] = []
    while text[max(start - 1, 0) : start] in _JOINT_ENDS and (
        joint := _JOINT.search(text, max(start - _LONGEST_JOINT, 0), start)
    ):
        end = joint.start()
        link = _LINK.search(text, max(end - _LONGEST_LINK, 0), end)
        if link is None:
            return "?", *owners
        owners.insert(0, link["name"])
        start = link.start()
    return tuple(owners)
