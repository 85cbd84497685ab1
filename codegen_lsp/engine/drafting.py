"""Guesses at the next tokens, for a pass to verify several of them at the cost of little over one.

A guess comes from what is expected (say, the rest of an output that was cancelled), while that
holds; else from what followed the same three, or two, tokens before: first in what is recalled (an
output at this place, whose end may still be right where its start was not), then in the text
itself, where they stood last (prompt lookup: Saxena 2023; Yang et al., "Inference with Reference",
2023). A wrong guess costs a wider pass and never changes the output, so this module knows no model.
"""

MAX_DRAFT_TOKENS = 7  # with the token before them they fill the widest tile of `vnni`
_FIRST_DRAFT_TOKENS = 4
_FEWEST_DRAFT_TOKENS = 2
_NGRAM_SIZES = (3, 2)


class Drafter:
    """Proposes what may follow a prompt and the tokens generated since."""

    def __init__(
        self, prompt_ids: list[int], expected: list[int], recalled: list[int] | None = None
    ) -> None:
        """Draft behind `prompt_ids`, whose output is expected to begin with `expected`.

        Parts of `recalled`, by default the same, may come in it too.
        """
        self._expected = expected
        self._generated = 0
        self._recalled = expected if recalled is None else recalled
        self._text = [*self._recalled, *prompt_ids]
        self._indexes: list[dict[tuple[int, ...], int]] | None = None
        self._length = _FIRST_DRAFT_TOKENS

    def propose(self, limit: int) -> list[int]:
        """Up to `limit` tokens that may come next; empty if there is nothing to go by."""
        if self._generated < len(self._expected):
            end = self._generated + min(limit, MAX_DRAFT_TOKENS)
            return self._expected[self._generated : end]
        return self._look_up(min(limit, self._length))

    def extend(self, ids: list[int], num_drafted: int) -> None:
        """Take note that `ids` were generated, when the draft had `num_drafted` tokens."""
        before = self._generated
        self._generated += len(ids)
        if self._expected[before : self._generated] != ids:
            self._expected = []  # it has come otherwise, or to its end
        for id_ in ids:
            self._append(id_)
        if num_drafted:
            self._adapt(len(ids) - 1, num_drafted)

    def _adapt(self, num_accepted: int, num_drafted: int) -> None:
        """Draft twice as much where all was right, else little more than was."""
        if num_accepted >= num_drafted:
            self._length = min(2 * max(self._length, num_accepted), MAX_DRAFT_TOKENS)
        else:
            self._length = max(num_accepted + 1, _FEWEST_DRAFT_TOKENS)

    def _look_up(self, limit: int) -> list[int]:
        if self._indexes is None:
            first = len(self._recalled)
            self._indexes = [_index(self._text, size, first) for size in _NGRAM_SIZES]
        for size, index in zip(_NGRAM_SIZES, self._indexes, strict=True):
            start = index.get(tuple(self._text[-size:]))
            if start is not None:
                return self._text[start : start + limit]
        return []

    def _append(self, id_: int) -> None:
        for size, index in zip(_NGRAM_SIZES, self._indexes or (), strict=False):
            index[tuple(self._text[-size:])] = len(self._text)
        self._text.append(id_)


def _index(text: list[int], size: int, first: int) -> dict[tuple[int, ...], int]:
    """Where the text goes on after the last occurrence of each n-gram but the one at its end.

    Occurrences before offset `first` count for more than those behind it.
    """
    ngrams = list(zip(*(text[offset:-1] for offset in range(size)), strict=False))
    starts = (*range(first, len(ngrams)), *range(min(first, len(ngrams))))
    return {ngrams[start]: start + size for start in starts}
