"""Text to token ids and back, exactly: what is encoded decodes to the same bytes.

The text given here is the user's. Whatever it holds, no control token (`<|endoftext|>`, the
sentinels of fill-in-the-middle) comes out of it; those are put into a prompt by id only. The module
stands on the `tokenizers` library alone, since importing `transformers` takes longer than a
completion.
"""

import codecs
import json
import re
from collections.abc import Iterable
from functools import cached_property
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from tokenizers import AddedToken
from tokenizers import Tokenizer as Library

from codegen_lsp.errors import DamagedModelError, UsageError
from codegen_lsp.models.vocabulary import META_SPACE, Kind, Vocabulary, byte_token, bytes_of

# Added tokens that are not marked special are control tokens all the same where they look like one
# (Qwen's <tool_call>); others are ordinary text (GPT-NeoX's runs of spaces, Gemma's <table>).
_SENTINEL = re.compile(r"▁?[<\[].*[|\uff5c_\[A-Z-].*[>\]]")


def utf8(text: str) -> bytes:
    """UTF-8 of `text`; a lone surrogate, which editors can send, becomes a question mark."""
    return text.encode("utf-8", "replace")


class Tokenizer:
    """The tokenizer of one model; safe to read from several threads.

    Attributes:
        control_ids: id of each control token by its name.
        bos_id: the token that the model expects before every text, or None.
    """

    def __init__(self, published: Library) -> None:
        """Take `published`, as its authors configured it, and make it exact.

        Raises:
            UsageError: its vocabulary cannot spell every text.
        """
        self._kind = _kind(published)
        added = published.get_added_tokens_decoder()
        self.control_ids = {
            token.content: id_
            for id_, token in added.items()
            if token.special or _SENTINEL.fullmatch(token.content)
        }
        self._controls = frozenset(self.control_ids.values())
        texts = {id_: token for id_, token in added.items() if id_ not in self._controls}
        self._library = _exact(published, [texts[id_] for id_ in sorted(texts)])
        # the library numbers added tokens anew when those before them are left out
        self._published_ids = {
            moved: id_
            for id_, token in texts.items()
            if (moved := self._library.token_to_id(token.content)) != id_
        }
        self._token_of = published.id_to_token
        self._size = max([published.get_vocab_size(), *(id_ + 1 for id_ in added)])
        self._literals = {
            id_: _literal(token.content, self._kind) for id_, token in texts.items()
        } | dict.fromkeys(self._controls, b"")
        published.no_padding()
        first = published.encode("a").ids[0]
        self.bos_id = first if first in self._controls else None

    @classmethod
    def load(cls, folder: Path) -> "Tokenizer":
        """Read `tokenizer.json` in `folder`.

        Raises:
            DamagedModelError: the file is missing or not a tokenizer.
            UsageError: its vocabulary cannot spell every text.
        """
        path = folder / "tokenizer.json"
        try:
            published = Library.from_file(str(path))
        except Exception as error:  # the library raises nothing more specific
            raise DamagedModelError(
                f"{path} is missing or damaged ({error}); remove the model and pull it again"
            ) from error
        return cls(published)

    def encode(self, text: str) -> list[int]:
        """Ids of `text`, none of them a control token; a lone surrogate counts as `?`."""
        text = utf8(text).decode()
        if self._kind == "byte-fallback" and META_SPACE in text:
            # in the vocabulary this character means a space
            pieces = (self._encode_piece(piece) for piece in text.split(META_SPACE))
            return _join(pieces, self._spell(META_SPACE))
        return self._encode_piece(text)

    def encode_with_offsets(self, text: str) -> tuple[list[int], list[int]]:
        """Ids of `text`, and for each how many whole characters have ended with it."""
        ids = self.encode(text)
        byte_ends = accumulate(len(self.token_bytes(id_)) for id_ in ids)
        encoded = utf8(text)
        if len(encoded) == len(text):
            return ids, list(byte_ends)
        # a character ends where the next byte does not continue it
        following = encoded[1:] + b"\0"
        ended = [0, *accumulate(int(byte & 0xC0 != 0x80) for byte in following)]
        return ids, [ended[byte_end] for byte_end in byte_ends]

    @cached_property
    def splits_at_lines(self) -> bool:
        """Whether text cut where its last line starts has the same tokens as in one piece.

        So it is where white space that holds a newline ends with it (Qwen, Llama 3), as examples
        show; in GPT-2's way a newline and the indentation behind it are one.
        """
        halves = (
            ("x:\n", "    y"),
            ("x)\n\n", "\ty"),
            ("x\n  \n", "  y"),
            ("x\n", "y"),
            ("{\n", "}"),
        )
        return all(
            self.encode(above + line) == self.encode(above) + self.encode(line)
            for above, line in halves
        )

    def token_bytes(self, token_id: int) -> bytes:
        """What the token writes; b"" for control tokens and ids that no token has."""
        literal = self._literals.get(token_id)
        if literal is not None:
            return literal
        token = self._token_of(token_id)
        return b"" if token is None else bytes_of(token, self._kind)

    def decode(self, ids: Iterable[int]) -> str:
        """Text of `ids`; bytes that are not UTF-8 become U+FFFD."""
        return b"".join(map(self.token_bytes, ids)).decode("utf-8", "replace")

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The tokens that can stand in a text, for searches by their first bytes.

        Only a cursor inside a token needs it, and it takes longer to build than to use, so it is
        built when first asked for; a caller that waits for the weights can ask early, in a thread.
        """
        return Vocabulary(self._size, self._token_of, self._literals, self._kind)

    def _encode_piece(self, text: str) -> list[int]:
        encoding = self._library.encode(text, add_special_tokens=False)
        ids: list[int] = encoding.ids
        if self._published_ids:
            ids = [self._published_ids.get(id_, id_) for id_ in ids]
        if self._controls.isdisjoint(ids):
            return ids
        spans = [
            span for id_, span in zip(ids, encoding.offsets, strict=True) if id_ in self._controls
        ]
        return self._encode_around(text, spans)

    def _encode_around(self, text: str, spans: list[tuple[int, int]]) -> list[int]:
        """Encode `text` cut in the middle of each span, which would become a control token."""
        if len(text) == 1:
            return self._spell(text)
        # a span of one character is cut off on both sides and spelled
        cuts = {cut for start, end in spans for cut in {(start + end) // 2, (start + end + 1) // 2}}
        edges = sorted({0, len(text), *cuts})
        pieces = (text[low:high] for low, high in pairwise(edges))
        return _join(map(self._encode_piece, pieces), [])

    def _spell(self, text: str) -> list[int]:
        tokens = (byte_token(byte, self._kind) for byte in utf8(text))
        ids = map(self._library.token_to_id, tokens)
        return [id_ for id_ in ids if id_ is not None]


class StreamDecoder:
    """Text of tokens that arrive one by one; an unfinished character waits for its last byte."""

    def __init__(self, tokenizer: Tokenizer, skip_bytes: int = 0) -> None:
        """Start a stream.

        Args:
            tokenizer: whose tokens arrive.
            skip_bytes: the first bytes to leave out: those healed, which the buffer has already.
        """
        self._tokenizer = tokenizer
        self._skip = skip_bytes
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def feed(self, token_id: int) -> str:
        """The text that `token_id` completes; often one word, sometimes nothing."""
        written = self._tokenizer.token_bytes(token_id)
        shown = written[self._skip :]
        self._skip = max(self._skip - len(written), 0)
        return self._decoder.decode(shown)

    def finish(self) -> str:
        """What is left at the end of the stream: U+FFFD for an unfinished character."""
        return self._decoder.decode(b"", final=True)


def _kind(library: Library) -> Kind:
    if _walk(_state(library.pre_tokenizer), "ByteLevel"):
        return "byte-level"
    if getattr(library.model, "byte_fallback", False):
        return "byte-fallback"
    raise UsageError(
        "the model's tokenizer is neither byte-level nor byte-fallback, so it cannot spell every "
        "text; choose another model"
    )


def _exact(published: Library, texts: list[AddedToken]) -> Library:
    """`published` without control tokens and without anything that changes the text.

    Unicode normalisers go too, although the model was trained behind one: Qwen's NFC would turn
    the file's bytes into others, and a suggestion could no longer be matched to the buffer.
    """
    spaces = [
        part
        for part in _walk(_state(published.normalizer), "Replace")
        if part["pattern"] == {"String": " "}
    ]
    pre_tokenizer = _state(published.pre_tokenizer)
    for part in _walk(pre_tokenizer, "ByteLevel"):
        part["add_prefix_space"] = False
    for part in _walk(pre_tokenizer, "Metaspace"):
        part["prepend_scheme"] = "never"
    exact = Library.from_str(
        json.dumps(
            {
                "version": "1.0",
                "added_tokens": [],
                "normalizer": {"type": "Sequence", "normalizers": spaces},
                "pre_tokenizer": pre_tokenizer,
                "model": {"type": "BPE", "vocab": {}, "merges": []},
            }
        )
    )
    exact.model = published.model
    exact.add_tokens([AddedToken(text.content, normalized=text.normalized) for text in texts])
    return exact


def _literal(content: str, kind: Kind) -> bytes:
    return (content if kind == "byte-level" else content.replace(META_SPACE, " ")).encode()


def _state(component: Any) -> Any:
    """A normaliser or pre-tokeniser as its JSON; None for none."""
    return None if component is None else json.loads(component.__getstate__())


def _walk(state: Any, type_name: str) -> list[dict[str, Any]]:
    """Every part of `state` of that type, however deep in sequences."""
    if isinstance(state, list):
        return [part for item in state for part in _walk(item, type_name)]
    if not isinstance(state, dict):
        return []
    if state.get("type") == type_name:
        return [state]
    return [part for value in state.values() for part in _walk(value, type_name)]


def _join(pieces: Iterable[list[int]], separator: list[int]) -> list[int]:
    joined: list[int] = []
    for index, piece in enumerate(pieces):
        joined += separator * (index > 0) + piece
    return joined
