"""How the output must begin, and how it may not."""

from collections.abc import Sequence
from dataclasses import dataclass

from codegen_lsp.models.tokenizer import Tokenizer, utf8

_LEADS = ("", "\t", *(" " * width for width in range(1, 17)))
"""White space that tokens of code vocabularies begin with, as far as a word follows it."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a text may begin with, white space aside.

    Attributes:
        unwanted: no token may write one of these and what follows it.
        refused: no token may write exactly this, white space behind it aside; "" for none.
        required: a token must write exactly one of these; empty where anything may come.
    """

    unwanted: Sequence[str] = ()
    refused: str = ""
    required: Sequence[str] = ()


class OpeningConstraint:
    """An engine `Constraint` on the first tokens.

    They are limited to those that write the forced bytes. Where these are white space or none,
    they are limited further, up to the first that writes more than white space, by an `Opening`.
    """

    def __init__(self, tokenizer: Tokenizer, forced: bytes, opening: Opening = Opening()) -> None:
        """Set the limits.

        Args:
            tokenizer: of the model.
            forced: must be written first; `heal` has made sure that its bytes can be, one by one.
            opening: how the text may go on, or begin, behind white space.
        """
        self._tokenizer = tokenizer
        self._remaining = forced
        self._barred = frozenset[int]()
        self._permitted: frozenset[int] | None = None
        if not forced.strip():
            # What the forced bytes hold is there already and must be written again.
            free = [text for text in opening.unwanted if utf8(text) not in forced]
            self._barred = _starting(tokenizer, free)
            if opening.refused:
                alone = _starting(tokenizer, [opening.refused])
                word = utf8(opening.refused)
                self._barred |= {id_ for id_ in alone if tokenizer.token_bytes(id_).strip() == word}
            if opening.required:
                self._permitted = _writing(tokenizer, ["", *opening.required])

    def allowed(self) -> Sequence[int] | None:
        """Tokens that begin with the bytes still missing, or that the missing bytes begin with."""
        if not self._remaining:
            return None if self._permitted is None else sorted(self._permitted)
        vocabulary = self._tokenizer.vocabulary
        shorter = (self._remaining[:length] for length in range(1, len(self._remaining)))
        partial = [id_ for start in shorter for id_ in vocabulary.equal_to(start)]
        writing = [*vocabulary.starting_with(self._remaining), *partial]
        if self._permitted is not None:
            writing_permitted = [id_ for id_ in writing if id_ in self._permitted]
            return writing_permitted or writing  # a token of a newline and spaces, say
        return [id_ for id_ in writing if id_ not in self._barred]

    def barred(self) -> Sequence[int]:
        """Tokens that would begin the text with something unwanted or refused."""
        return list(self._barred)

    def advance(self, token_id: int) -> None:
        """Take note of what `token_id`, one of those allowed, has written."""
        written = self._tokenizer.token_bytes(token_id)
        self._remaining = self._remaining[len(written) :]
        if written.strip():
            self._barred, self._permitted = frozenset(), None


def _starting(tokenizer: Tokenizer, texts: Sequence[str]) -> frozenset[int]:
    """Tokens that begin with one of `texts` after nothing but white space."""
    vocabulary = tokenizer.vocabulary
    starts = [utf8(lead + text) for lead in _LEADS for text in texts]
    return frozenset(id_ for start in starts for id_ in vocabulary.starting_with(start))


def _writing(tokenizer: Tokenizer, texts: Sequence[str]) -> frozenset[int]:
    """Tokens that write just one of `texts` after nothing but white space."""
    vocabulary = tokenizer.vocabulary
    wholes = [utf8(lead + text) for lead in _LEADS for text in texts]
    return frozenset(id_ for whole in wholes if whole for id_ in vocabulary.equal_to(whole))
