"""Causal attention within one sequence, forward and backward.

torch's own on a CPU computes every score up to 512 keys, the masked ones too, and in float32: at
512 tokens it took 43 of the 210 ms of a layer (one core). Here queries go in blocks that see only
the keys up to their last one, the query heads that share a key head are rows of one product, and
all products but that of the scores, whose size is not bounded, are in the type of the values.
"""

from typing import Any

import torch
from torch.nn import functional

_QUERY_BLOCK = 128  # positions; of 64 to 256 the fastest at 512 to 2048 tokens


def attend(queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor) -> torch.Tensor:
    """Let each position attend to itself and to those before it.

    Args:
        queries: (T, heads, head_dim), float32.
        keys: (T, kv_heads, head_dim), float32.
        values: (T, kv_heads, head_dim); the result has their type.

    Returns:
        (T, heads * head_dim).
    """
    if values.device.type != "cpu":
        return _attend_by_torch(queries, keys, values)
    result: torch.Tensor = _Attention.apply(queries, keys, values)  # type: ignore[no-untyped-call]
    return result


def _attend_by_torch(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor
) -> torch.Tensor:
    output = functional.scaled_dot_product_attention(
        _as_batch(queries, values.dtype),
        _as_batch(keys, values.dtype),
        _as_batch(values, values.dtype),
        is_causal=True,
        enable_gqa=True,
    )
    return output[0].transpose(0, 1).flatten(1)


def _as_batch(heads: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """(T, heads, head_dim) to (1, heads, T, head_dim)."""
    return heads.to(dtype).transpose(0, 1)[None]


class _Attention(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor
    ) -> torch.Tensor:
        """Attend block by block and keep the probabilities."""
        length, num_heads, head_dim = queries.shape
        kv_heads = keys.shape[1]
        scaled = _by_key_head(queries, kv_heads) * head_dim**-0.5  # (kv_heads, T * group, head_dim)
        keys, values = keys.transpose(0, 1), values.transpose(0, 1).contiguous()
        outputs, probabilities = torch.empty_like(scaled, dtype=values.dtype), []
        for rows, end in _blocks(length, num_heads // kv_heads):
            scores = scaled[:, rows] @ keys[:, :end].transpose(1, 2)
            _hide_later_keys(scores, num_heads // kv_heads)
            shares = torch.softmax(scores, dim=-1).to(values.dtype)
            torch.bmm(shares, values[:, :end], out=outputs[:, rows])
            probabilities.append(shares)
        narrow = values.dtype
        ctx.save_for_backward(scaled.to(narrow), keys.to(narrow), values, *probabilities)
        return _by_position(outputs, length)

    @staticmethod
    def backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """The gradients of queries, keys and values."""
        scaled, keys, values, *probabilities = ctx.saved_tensors
        kv_heads, length, head_dim = keys.shape
        grad = _by_key_head(grad.view(length, -1, head_dim), kv_heads)
        of_queries = torch.empty_like(scaled)
        of_keys = torch.zeros_like(keys, dtype=torch.float32)
        of_values = torch.zeros_like(of_keys)
        blocks = _blocks(length, scaled.shape[1] // length)
        for shares, (rows, end) in zip(probabilities, blocks, strict=True):
            of_values[:, :end] += shares.transpose(1, 2) @ grad[:, rows]
            of_shares = grad[:, rows] @ values[:, :end].transpose(1, 2)
            of_scores = torch._softmax_backward_data(of_shares, shares, -1, shares.dtype)
            torch.bmm(of_scores, keys[:, :end], out=of_queries[:, rows])
            of_keys[:, :end] += of_scores.transpose(1, 2) @ scaled[:, rows]
        wide = of_queries.float().mul_(head_dim**-0.5)
        return (
            _by_position(wide, length).view(length, -1, head_dim),
            of_keys.transpose(0, 1),
            of_values.transpose(0, 1).to(values.dtype),
        )


def _by_key_head(heads: torch.Tensor, kv_heads: int) -> torch.Tensor:
    """(T, heads, head_dim) to (kv_heads, T * group, head_dim): a position's group side by side."""
    length, num_heads, head_dim = heads.shape
    grouped = heads.reshape(length, kv_heads, num_heads // kv_heads, head_dim)
    return grouped.transpose(0, 1).reshape(kv_heads, -1, head_dim)


def _by_position(rows: torch.Tensor, length: int) -> torch.Tensor:
    """(kv_heads, T * group, head_dim) back to (T, heads * head_dim)."""
    kv_heads, _, head_dim = rows.shape
    return rows.view(kv_heads, length, -1, head_dim).transpose(0, 1).flatten(1)


def _blocks(length: int, group: int) -> list[tuple[slice, int]]:
    """Each block's rows, of which a position has `group`, and the end of the keys it sees."""
    ends = [min(start + _QUERY_BLOCK, length) for start in range(0, length, _QUERY_BLOCK)]
    return [
        (slice(index * _QUERY_BLOCK * group, end * group), end) for index, end in enumerate(ends)
    ]


def _hide_later_keys(scores: torch.Tensor, group: int) -> None:
    """Hide from a block's positions, in `scores` (kv_heads, count * group, end), their future."""
    count = scores.shape[1] // group
    last = scores[..., -count:].view(len(scores), count, group, count)
    later = torch.ones(count, count, dtype=torch.bool, device=scores.device).triu(1)
    last.masked_fill_(later[:, None], -torch.inf)
