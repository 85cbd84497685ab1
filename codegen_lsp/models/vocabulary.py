"""The tokens of a model as bytes, and which of them begin with given bytes.

Two kinds of vocabulary can spell every text. *Byte-level* ones (GPT-2's invention) write each byte
as one printable character. *Byte-fallback* ones (SentencePiece) write text as it is, with a space
as `▁`, and have tokens named `<0x00>` to `<0xFF>` for what is missing.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

Kind = Literal["byte-level", "byte-fallback"]

META_SPACE = "▁"
_BYTE_TOKEN = re.compile(r"<0x([0-9A-F]{2})>")
_AFTER_EVERY_CHARACTER = "\U0010ffff"


def _byte_alphabet() -> dict[int, str]:
    """The character that stands for each byte: itself if printable, else one from U+0100 on."""
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = (byte for byte in range(0x100) if byte not in printable)
    alphabet = {byte: chr(byte) for byte in printable}
    return alphabet | {byte: chr(0x100 + index) for index, byte in enumerate(others)}


_CHARACTER_OF = _byte_alphabet()
_BYTE_OF = {character: byte for byte, character in _CHARACTER_OF.items()}
_LATIN_TO_ALPHABET = str.maketrans({chr(byte): char for byte, char in _CHARACTER_OF.items()})


def bytes_of(token: str, kind: Kind) -> bytes:
    """The bytes that `token`, as the tokenizer file writes it, stands for in a text."""
    if kind == "byte-level":
        # tokens that a conversion put into the vocabulary unspelled stand for themselves
        spelled = all(character in _BYTE_OF for character in token)
        return bytes(_BYTE_OF[character] for character in token) if spelled else token.encode()
    if match := _BYTE_TOKEN.fullmatch(token):
        return bytes.fromhex(match[1])
    return token.replace(META_SPACE, " ").encode()


def byte_token(byte: int, kind: Kind) -> str:
    """The token, as the tokenizer file writes it, for one byte."""
    return _CHARACTER_OF[byte] if kind == "byte-level" else f"<0x{byte:02X}>"


class Vocabulary:
    """Every token that can stand in a text, sorted by how it is spelled.

    Spelled means one character per byte, in GPT-2's alphabet. Its order is not that of the bytes,
    but tokens that begin alike stand together, which is all that a search by prefix needs, and the
    150,000 tokens of a byte-level vocabulary need no translation: building takes about 0.2 s.
    """

    def __init__(
        self,
        size: int,
        token_of: Callable[[int], str | None],
        literals: Mapping[int, bytes],
        kind: Kind,
    ) -> None:
        """Sort the tokens.

        Args:
            size: ids run from 0 to below this.
            token_of: the token of an id as the tokenizer file writes it; None for a gap.
            literals: bytes of the ids that are not spelled in the vocabulary's way; b"" for those
                that never stand in a text.
            kind: how the tokens are written.
        """
        tokens = [token_of(id_) or "" for id_ in range(size)]
        if kind == "byte-fallback":
            tokens = [_spell(bytes_of(token, kind)) for token in tokens]
        for id_, literal in literals.items():
            tokens[id_] = _spell(literal)
        self._ids = sorted((id_ for id_ in range(size) if tokens[id_]), key=tokens.__getitem__)
        self._spellings = [tokens[id_] for id_ in self._ids]

    def starting_with(self, start: bytes) -> Sequence[int]:
        """Ids of the tokens whose bytes begin with `start`, those equal to it included."""
        spelling = _spell(start)
        return self._slice(spelling, spelling + _AFTER_EVERY_CHARACTER)

    def equal_to(self, whole: bytes) -> Sequence[int]:
        """Ids of the tokens whose bytes are `whole`; mostly one, in some vocabularies two."""
        spelling = _spell(whole)
        return self._slice(spelling, spelling + "\0")

    def _slice(self, first: str, after: str) -> Sequence[int]:
        low = bisect_left(self._spellings, first)
        return self._ids[low : bisect_left(self._spellings, after, low)]


def _spell(text: bytes) -> str:
    return text.decode("latin-1").translate(_LATIN_TO_ALPHABET)
