"""How a chunk's text is kept: packed, beside the words that it is found by."""

import zlib

from codegen_lsp.context.words import words


class DamagedChunkError(ValueError):
    """A chunk in the index is not what was written there."""


def pack(text: str) -> bytes:
    """`text` in about a third of its size."""
    return zlib.compress(text.encode(), 6)


def unpack(packed: bytes) -> str:
    """The text again.

    Raises:
        DamagedChunkError: it is not what `pack` made.
    """
    try:
        return zlib.decompress(packed).decode()
    except (zlib.error, UnicodeDecodeError) as error:
        raise DamagedChunkError(f"a chunk cannot be unpacked: {error}") from error


def indexed_words(text: str) -> str:
    """What the full-text index holds for `text`; to take it out, exactly that must be given."""
    return " ".join(words(text))
