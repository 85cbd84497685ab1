"""The generation loop: reuse the cached prefix, prefill in chunks, decode by verified drafts.

It is the same for every decoder. Work happens while the stream is read; between any two forward
passes it looks at the request's cancel flag, so a cancelled request stops within one pass.

A pass reads the last token and, where the decoder is exact (`Decoder.exact_rows`), a draft of what
may follow. Token after token is chosen from its logits as if each had been read alone, until one
differs from the draft; what was read beyond it is forgotten (Leviathan et al. 2023, for greedy
decoding). The output is therefore that of plain greedy decoding, token for token. A prompt of
which little is unread is verified together with the draft, in one pass.

What stays valid: when the stream is dropped or cancelled, the current sequence holds the prompt, as
far as it was read, and tokens that the model chose, up to the draft's end some of them not yielded.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import torch

from codegen_lsp.engine.base import FinishReason, Request, Statistics, Token
from codegen_lsp.engine.decoder import Decoder
from codegen_lsp.engine.drafting import Drafter
from codegen_lsp.engine.kv_cache import common_prefix_length
from codegen_lsp.engine.sampling import choose_token

PREFILL_CHUNK = 128
"""Tokens per prefill pass: wide enough for the kernels' full rate, and prompt to cancel."""
_REMEMBERED_PROMPTS = 4
_REMEMBERED_OUTPUTS = 4
"""What is prefetched comes between the outputs for one place."""


class TorchEngine:
    """An `engine.base.Engine` over a decoder; one request at a time."""

    def __init__(self, decoder: Decoder) -> None:
        self.decoder = decoder
        self.context_window = decoder.context_window
        self._memory: list[_ReadPrompt] = []
        self._outputs: list[tuple[list[int], list[int]]] = []  # with their prompts, latest last

    def generate(self, request: Request) -> "TorchGeneration":
        """Start `request`; see `engine.base.Engine.generate`."""
        if not request.prompt_ids:
            raise ValueError("the prompt is empty")
        if len(request.prompt_ids) >= self.context_window:
            raise ValueError(
                f"the prompt has {len(request.prompt_ids)} tokens, "
                f"the model reads {self.context_window}"
            )
        prompt_ids = list(request.prompt_ids)
        if request.drafts:
            drafter = Drafter(prompt_ids, list(request.drafts))
        else:
            drafter = Drafter(prompt_ids, self._expected(prompt_ids), self._recalled(prompt_ids))
        generation = TorchGeneration(self.decoder, request, drafter, self._memory)
        if request.sampling.temperature == 0 and request.max_new_tokens > 1:
            self._outputs.append((prompt_ids, generation.output_ids))
            del self._outputs[:-_REMEMBERED_OUTPUTS]
        return generation

    def holds_two(self, num_tokens: int) -> bool:
        """Whether two such prompts are kept; see `engine.base.Engine.holds_two`."""
        return self.decoder.holds_two(num_tokens)

    def score(self, prompt_ids: list[int], ids: list[int]) -> list[float]:
        """The logarithm of the probability of each of `ids`, read one after the other.

        Args:
            prompt_ids: what stands before them; at least one.
            ids: at least one.

        Raises:
            ValueError: one of the two is empty, or they do not fit in the context window.
        """
        read = [*prompt_ids, *ids[:-1]]
        if not prompt_ids or not ids or len(read) > self.context_window:
            raise ValueError(f"{len(prompt_ids)} and {len(ids)} tokens cannot be scored")
        decoder = self.decoder
        decoder.begin(read)
        decoder.cache.truncate(len(prompt_ids) - 1)
        for start in range(len(decoder.cache.ids), len(prompt_ids) - 1, PREFILL_CHUNK):
            decoder.forward(read[start : min(start + PREFILL_CHUNK, len(prompt_ids) - 1)], 1)
        logits = decoder.forward(read[len(prompt_ids) - 1 :], len(ids))
        columns = torch.tensor(ids, device=logits.device)[:, None]
        return [float(each) for each in logits.log_softmax(dim=-1).gather(1, columns)]

    def _expected(self, prompt_ids: list[int]) -> list[int]:
        """What an earlier output goes on with behind `prompt_ids`, if that is where it leads.

        So it is when the user types along what the model was about to say when it was cancelled.
        """
        for earlier_ids, output_ids in reversed(self._outputs):
            typed = prompt_ids[len(earlier_ids) :]
            begins = prompt_ids[: len(earlier_ids)] == earlier_ids
            if begins and output_ids[: len(typed)] == typed:
                return output_ids[len(typed) :]
        return []

    def _recalled(self, prompt_ids: list[int]) -> list[int]:
        """The output at the place next to that of `prompt_ids`: the latest of the most alike."""
        alike = [common_prefix_length(earlier, prompt_ids) for earlier, _ in self._outputs]
        nearest = max(range(len(alike)), key=lambda index: (alike[index], index), default=None)
        return [] if nearest is None else list(self._outputs[nearest][1])


