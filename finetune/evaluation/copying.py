"""How much of what a model suggests stands word for word in what it was trained on."""

from collections.abc import Iterable, Sequence

_LEAST_CHARACTERS = 40
"""Shorter code is alike everywhere; 40 characters are some 12 tokens, a long line."""


class Corpus:
    """The training files, as far as copies of them are looked for."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._text = "\0".join(map(_plain, texts))

    def holds(self, suggestion: str) -> bool:
        """Whether the suggestion, its white space aside, stands in one of the files."""
        return _plain(suggestion) in self._text

    def copy_rate(self, suggestions: Sequence[str]) -> float:
        """Share of the longer suggestions that stand there; 0 where none is long enough."""
        longer = [each for each in suggestions if len(_plain(each)) >= _LEAST_CHARACTERS]
        return sum(map(self.holds, longer)) / len(longer) if longer else 0.0


def _plain(text: str) -> str:
    return " ".join(text.split())
