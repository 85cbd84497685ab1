"""The memory that training will take, told before it starts, from the sizes of what it computes."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import torch
from transformers import AutoConfig

from codegen_lsp.engine.load import lean_config, read_config
from codegen_lsp.errors import DamagedModelError, UsageError
from finetune.training.lora import LoraSettings
from finetune.training.loss import ROWS
from finetune.training.model import CHECKPOINT_ABOVE, TrainingPrecision
from finetune.training.settings import TrainingSettings

_RUNTIME_BYTES = 1_200_000_000  # Python, torch, tokenizer, grammars, the examples of an epoch
_LOGITS_ROW_TYPES = 2 * 4 + 2  # logits and shares in float32, once more in the head's type
_HEADROOM = 1.4  # what the allocator leaves unused between tensors
_NF4_BYTES = 0.53  # of an element of a base in 4 bits, with its scales

# Counted from what autograd saves of a small Qwen2 in bf16 on the CPU, with transformers
# 5.23.0 and peft 0.21.2: times what one has to keep of a layer's products. DoRA keeps much of
# each product twice, and besides, for each weight, so many times the bytes of the weight itself.
_KEPT_BY_PEFT, _KEPT_BY_DORA, _KEPT_OF_WEIGHTS_BY_DORA = 1.5, 2.6, 1.6


@dataclass(frozen=True, slots=True)
class Sizes:
    """What the memory of a run hangs on, in numbers of a base.

    Attributes:
        hidden_size: of the residual stream.
        intermediate_size: width of its gated activation.
        vocab_size: of its tokens.
        num_layers: of it.
        num_heads: of queries.
        num_kv_heads: of keys and of values.
        head_dim: of each head.
        is_ours: `model` trains its family; peft the others.
        has_own_head: its output head is not its embeddings.
    """

    hidden_size: int
    intermediate_size: int
    vocab_size: int
    num_layers: int
    num_heads: int
    num_kv_heads: int
    head_dim: int
    is_ours: bool = True
    has_own_head: bool = False

    @staticmethod
    def read(folder: Path) -> "Sizes":
        """Take them from the config.json in `folder`.

        Raises:
            DamagedModelError: it cannot be read, or transformers does not know the family.
        """
        config = _complete(folder)
        try:
            heads, hidden = config["num_attention_heads"], config["hidden_size"]
            return Sizes(
                hidden_size=hidden,
                intermediate_size=config.get("intermediate_size") or 4 * hidden,
                vocab_size=config["vocab_size"],
                num_layers=config["num_hidden_layers"],
                num_heads=heads,
                num_kv_heads=config.get("num_key_value_heads") or heads,
                head_dim=config.get("head_dim") or hidden // heads,
                is_ours=lean_config(folder) is not None,
                has_own_head=not config.get("tie_word_embeddings", True),
            )
        except (KeyError, TypeError) as error:
            file = folder / "config.json"
            raise DamagedModelError(f"{file} lacks or misstates {error}") from error

    @property
    def layer_weights(self) -> int:
        """Elements of the linear layers."""
        return sum(rows * columns for rows, columns in self._shapes()) * self.num_layers

    @property
    def head_weights(self) -> int:
        """Elements of the output head."""
        return self.vocab_size * self.hidden_size

    @property
    def kept_per_token(self) -> int:
        """Elements of what the backward pass needs of a token in a layer's products."""
        heads = self.num_heads * self.head_dim
        pairs = heads + 2 * self.num_kv_heads * self.head_dim
        return 2 * self.hidden_size + heads + 2 * pairs + 3 * self.intermediate_size

    def adapter_parameters(self, rank: int) -> int:
        """Elements of an adapter of all linear layers."""
        return sum(rank * sum(shape) for shape in self._shapes()) * self.num_layers

    def _shapes(self) -> list[tuple[int, int]]:
        hidden = self.hidden_size
        queries, keys = self.num_heads * self.head_dim, self.num_kv_heads * self.head_dim
        attention = [(queries, hidden), (keys, hidden), (keys, hidden), (hidden, queries)]
        return [*attention, *[(self.intermediate_size, hidden)] * 3]


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes that a process needs at its peak, by what they are for."""

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
    is_ours = sizes.is_ours and not lora.is_decomposed and not lora.has_4bit_base
    tokens = max(tokens_per_batch, longest)
    if is_ours:
        activations = _kept_by_ours(sizes, width, tokens, longest, is_checkpointed=is_checkpointed)
    else:
        activations = _kept_by_peft(sizes, lora, width, tokens, is_checkpointed=is_checkpointed)
    embeddings = sizes.head_weights if sizes.has_own_head and not is_ours else 0
    # int8 keeps the weights in both directions, so it takes as much as bf16
    per_weight = _NF4_BYTES if lora.has_4bit_base else width
    return Memory(
        weights=int(sizes.layer_weights * per_weight) + (sizes.head_weights + embeddings) * width,
        # values, gradients, two moments, and a copy while a checkpoint is written
        adapter=sizes.adapter_parameters(lora.rank) * 4 * 7,
        activations=activations,
        logits=ROWS * sizes.vocab_size * _LOGITS_ROW_TYPES,
    )


def serving_memory(sizes: Sizes, bytes_per_weight: int, cache_bytes: int) -> int:
    """Bytes of a second copy of the base, which validation loads beside the one in training."""
    return (sizes.layer_weights + sizes.head_weights) * bytes_per_weight + cache_bytes


def available_memory(device: str) -> int:
    """Bytes that are free at present, where a run on `device` keeps its tensors."""
    if device.startswith("cuda"):
        return torch.cuda.mem_get_info(device)[0]
    return int(psutil.virtual_memory().available)


def check_memory(
    needed: int,
    memory: Memory,
    available: int,
    settings: TrainingSettings,
    *,
    is_checkpointed: bool,
) -> None:
    """Refuse a run that needs more than the `available` bytes.

    Args:
        needed: bytes, of all that has to be there at once.
        memory: what training takes of it.
        available: bytes.
        settings: of the run.
        is_checkpointed: gradient checkpointing throughout.

    Raises:
        UsageError: it names the setting that lowers what is needed most.
    """
    if needed <= available:
        return
    raise UsageError(
        f"training would take {needed / 1e9:.1f} GB of memory and {available / 1e9:.1f} GB "
        f"are free: {_remedy(memory, settings, is_checkpointed=is_checkpointed)}"
    )


def _complete(folder: Path) -> Mapping[str, Any]:
    """What config.json says, under the names that transformers has for all families."""
    if lean_config(folder) is not None:
        return read_config(folder)
    try:
        config = AutoConfig.from_pretrained(folder, local_files_only=True).get_text_config()
    except (OSError, ValueError, KeyError) as error:
        cause = " ".join(str(error).split())
        raise DamagedModelError(f"transformers cannot load {folder}: {cause[:200]}") from error
    names = {"hidden_size", "num_attention_heads", "num_hidden_layers", "vocab_size"}
    return {**config.to_dict(), **{name: getattr(config, name) for name in names}}


def _kept_by_ours(
    sizes: Sizes, width: int, tokens: int, longest: int, *, is_checkpointed: bool
) -> int:
    """Bytes of activations at the peak: those kept, and those of the layer in work."""
    whole = 0 if is_checkpointed else min(tokens, CHECKPOINT_ABOVE)

    def of_token(longest: int) -> int:
        probabilities = sizes.num_heads * (longest + 128) // 2
        return 4 * sizes.hidden_size + width * (sizes.kept_per_token + probabilities)

    kept = 4 * sizes.hidden_size * tokens * sizes.num_layers  # the residual stream
    kept += whole * sizes.num_layers * of_token(min(longest, whole))
    return kept + 2 * tokens * of_token(longest)


def _kept_by_peft(
    sizes: Sizes, lora: LoraSettings, width: int, tokens: int, *, is_checkpointed: bool
) -> int:
    """The same, for transformers and peft."""
    of_layer = tokens * (4 * sizes.hidden_size + width * sizes.kept_per_token)
    if lora.is_decomposed:
        of_weights = sizes.layer_weights // sizes.num_layers * width * _KEPT_OF_WEIGHTS_BY_DORA
        of_layer = int(of_layer * _KEPT_BY_DORA + of_weights)
    else:
        of_layer = int(of_layer * _KEPT_BY_PEFT)
    residual = 4 * sizes.hidden_size * tokens * sizes.num_layers
    return residual + of_layer * (2 if is_checkpointed else sizes.num_layers + 2)


def _remedy(memory: Memory, settings: TrainingSettings, *, is_checkpointed: bool) -> str:
    if memory.weights + memory.adapter > memory.activations:
        return "choose a smaller model, or close other programs"
    if not is_checkpointed:
        return "turn gradient_checkpointing on"
    return f"lower tokens_per_batch ({settings.tokens_per_batch})"
