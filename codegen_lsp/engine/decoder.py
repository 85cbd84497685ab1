"""What the generation loop needs of a model: forward passes over one cached sequence."""

from collections.abc import Sequence
from typing import Protocol

import torch


class CachedSequence(Protocol):
    """The part of `KVCache`'s contract that every decoder's cache keeps."""

    ids: list[int]

    def match_prefix(self, ids: Sequence[int]) -> int:
        """Length of the longest common prefix of `ids` and the cached sequence."""

    def truncate(self, length: int) -> None:
        """Forget all tokens from `length` on, or more if the model cannot go back that far."""


class Decoder(Protocol):
    """A model with a KV cache of one sequence."""

    context_window: int
    """Most tokens that the cache holds."""

    @property
    def cache(self) -> CachedSequence:
        """The sequence read so far."""

    @property
    def weight_bytes(self) -> int:
        """Bytes of weights that one pass reads."""

    def forward(self, ids: list[int], num_logits: int) -> torch.Tensor:
        """Read `ids` after the cached ones and cache them too.

        Returns:
            float32 logits (num_logits, vocabulary) of the last `num_logits` of `ids`.
        """
