"""The generation loop: reuse the cached prefix, prefill in chunks, decode token by token.

It is the same for every decoder. Work happens while the stream is read; between any two forward
passes it looks at the request's cancel flag, so a cancelled request stops within one pass.
"""

import time
from collections.abc import Iterator

import torch

from codegen_lsp.engine.base import Request, Statistics, Token
from codegen_lsp.engine.decoder import Decoder
from codegen_lsp.engine.sampling import choose_token

PREFILL_CHUNK = 256
"""Tokens per prefill pass: wide enough for the kernels' full rate, and prompt to cancel."""


class TorchEngine:
    """An `engine.base.Engine` over a decoder; one request at a time."""

    def __init__(self, decoder: Decoder) -> None:
        self.decoder = decoder
        self.context_window = decoder.context_window

    def generate(self, request: Request) -> "TorchGeneration":
        """Start `request`; see `engine.base.Engine.generate`."""
        if not request.prompt_ids:
            raise ValueError("the prompt is empty")
        if len(request.prompt_ids) >= self.context_window:
            raise ValueError(
                f"the prompt has {len(request.prompt_ids)} tokens, "
                f"the model reads {self.context_window}"
            )
        return TorchGeneration(self.decoder, request)


class TorchGeneration:
    """The stream of one request."""

    def __init__(self, decoder: Decoder, request: Request) -> None:
        self._decoder = decoder
        self._request = request
        self.statistics = Statistics(prompt_tokens=len(request.prompt_ids))

    def __iter__(self) -> Iterator[Token]:
        """Yield tokens until a stop id, the token limit, a full context, or cancellation."""
        started = time.perf_counter()
        logits = self._prefill()
        self.statistics.prefill_ms = _milliseconds_since(started)
        if logits is not None:
            yield from self._decode(logits)

    def _prefill(self) -> torch.Tensor | None:
        """Read the prompt beyond what is cached; logits (vocabulary,) or None if cancelled."""
        ids, cache = list(self._request.prompt_ids), self._decoder.cache
        # The last token is always read again: its logits are not kept.
        cache.truncate(min(cache.match_prefix(ids), len(ids) - 1))
        self.statistics.cached_tokens = len(cache.ids)
        logits = None
        for start in range(len(cache.ids), len(ids), PREFILL_CHUNK):
            if self._cancelled():
                return None
            logits = self._decoder.forward(ids[start : start + PREFILL_CHUNK], 1)[0]
        return logits

    def _decode(self, logits: torch.Tensor) -> Iterator[Token]:
        """Choose and yield tokens; each is read into the cache only when the next is wanted."""
        request, statistics = self._request, self.statistics
        generator = torch.Generator().manual_seed(request.sampling.seed)
        room = self._decoder.context_window - statistics.prompt_tokens
        while not self._cancelled():
            started = time.perf_counter()
            token = choose_token(logits, request.sampling, request.constraint, generator)
            statistics.decode_ms += _milliseconds_since(started)
            if token.id in request.stop_ids:
                statistics.finish_reason = "stop"
                return
            statistics.completion_tokens += 1
            yield token
            if statistics.completion_tokens >= min(request.max_new_tokens, room):
                statistics.finish_reason = "length"
                return
            if self._cancelled():
                return
            if request.constraint:
                request.constraint.advance(token.id)
            started = time.perf_counter()
            logits = self._decoder.forward([token.id], 1)[0]
            statistics.decode_ms += _milliseconds_since(started)

    def _cancelled(self) -> bool:
        if not self._request.cancel.is_set():
            return False
        self.statistics.finish_reason = "cancelled"
        return True


def _milliseconds_since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
