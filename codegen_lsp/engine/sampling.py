"""From logits to the next token."""

from collections.abc import Sequence

import torch

from codegen_lsp.engine.base import SamplingParams, Token


def choose_token(
    logits: torch.Tensor,
    params: SamplingParams,
    allowed: Sequence[int] | None,
    generator: torch.Generator,
) -> Token:
    """Choose one of `allowed` (None: of all) by `logits` (vocabulary,).

    The log-probability is the model's own, before temperature, top-p and `allowed` change it.
    """
    candidates = logits if allowed is None else logits[torch.tensor(allowed)]
    index = (
        int(candidates.argmax())
        if params.temperature == 0
        else _draw(candidates, params, generator)
    )
    token_id = index if allowed is None else allowed[index]
    return Token(token_id, float(logits[token_id] - logits.logsumexp(0)))


def _draw(logits: torch.Tensor, params: SamplingParams, generator: torch.Generator) -> int:
    """Index into `logits` (candidates,) drawn from the nucleus of Holtzman et al. (2020)."""
    probabilities = torch.softmax(logits / params.temperature, dim=0)
    ordered, order = probabilities.sort(descending=True)
    outside = ordered.cumsum(0) - ordered >= params.top_p  # never the most likely token itself
    ordered = ordered.masked_fill(outside, 0.0)
    drawn = torch.multinomial(ordered.cpu(), 1, generator=generator)
    return int(order[int(drawn)])
