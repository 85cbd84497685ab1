"""How the output must begin, and how it may not."""

from collections.abc import Sequence

from codegen_lsp.models.tokenizer import Tokenizer, utf8

_LEADS = ("", "\t", *(" " * width for width in range(1, 17)))
"""White space that tokens of code vocabularies begin with, as far as a word follows it."""


class OpeningConstraint:
    """An engine `Constraint` on the first tokens.

    They are limited to those that write the forced bytes. Where these are white space or none,
    tokens are barred that would begin the text, white space aside, with something unwanted.
    """

    def __init__(
        self, tokenizer: Tokenizer, forced: bytes, unwanted: Sequence[str] = (), refused: str = ""
    ) -> None:
        """Set the limits.

        Args:
            tokenizer: of the model.
            forced: must be written first; `heal` has made sure that its bytes can be, one by one.
            unwanted: no token may write one of these and what follows it.
            refused: no token may write exactly this; "" for none.
        """
        self._tokenizer = tokenizer
        self._remaining = forced
        if forced.strip():
            self._barred = frozenset[int]()
        else:
            # What the forced bytes hold is there already and must be written again.
            free = [text for text in unwanted if utf8(text) not in forced]
            self._barred = _openers(tokenizer, free, refused)

    def allowed(self) -> Sequence[int] | None:
        """Tokens that begin with the bytes still missing, or that the missing bytes begin with."""
        if not self._remaining:
            return None
        vocabulary = self._tokenizer.vocabulary
        shorter = (self._remaining[:length] for length in range(1, len(self._remaining)))
        partial = [id_ for start in shorter for id_ in vocabulary.equal_to(start)]
        writing = [*vocabulary.starting_with(self._remaining), *partial]
        return [id_ for id_ in writing if id_ not in self._barred]

    def barred(self) -> Sequence[int]:
        """Tokens that would begin the text with something unwanted."""
        return list(self._barred)

    def advance(self, token_id: int) -> None:
        """Take note of what `token_id`, one of those allowed, has written."""
        written = self._tokenizer.token_bytes(token_id)
        self._remaining = self._remaining[len(written) :]
        if written.strip():
            self._barred = frozenset()


def _openers(tokenizer: Tokenizer, unwanted: Sequence[str], refused: str) -> frozenset[int]:
    vocabulary = tokenizer.vocabulary
    starts = [utf8(lead + text) for lead in _LEADS for text in unwanted]
    wholes = [utf8(lead + refused) for lead in _LEADS if refused]
    return frozenset(
        [
            *(id_ for start in starts for id_ in vocabulary.starting_with(start)),
            *(id_ for whole in wholes for id_ in vocabulary.equal_to(whole)),
        ]
    )
