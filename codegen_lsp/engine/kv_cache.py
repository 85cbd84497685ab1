"""Keys and values of the tokens read so far, and what of them may be reused.

Contract. A cache holds one sequence of token ids; position `i` of its buffers belongs to
`ids[i]`. `match_prefix` and `fork` only look. `truncate` forgets everything after a length and is
the only way to go back. `reserve` may move the buffers, never what they hold. `extend` records ids
whose keys and values a finished forward pass has written; a pass that was never finished is never
recorded, so that cancelling between passes leaves the cache valid. Nothing else modifies it. It
belongs to one model in one precision and is not safe for concurrent use.
"""

import torch

GROWTH_STEP = 512
"""Tokens by which the buffers grow: growing copies them, so not too often."""
_COMPARED_AT_ONCE = 64


def common_prefix_length(first: list[int], second: list[int]) -> int:
    """How many ids `first` and `second` begin with in common; some 20 us for a whole prompt."""
    start, end = 0, min(len(first), len(second))
    while start < end:
        stop = start + _COMPARED_AT_ONCE
        if first[start:stop] != second[start:stop]:
            break
        start = stop
    stop = min(start + _COMPARED_AT_ONCE, end)
    return next((i for i in range(start, stop) if first[i] != second[i]), stop)


class KVCache:
    """Buffers for the keys and values of one sequence.

    Attributes:
        keys: (layers, kv_heads, capacity, head_dim), written in place by the decoder.
        values: the same shape.
        ids: the token ids whose keys and values are valid.
        prompt_tokens: how many of `ids`, at most, a prompt has named; what follows was generated.
    """

    def __init__(
        self, shape: tuple[int, int, int, int], *, dtype: torch.dtype, device: str
    ) -> None:
        """Hold at most `shape` = (layers, kv_heads, max_seq_len, head_dim); so far nothing."""
        self._shape = shape
        layers, kv_heads, _, head_dim = shape
        self.keys = torch.empty((layers, kv_heads, 0, head_dim), dtype=dtype, device=device)
        self.values = torch.empty_like(self.keys)
        self.ids: list[int] = []
        self.prompt_tokens = 0

    @property
    def num_bytes(self) -> int:
        """Size of the buffers."""
        return 2 * self.keys.numel() * self.keys.element_size()

    def bytes_for(self, length: int) -> int:
        """Size of the buffers once they have room for `length` tokens."""
        layers, kv_heads, _, head_dim = self._shape
        return 2 * layers * kv_heads * self._capacity(length) * head_dim * self.keys.element_size()

    def reserve(self, length: int) -> None:
        """Make room for `length` tokens in all."""
        if length > self.keys.shape[2]:
            capacity, written = self._capacity(length), len(self.ids)
            self.keys = _grown(self.keys, capacity, written)
            self.values = _grown(self.values, capacity, written)

    def fork(self, length: int, room: int) -> "KVCache":
        """A cache of the first `length` tokens, in buffers of its own with `room` tokens' space."""
        shared = KVCache(self._shape, dtype=self.keys.dtype, device=str(self.keys.device))
        shared.keys = _grown(self.keys, self._capacity(room), length)
        shared.values = _grown(self.values, self._capacity(room), length)
        shared.ids = self.ids[:length]
        return shared

    def match_prefix(self, ids: list[int]) -> int:
        """Length of the longest common prefix of `ids` and the cached sequence."""
        return common_prefix_length(self.ids, ids)

    def truncate(self, length: int) -> None:
        """Forget all tokens from `length` on."""
        del self.ids[length:]

    def extend(self, ids: list[int]) -> None:
        """Record that the keys and values of `ids`, following the cached ones, are written."""
        self.ids.extend(ids)

    def _capacity(self, length: int) -> int:
        return min(-(-length // GROWTH_STEP) * GROWTH_STEP, self._shape[2])


def _grown(buffer: torch.Tensor, capacity: int, written: int) -> torch.Tensor:
    """A buffer of `capacity` positions that begins with the `written` ones of `buffer`."""
    layers, kv_heads, _, head_dim = buffer.shape
    grown = buffer.new_empty(layers, kv_heads, capacity, head_dim)
    grown[:, :, :written] = buffer[:, :, :written]
    return grown
