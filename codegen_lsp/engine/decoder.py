"""What the generation loop needs of a model: forward passes over a cached sequence."""

from typing import Protocol

import torch


class CachedSequence(Protocol):
    """The part of `KVCache`'s contract that every decoder's cache keeps."""

    ids: list[int]

    def truncate(self, length: int) -> None:
        """Forget all tokens from `length` on, or more if the model cannot go back that far."""


class Decoder(Protocol):
    """A model with a KV cache of one or more sequences, of which one is current."""

    context_window: int
    """Most tokens that a sequence holds."""

    exact_rows: int
    """A pass of up to so many tokens gives, bit for bit, the logits of passes of one token each.

    Only such passes may verify drafts: 1 means that drafting could change the output.
    """

    @property
    def cache(self) -> CachedSequence:
        """The current sequence."""

    @property
    def cache_bytes(self) -> int:
        """Memory that the keys and values of all sequences take."""

    @property
    def weight_bytes(self) -> int:
        """Bytes of weights that one pass reads."""

    def holds_two(self, num_tokens: int) -> bool:
        """Whether two sequences of so many tokens are kept beside each other."""

    def begin(self, ids: list[int]) -> None:
        """Make a sequence current that holds nothing but a prefix, as long as can be, of `ids`."""

    def forward(self, ids: list[int], num_logits: int) -> torch.Tensor:
        """Read `ids` after the cached ones of the current sequence and cache them too.

        Returns:
            float32 logits (num_logits, vocabulary) of the last `num_logits` of `ids`.
        """
