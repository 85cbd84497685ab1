"""One sentence from the model: a request that ends with the line or the sentence."""

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from codegen_lsp.docstrings.gaps import Gap
from codegen_lsp.engine.base import Request
from codegen_lsp.models.tokenizer import StreamDecoder, Tokenizer
from codegen_lsp.prompt.model import Model
from codegen_lsp.prompt.opening import Opening, OpeningConstraint

_PUNCTUATION = tuple("\n\r\"'()[]{}.,:;-*#<>=!?/\\|+~^$%&@")
_NO_ORDER = ("This", "this", "The", "A ", "An ", "Summary", "Function", "Method")
_END = re.compile(r"[.!?](?=\s)")
_ABBREVIATIONS = ("e.g.", "i.e.", "etc.", "vs.")


@dataclass(frozen=True, slots=True)
class Said:
    """What the model wrote.

    Attributes:
        text: on one line, with the words that it had to begin with.
        is_complete: it ended by itself, not at the token limit.
        mean_logprob: of its tokens; how sure the model was.
        first: what its first token wrote, without white space.
    """

    text: str
    is_complete: bool
    mean_logprob: float
    first: str = ""


class SentenceConstraint:
    """A sentence begins with a word: no newline, quote, punctuation or end of the text."""

    def __init__(self, tokenizer: Tokenizer, unwanted: Sequence[str]) -> None:
        """Bar `unwanted` beginnings beside what no sentence begins with."""
        self._tokenizer = tokenizer
        self._opening = OpeningConstraint(
            tokenizer, b"", Opening(unwanted=[*_PUNCTUATION, *unwanted])
        )
        self._controls = list(tokenizer.control_ids.values())

    def allowed(self) -> None:
        """Say nothing: there is no list of what alone may come."""

    def barred(self) -> Sequence[int]:
        """Tokens that would begin the sentence badly."""
        return [*self._opening.barred(), *self._controls]

    def advance(self, token_id: int) -> None:
        """Take note of what was written; behind the first word everything may come."""
        self._opening.advance(token_id)
        if self._tokenizer.token_bytes(token_id).strip():
            self._controls = []


def say(
    model: Model, ids: list[int], gap: Gap, unwanted: Sequence[str], cancel: threading.Event
) -> Said:
    """Have the model fill `gap` behind the prompt `ids`, which end with its label and lead.

    Args:
        model: what writes.
        ids: of the prompt.
        gap: what is to be said.
        unwanted: what the sentence may not begin with.
        cancel: ends it early, with what has been said so far.
    """
    tokenizer = model.tokenizer
    generation = model.engine.generate(
        Request(
            prompt_ids=ids,
            stop_ids=frozenset(tokenizer.control_ids.values()),
            max_new_tokens=min(gap.max_new_tokens, model.engine.context_window - len(ids)),
            constraint=SentenceConstraint(tokenizer, unwanted),
            cancel=cancel,
        )
    )
    decoder, text, logprobs, first = StreamDecoder(tokenizer), "", list[float](), ""
    for token in generation:
        logprobs.append(token.logprob)
        text += decoder.feed(token.id)
        first = first or text.strip()
        end = sentence_end(text)
        if end is not None:
            break
    end = sentence_end(text)
    is_complete = end is not None or generation.statistics.finish_reason == "stop"
    said = f"{gap.lead} {text[:end].strip()}".strip()
    return Said(said, is_complete, sum(logprobs) / max(len(logprobs), 1), first)


def begin(gap: Gap) -> str:
    """The forced text of `gap`: its label, and what the sentence begins with."""
    return f"{gap.label} {gap.lead}".rstrip()


def unwanted_beginnings(gap: Gap) -> tuple[str, ...]:
    """What a sentence in `gap` may not begin with."""
    return _NO_ORDER if gap.is_order else ("This", "this")


def sentence_end(text: str) -> int | None:
    """Where the first sentence or line of `text` ends; None while it goes on."""
    newline = text.find("\n", len(text) - len(text.lstrip()))
    line = text if newline < 0 else text[:newline]
    for match in _END.finditer(line):
        if not line[: match.end()].endswith(_ABBREVIATIONS):
            return match.end()
    return None if newline < 0 else newline
