"""Keys and values of the tokens read so far, and what of them may be reused.

Contract. The cache holds one sequence of token ids; position `i` of its buffers belongs to
`ids[i]`. `match_prefix` only looks. `truncate` forgets everything after a length and is the only
way to go back. `extend` records ids whose keys and values a finished forward pass has written; a
pass that was never finished is never recorded, so that cancelling between passes leaves the cache
valid. Nothing else modifies it. It belongs to one model in one precision and is not safe for
concurrent use.
"""

from collections.abc import Sequence
from itertools import takewhile

import torch


def common_prefix_length(first: Sequence[int], second: Sequence[int]) -> int:
    """How many ids `first` and `second` begin with in common."""
    pairs = zip(first, second, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


class KVCache:
    """Preallocated buffers for the keys and values of one sequence.

    Attributes:
        keys: (layers, kv_heads, max_seq_len, head_dim), written in place by the decoder.
        values: the same shape.
        ids: the token ids whose keys and values are valid.
    """

    def __init__(
        self, shape: tuple[int, int, int, int], *, dtype: torch.dtype, device: str
    ) -> None:
        self.keys = torch.empty(shape, dtype=dtype, device=device)
        self.values = torch.empty(shape, dtype=dtype, device=device)
        self.ids: list[int] = []

    def match_prefix(self, ids: Sequence[int]) -> int:
        """Length of the longest common prefix of `ids` and the cached sequence."""
        return common_prefix_length(self.ids, ids)

    def truncate(self, length: int) -> None:
        """Forget all tokens from `length` on."""
        del self.ids[length:]

    def extend(self, ids: Sequence[int]) -> None:
        """Record that the keys and values of `ids`, following the cached ones, are written."""
        self.ids.extend(ids)