@dataclass(frozen=True, slots=True)
class _ReadPrompt:
    """A prompt and the logits (1, vocabulary) behind it: asked again, it starts without a pass."""

    ids: list[int]
    logits: torch.Tensor


@dataclass(frozen=True, slots=True)
class _Pass:
    """Logits (1 + len(draft), vocabulary) behind the last certain token and each of `draft`."""

    logits: torch.Tensor
    draft: list[int]


class TorchGeneration:
    """The stream of one request.

    Attributes:
        statistics: what it has cost so far.
        output_ids: what the model has chosen so far, some of it not yielded.
    """

    def __init__(
        self, decoder: Decoder, request: Request, drafter: Drafter, memory: list[_ReadPrompt]
    ) -> None:
        self._decoder = decoder
        self._request = request
        self._memory = memory
        self._prompt_ids = list(request.prompt_ids)
        self._drafter = drafter
        self._generator = torch.Generator().manual_seed(request.sampling.seed)
        room = decoder.context_window - len(self._prompt_ids)
        self._remaining = min(request.max_new_tokens, room)
        self.output_ids: list[int] = []
        self.statistics = Statistics(prompt_tokens=len(self._prompt_ids))

    def __iter__(self) -> Iterator[Token]:
        """Yield tokens until a stop id, the token limit, a full context, or cancellation."""
        started = time.perf_counter()
        done = self._prefill()
        self.statistics.prefill_ms = _milliseconds_since(started)
        while done is not None:
            started = time.perf_counter()
            tokens, finish = self._verify(done)
            self._forget_rejected(done, tokens)
            self.statistics.cache_bytes = self._decoder.cache_bytes
            self.statistics.decode_ms += _milliseconds_since(started)
            for token in tokens:
                if self._cancelled():
                    return
                self.statistics.completion_tokens += 1
                yield token
            if finish != "running":
                self.statistics.finish_reason = finish
            if finish != "running" or self._cancelled():
                return
            started = time.perf_counter()
            done = self._read([tokens[-1].id])
            self.statistics.decode_ms += _milliseconds_since(started)

    def _prefill(self) -> _Pass | None:
        """Read the prompt beyond what is cached; None if cancelled."""
        ids, decoder = self._prompt_ids, self._decoder
        decoder.begin(ids)
        known = next((read for read in self._memory if read.ids == ids), None)
        if known is None or decoder.cache.ids != ids:
            known = None
            decoder.cache.truncate(len(ids) - 1)  # there must be a token to read
        self.statistics.cached_tokens = len(decoder.cache.ids)
        done = None if known is None else _Pass(known.logits, [])
        for start in range(len(decoder.cache.ids), len(ids), PREFILL_CHUNK):
            if self._cancelled():
                return None
            done = self._read(ids[start : start + PREFILL_CHUNK])
        if done is not None and known is None:
            self._memory.append(_ReadPrompt(ids, done.logits[:1].clone()))
            del self._memory[:-_REMEMBERED_PROMPTS]
        return done

    def _read(self, ids: list[int]) -> _Pass:
        """One pass over `ids` and a draft of what may follow them."""
        draft = self._draft(len(ids))
        self.statistics.passes += 1
        self.statistics.drafted_tokens += len(draft)
        return _Pass(self._decoder.forward(ids + draft, 1 + len(draft)), draft)

    def _draft(self, num_certain: int) -> list[int]:
        """What may follow, as much as can be verified exactly behind `num_certain` tokens."""
        limit = min(self._decoder.exact_rows - num_certain, self._remaining - 1)
        if limit <= 0 or self._request.sampling.temperature > 0:
            return []
        draft = self._drafter.propose(limit)
        allowed = self._request.constraint.allowed() if self._request.constraint else None
        return draft if allowed is None or (draft and draft[0] in allowed) else []

    def _verify(self, done: _Pass) -> tuple[list[Token], FinishReason]:
        """The tokens that the pass decides, and whether the stream ends with them."""
        request, tokens = self._request, list[Token]()
        for logits, drafted in zip(done.logits, [*done.draft, None], strict=True):
            token = choose_token(logits, request.sampling, request.constraint, self._generator)
            if token.id in request.stop_ids:
                return tokens, "stop"
            tokens.append(token)
            self._remaining -= 1
            if self._remaining <= 0:
                return tokens, "length"
            if request.constraint:
                request.constraint.advance(token.id)
            if token.id != drafted:
                break
        return tokens, "running"

    def _forget_rejected(self, done: _Pass, tokens: list[Token]) -> None:
        """Cut the cache back to the tokens that the pass has borne out."""
        ids = [token.id for token in tokens]
        accepted = common_prefix_length(done.draft, ids)
        self.statistics.accepted_draft_tokens += accepted
        cache = self._decoder.cache
        cache.truncate(len(cache.ids) - (len(done.draft) - accepted))
        self._drafter.extend(ids, len(done.draft))
        self.output_ids += ids

    def _cancelled(self) -> bool:
        if not self._request.cancel.is_set():
            return False
        self.statistics.finish_reason = "cancelled"
        return True


def _milliseconds_since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
