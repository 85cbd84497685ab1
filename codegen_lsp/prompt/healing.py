"""Token healing: take back the last tokens before the cursor and have the model write them anew.

A cursor inside a word or after a space ends the prompt with a token that no text in training ended
with there, and the model's guess suffers: 0.22 against 0.72 exact matches of the rest of the line.
So the prompt stops at the last token boundary before the word, the space or the punctuation at the
cursor, and the first tokens generated must begin with the bytes taken back. The idea is that of
guidance (Lundberg 2023, "The art of prompt design").
"""

import re
from dataclasses import dataclass

from codegen_lsp.models.tokenizer import Tokenizer, utf8

_TRAILING_RUN = re.compile(r"(?:\w+|[ \t]+|[^\w\s]+)\Z")
_LONGEST_RUN = 64
"""Characters; of a longer word only the end is taken back, since each token of it costs a pass."""


@dataclass(frozen=True, slots=True)
class Healed:
    """The tokens that stay in the prompt, and the bytes that the output must begin with."""

    ids: list[int]
    forced: bytes


def heal(tokenizer: Tokenizer, text: str, ids: list[int]) -> Healed:
    """Take back the end of `text`, whose tokens are `ids`.

    Nothing is taken back where the vocabulary has no token for one of the bytes, because the
    output might not be able to go on.
    """
    run = _TRAILING_RUN.search(text[-_LONGEST_RUN:])
    missing = len(utf8(run.group())) if run else 0
    kept = len(ids)
    while missing > 0:
        kept -= 1
        missing -= len(tokenizer.token_bytes(ids[kept]))
    forced = b"".join(map(tokenizer.token_bytes, ids[kept:]))
    if all(tokenizer.vocabulary.equal_to(bytes([byte])) for byte in set(forced)):
        return Healed(ids[:kept], forced)
    return Healed(ids, b"")
