"""What a run will take in memory and time, told before it starts.

Memory is counted from the sizes of the model and the longest sequence; time comes from a short
pass over real examples on this machine.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psutil
import torch

from codegen_lsp.engine.lean import LeanConfig
from codegen_lsp.errors import UsageError
from finetune.examples import Example
from finetune.training.base import TrainingModel
from finetune.training.lora import LoraSettings
from finetune.training.model import CHECKPOINT_ABOVE, TrainingPrecision
from finetune.training.settings import TrainingSettings

_RUNTIME_BYTES = 1_200_000_000  # Python, torch, tokenizer, grammars, the examples of an epoch
_LOGITS_ROW_TYPES = 2 * 4 + 2  # logits and shares in float32, once more in the head's type
_LOGITS_ROWS = 128
_HEADROOM = 1.4  # what the allocator leaves unused between tensors


@dataclass(frozen=True, slots=True)
class Sizes:
    """What the memory of a run hangs on.

    Attributes:
        model: the base's sizes.
        intermediate_size: width of its gated activation.
        vocab_size: of its tokens.
    """

    model: LeanConfig
    intermediate_size: int
    vocab_size: int

    @staticmethod
    def read(config: Mapping[str, Any]) -> "Sizes | None":
        """Take them from a `config.json`; None if the model is of another family than Llama's."""
        model = LeanConfig.read(config)
        if model is None:
            return None
        return Sizes(model, config["intermediate_size"], config["vocab_size"])

    @property
    def layer_weights(self) -> int:
        """Elements of the linear layers."""
        return sum(rows * columns for rows, columns in self._shapes()) * self.model.num_layers

    def adapter_parameters(self, rank: int) -> int:
        """Elements of an adapter of all linear layers."""
        return sum(rank * sum(shape) for shape in self._shapes()) * self.model.num_layers

    def _shapes(self) -> list[tuple[int, int]]:
        model, hidden = self.model, self.model.hidden_size
        queries, keys = model.num_heads * model.head_dim, model.num_kv_heads * model.head_dim
        attention = [(queries, hidden), (keys, hidden), (keys, hidden), (hidden, queries)]
        return [*attention, *[(self.intermediate_size, hidden)] * 3]


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes that a run needs at its peak, by what they are for."""

    weights: int
    adapter: int
    activations: int
    logits: int

    @property
    def total(self) -> int:
        """All of it."""
        parts = self.weights + self.adapter + self.activations + self.logits
        return _RUNTIME_BYTES + int(parts * _HEADROOM)


def memory_of(  # noqa: PLR0913 - all that memory hangs on
    sizes: Sizes,
    lora: LoraSettings,
    *,
    precision: TrainingPrecision,
    tokens_per_batch: int,
    longest: int,
    is_checkpointed: bool = False,
) -> Memory:
    """The memory that training takes.

    Args:
        sizes: of the base.
        lora: of the adapter.
        precision: of the base's products.
        tokens_per_batch: as in `TrainingSettings`.
        longest: tokens of the longest example.
        is_checkpointed: gradient checkpointing throughout.
    """
    width = 4 if precision == "fp32" else 2
    # int8 keeps the weights in both directions, so it takes as much as bf16
    head = sizes.vocab_size * sizes.model.hidden_size * width
    tokens = max(tokens_per_batch, longest)
    kept = 4 * sizes.model.hidden_size * tokens * sizes.model.num_layers  # the residual stream
    whole = 0 if is_checkpointed else min(tokens, CHECKPOINT_ABOVE)
    kept += whole * sizes.model.num_layers * _kept_per_token(sizes, width, min(longest, whole))
    in_work = 2 * tokens * _kept_per_token(sizes, width, longest)
    return Memory(
        weights=sizes.layer_weights * width + head,
        # values, gradients, two moments, and a copy while a checkpoint is written
        adapter=sizes.adapter_parameters(lora.rank) * 4 * 7,
        activations=kept + in_work,
        logits=_LOGITS_ROWS * sizes.vocab_size * _LOGITS_ROW_TYPES,
    )


def available_memory(device: str) -> int:
    """Bytes that are free at present, where a run on `device` keeps its tensors."""
    if device.startswith("cuda"):
        return torch.cuda.mem_get_info(device)[0]
    return int(psutil.virtual_memory().available)


def check_memory(
    memory: Memory, available: int, settings: TrainingSettings, *, is_checkpointed: bool
) -> None:
    """Refuse a run that needs more than the `available` bytes.

    Raises:
        UsageError: it names the setting that lowers what is needed most.
    """
    if memory.total <= available:
        return
    raise UsageError(
        f"training would take {memory.total / 1e9:.1f} GB of memory and {available / 1e9:.1f} GB "
        f"are free: {_remedy(memory, settings, is_checkpointed=is_checkpointed)}"
    )


def seconds_per_token(model: TrainingModel, examples: Sequence[Example]) -> float:
    """Time that a token of `examples` takes, forward and backward; leaves no gradient behind."""
    _pass(model, examples[:1])  # the first pass takes memory from the system
    started = time.perf_counter()
    for example in examples:
        _pass(model, [example])
    seconds = time.perf_counter() - started
    return seconds / sum(len(example.ids) for example in examples)


def _pass(model: TrainingModel, batch: Sequence[Example]) -> None:
    random_state = torch.get_rng_state()
    model.loss(batch)[0].backward()
    for parameter in model.parameters():
        parameter.grad = None
    torch.set_rng_state(random_state)


def _kept_per_token(sizes: Sizes, width: int, longest: int) -> int:
    """Bytes that the backward pass needs of a token in a layer, beside the rows it was given."""
    model = sizes.model
    heads = model.num_heads * model.head_dim
    pairs = heads + 2 * model.num_kv_heads * model.head_dim
    products = 2 * model.hidden_size + heads + 2 * pairs + 3 * sizes.intermediate_size
    probabilities = model.num_heads * (longest + 128) // 2
    return 4 * model.hidden_size + width * (products + probabilities)


def _remedy(memory: Memory, settings: TrainingSettings, *, is_checkpointed: bool) -> str:
    if memory.weights + memory.adapter > memory.activations:
        return "choose a smaller model, or close other programs"
    if not is_checkpointed:
        return "turn gradient_checkpointing on"
    return f"lower tokens_per_batch ({settings.tokens_per_batch})"
