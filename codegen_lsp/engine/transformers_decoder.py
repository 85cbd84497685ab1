"""Any causal language model of transformers, by its own forward and its own cache.

Slower than the lean decoder, and the reference that the lean decoder is tested against.
"""

from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, DynamicCache, PreTrainedConfig
from transformers.cache_utils import DynamicLayer
from transformers.utils import logging

from codegen_lsp.engine.kv_cache import common_prefix_length
from codegen_lsp.engine.precision import Placement
from codegen_lsp.models.merging import Merge


class TransformersCache:
    """The model's own cache with the ids it holds; contract as in `kv_cache`."""

    def __init__(self, config: PreTrainedConfig) -> None:
        self._config = config
        self.states = DynamicCache(config=self._config)
        self.ids: list[int] = []

    def truncate(self, length: int) -> None:
        """Forget all tokens from `length` on; everything, where layers cannot be cut back."""
        if length >= len(self.ids):
            return
        # Sliding windows and recurrent states have already overwritten what came before.
        if length > 0 and all(type(layer) is DynamicLayer for layer in self.states.layers):
            self.states.crop(length - len(self.ids))
            del self.ids[length:]
        else:
            self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self.states = DynamicCache(config=self._config)
        self.ids = []


class TransformersDecoder:
    """Forward passes of a transformers model; see `engine.decoder.Decoder`.

    One sequence is kept. No pass of several tokens is exact: kernels sum in an order that depends
    on the number of rows.
    """

    exact_rows = 1

    def __init__(self, folder: Path, placement: Placement, merge: Merge | None = None) -> None:
        logging.disable_progress_bar()  # standard error belongs to whoever runs us
        # Any: transformers' annotations do not hold together under mypy.
        load: Any = AutoModelForCausalLM.from_pretrained
        self._model = load(
            folder, dtype=placement.dtype, local_files_only=True, trust_remote_code=False
        )
        self._model.to(placement.device)
        if merge is not None:
            _merge_into(self._model, merge)
        self._model.eval()
        self.cache = TransformersCache(self._model.config)
        limit = getattr(self._model.config, "max_position_embeddings", None)
        self.context_window: int = limit or _UNSTATED_CONTEXT_WINDOW

    @property
    def cache_bytes(self) -> int:
        """Memory of the one sequence; see `engine.decoder.Decoder`."""
        states = (state for layer in self.cache.states.layers for state in vars(layer).values())
        return sum(state.nbytes for state in states if isinstance(state, torch.Tensor))

    @property
    def weight_bytes(self) -> int:
        """Bytes of weights that one pass reads: all but the table of input embeddings."""
        embeddings: torch.Tensor = self._model.get_input_embeddings().weight
        head: torch.Tensor = self._model.get_output_embeddings().weight
        total = sum(int(parameter.numel()) for parameter in self._model.parameters())
        looked_up = 0 if head is embeddings else embeddings.numel()
        return (total - looked_up) * embeddings.element_size()

    def holds_two(self, num_tokens: int) -> bool:
        """Never: one sequence is kept."""
        del num_tokens
        return False

    def begin(self, ids: list[int]) -> None:
        """Go on with the one sequence, cut to what it shares with `ids`."""
        self.cache.truncate(common_prefix_length(self.cache.ids, ids))

    @torch.inference_mode()
    def forward(self, ids: list[int], num_logits: int) -> torch.Tensor:
        """Read `ids` after the cached ones; logits (num_logits, vocabulary) of the last ones."""
        try:
            output = self._model(
                input_ids=torch.tensor([ids], device=self._model.device),
                past_key_values=self.cache.states,
                use_cache=True,
                logits_to_keep=num_logits,
            )
        except BaseException:
            self.cache.clear()  # some layers may have stored what others have not
            raise
        self.cache.ids.extend(ids)
        logits: torch.Tensor = output.logits[0, -num_logits:].float()
        return logits


@torch.no_grad()
def _merge_into(model: Any, merge: Merge) -> None:
    parameters = dict(model.named_parameters())
    merge.check(parameters)
    for module in merge.modules:
        weight = parameters[f"{module}.weight"]
        weight.copy_(merge.apply(module, weight))


_UNSTATED_CONTEXT_WINDOW = 2048  # for configurations that name none (Bloom, Mamba)
