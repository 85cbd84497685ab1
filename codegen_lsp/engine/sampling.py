"""From logits to the next token."""

import torch

from codegen_lsp.engine.base import Constraint, SamplingParams, Token


def choose_token(
    logits: torch.Tensor,
    params: SamplingParams,
    constraint: Constraint | None,
    generator: torch.Generator,
) -> Token:
    """Choose one of the tokens that `constraint` permits by `logits` (vocabulary,).

    The log-probability is the model's own, before temperature, top-p and constraint change it.
    """
    allowed = constraint.allowed() if constraint else None
    if allowed is not None:
        candidates = logits[torch.tensor(allowed, device=logits.device)]
    elif constraint and (barred := constraint.barred()):
        candidates = logits.index_fill(0, torch.tensor(barred, device=logits.device), -torch.inf)
    else:
        candidates = logits
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
