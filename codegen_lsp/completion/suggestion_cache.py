"""Recent suggestions of one document, answered again as the user types along them: no model."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from codegen_lsp.completion.replacing import replaced_closers
from codegen_lsp.completion.suggestion import Suggestion

_MOST_PLACES = 32
_MOST_AUTO_CLOSED = 3
_AUTO_CLOSED = frozenset(")]}>\"'`")
_BLOCK = 1024


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a suggestion stands, told by lengths and hashes of the text on both sides.

    The prefix is hashed in two parts, its whole blocks and what is left of it: places that are a
    few keystrokes apart share the long part, which is then hashed once for all of them.
    """

    prefix_length: int
    prefix_hashes: tuple[int, int]
    suffix_length: int
    suffix_hash: int


@dataclass(frozen=True, slots=True)
class _Answer:
    """What was suggested at a place.

    Attributes:
        number: answers are counted; a newer one has a higher number.
        replaced: as much of the place's suffix as any of the suggestions replaces.
        suggestions: texts, or one silence.
    """

    number: int
    replaced: str
    suggestions: tuple[Suggestion, ...]


class SuggestionCache:
    """What the model answered at the last places of one document.

    A flat list and no trie, as the prefix's characters would be its path: it would hold the
    document's text once more and lose everything at each edit above. Here a place is two lengths
    and three hashes; for so few of them looking at all lengths costs microseconds, and only
    those are hashed whose suggestion begins with what was typed.
    """

    def __init__(self) -> None:
        self._answers: dict[_Place, _Answer] = {}  # the least recently used first
        self._count = 0

    def put(self, prefix: str, suffix: str, suggestions: Sequence[Suggestion]) -> None:
        """Remember the answer at the place between `prefix` and `suffix`, instead of an older one.

        Args:
            prefix: the whole document before the cursor.
            suffix: the whole document behind it.
            suggestions: texts with the document's line ends, or one silence.
        """
        around = _Around(prefix, suffix)
        hashes = around.prefix_hashes(len(prefix))
        place = _Place(len(prefix), hashes, len(suffix), around.suffix_hash("", 0))
        replaced = suffix[: max((each.replaces for each in suggestions), default=0)]
        self._count += 1
        self._answers.pop(place, None)
        self._answers[place] = _Answer(self._count, replaced, tuple(suggestions))
        if len(self._answers) > _MOST_PLACES:
            del self._answers[next(iter(self._answers))]

    def get(self, prefix: str, suffix: str) -> list[Suggestion]:
        """What remains of suggestions that the user has typed along, newest first, none twice.

        Between `suffix` and that of the remembered place may lie closers that the editor has
        inserted and the suggestion says: they give way to it. Those that already gave way may
        have been typed over. A silence is returned alone, and at its very place.
        """
        around = _Around(prefix, suffix)
        found: dict[str, Suggestion] = {}
        by_age = sorted(self._answers.items(), key=lambda item: item[1].number, reverse=True)
        for place, answer in by_age:
            rests = list(_rests(around, place, answer))
            if rests:
                self._answers[place] = self._answers.pop(place)
            for rest in rests:
                found.setdefault(rest.text, rest)
        return [each for each in found.values() if each.text] or list(found.values())


class _Around:
    """The text on both sides of a cursor, each part of it hashed once at most."""

    def __init__(self, prefix: str, suffix: str) -> None:
        self.prefix = prefix
        self.suffix = suffix
        self._blocks: dict[int, int] = {}
        self._suffixes: dict[tuple[str, int], int] = {}

    def prefix_hashes(self, length: int) -> tuple[int, int]:
        """Hashes of the whole blocks among the first `length` characters, and of the others."""
        start = length - length % _BLOCK
        if start not in self._blocks:
            self._blocks[start] = hash(self.prefix[:start])
        return self._blocks[start], hash(self.prefix[start:length])

    def suffix_hash(self, typed_over: str, inserted: int) -> int:
        """Hash of the suffix with `typed_over` put back and `inserted` characters taken out."""
        key = (typed_over, inserted)
        if key not in self._suffixes:
            self._suffixes[key] = hash(typed_over + self.suffix[inserted:])
        return self._suffixes[key]


def _rests(around: _Around, place: _Place, answer: _Answer) -> Iterator[Suggestion]:
    """What remains to be typed of an answer's suggestions; nothing if it is of another place."""
    typed = around.prefix[place.prefix_length :]
    offset = len(around.prefix)
    for suggestion in answer.suggestions:
        text = suggestion.text.removeprefix(typed)
        is_begun = offset >= place.prefix_length and suggestion.text.startswith(typed)
        if not is_begun or not (text.strip() or (suggestion.reason and not typed)):
            continue
        for typed_over, inserted in _changes(around, place, answer, suggestion, typed):
            if _is_at(around, place, typed_over, inserted):
                replaces = suggestion.replaces - len(typed_over) + inserted
                yield replace(suggestion, text=text, offset=offset, replaces=replaces)
                break


def _changes(
    around: _Around, place: _Place, answer: _Answer, suggestion: Suggestion, typed: str
) -> Iterator[tuple[str, int]]:
    """Ways in which typing may have changed the suffix: what was typed over, how much inserted."""
    text = suggestion.text[len(typed) :]
    for size in range(suggestion.replaces + 1):
        typed_over = answer.replaced[:size]
        inserted = len(around.suffix) + size - place.suffix_length
        if not (0 <= inserted <= _MOST_AUTO_CLOSED and _says(typed, typed_over)):
            continue
        closers = around.suffix[:inserted]
        if _AUTO_CLOSED.issuperset(closers) and replaced_closers(text, closers) == inserted:
            yield typed_over, inserted


def _says(typed: str, closers: str) -> bool:
    """Whether `typed` holds all of `closers` in their order."""
    characters = iter(typed)
    return all(closer in characters for closer in closers)


def _is_at(around: _Around, place: _Place, typed_over: str, inserted: int) -> bool:
    is_below = around.suffix_hash(typed_over, inserted) == place.suffix_hash
    return is_below and around.prefix_hashes(place.prefix_length) == place.prefix_hashes
