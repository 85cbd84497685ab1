"""The training forward of the Llama and Qwen2 family: frozen base, LoRA on all linear layers.

It computes what `engine.lean` does, in the same fused products, and lets gradients through. A batch
is one matrix of rows: the sequences' tokens one after the other, nothing padded; only attention
looks at each sequence alone. Of the last layer's results, only the rows that predict a label are
used, so only those go through its second half and the output head. The residual stream is float32.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import torch
from torch.utils.checkpoint import checkpoint

from codegen_lsp.engine.lean import LeanConfig
from codegen_lsp.models.weights import Tensors
from finetune.examples import Example
from finetune.training.attention import attend
from finetune.training.functions import rms_norm, rotate, swiglu
from finetune.training.lora import (
    PROJECTIONS,
    LoraSettings,
    initialise,
    named_factors,
    save_adapter,
    take_back,
)
from finetune.training.loss import batch_loss
from finetune.training.products import Int8Frozen, LoraProduct, PlainFrozen

TrainingPrecision = Literal["int8", "bf16", "fp32"]
"""Of the base's products; under int8 everything between them is bf16."""

CHECKPOINT_ABOVE = 1024
"""Tokens of a batch; 0 is gradient checkpointing throughout. One of 2,048 would take 8 GB."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """Where the sequences of a batch are, and how the heads of each row are rotated.

    Attributes:
        lengths: of the sequences, in rows.
        labelled: indices of the rows that predict a label.
        cosine: (T, 1, head_dim / 2).
        sine: the same.
    """

    lengths: list[int]
    labelled: torch.Tensor
    cosine: torch.Tensor
    sine: torch.Tensor


class LlamaTraining:
    """A base of the family with a trainable adapter; see `base.TrainingModel`."""

    def __init__(  # noqa: PLR0913 - what it is made of
        self,
        config: LeanConfig,
        tensors: Tensors,
        lora: LoraSettings,
        *,
        base: str,
        precision: TrainingPrecision,
        device: str = "cpu",
        checkpoint_above: int = CHECKPOINT_ABOVE,
    ) -> None:
        """Place the base's weights and draw an adapter.

        Args:
            config: the sizes.
            tensors: the base's weights.
            lora: of the adapter.
            base: the base's name, as the adapter's folder will give it.
            precision: of the base's products.
            device: a device of torch; int8 runs on "cpu" only.
            checkpoint_above: of a batch of more tokens keep only the rows between layers, and
                compute a layer again when its gradients are due: less memory, a third more time.
        """
        self._base, self._lora = base, lora
        self._device = device
        self._checkpoint_above = checkpoint_above
        self._dtype = torch.float32 if precision == "fp32" else torch.bfloat16
        place = _Placer(tensors, config, lora, device, self._dtype, precision == "int8")
        self._embeddings = tensors["model.embed_tokens.weight"]
        self._layers = [_Layer(config, place, index) for index in range(config.num_layers)]
        self._norm = place.norm("model.norm.weight")
        tied = "lm_head.weight" not in tensors
        self._head = place.tensor("model.embed_tokens.weight" if tied else "lm_head.weight")
        self._eps = config.rms_norm_eps
        self._angles = _angles(config, device)
        generator = torch.Generator().manual_seed(lora.seed)
        for _, _, product in self._products():
            initialise(product, generator)
            product.to(device)

    def loss(self, batch: Sequence[Example]) -> tuple[torch.Tensor, float]:
        """Sum of the weighted losses of what is predicted, in nats, and of the weights."""
        x, rows = self._read(batch)
        for layer in self._layers[:-1]:
            x = self._through(layer, x, rows)
        last = self._layers[-1]
        x = last.transform(last.attend(x, rows)[rows.labelled])
        hidden = rms_norm(x, self._norm, self._eps, self._dtype)
        return batch_loss(hidden, self._head, batch)

    def parameters(self) -> list[torch.nn.Parameter]:
        """The trainable parameters, always in the same order."""
        return [
            parameter for _, _, product in self._products() for parameter in product.parameters()
        ]

    def state_dict(self) -> dict[str, torch.Tensor]:
        """The adapter's tensors by peft's names; copies on the CPU."""
        return {
            name: factor.detach().to("cpu", copy=True) for name, factor in self._factors().items()
        }

    def load_state_dict(self, state: dict[str, torch.Tensor]) -> None:
        """Take back what `state_dict` gave.

        Raises:
            DamagedModelError: it is another adapter's.
        """
        with torch.no_grad():
            take_back(self._factors(), state)

    def save(self, folder: Path) -> None:
        """Write the adapter into `folder` as peft does.

        Raises:
            DiskFullError: the disk has no room for it.
        """
        names = [name.rpartition(".")[2] for names in PROJECTIONS.values() for name in names]
        save_adapter(folder, self.state_dict(), self._lora.peft_config(self._base, names))

    def _through(self, layer: "_Layer", x: torch.Tensor, rows: _Rows) -> torch.Tensor:
        if len(x) > self._checkpoint_above:
            result: torch.Tensor = checkpoint(layer, x, rows, use_reentrant=False)
            return result
        return layer(x, rows)

    def _read(self, batch: Sequence[Example]) -> tuple[torch.Tensor, _Rows]:
        """The embeddings of each example's ids but the last, which predicts nothing."""
        inputs = [torch.tensor(example.ids[:-1]) for example in batch]
        lengths = [len(ids) for ids in inputs]
        positions = torch.cat([torch.arange(length) for length in lengths]).to(self._device)
        ends = torch.tensor(lengths).cumsum(0).tolist()
        labelled = torch.cat(
            [
                torch.arange(end - example.num_predicted, end)
                for end, example in zip(ends, batch, strict=True)
            ]
        )
        angles = self._angles[positions, None]
        rows = _Rows(lengths, labelled.to(self._device), angles.cos(), angles.sin())
        ids = torch.cat(inputs).to(self._embeddings.device)
        return self._embeddings[ids].to(self._device, torch.float32), rows

    def _products(self) -> list[tuple[int, str, LoraProduct]]:
        return [
            (index, name, getattr(layer, name))
            for index, layer in enumerate(self._layers)
            for name in PROJECTIONS
        ]

    def _factors(self) -> dict[str, torch.Tensor]:
        return {
            name: factor
            for index, product_name, product in self._products()
            for name, factor in named_factors(index, product_name, product)
        }


@dataclass(frozen=True, slots=True)
class _Placer:
    """Takes weights of the base to where and how they are used."""

    tensors: Tensors
    config: LeanConfig
    lora: LoraSettings
    device: str
    dtype: torch.dtype
    is_int8: bool

    def tensor(self, name: str) -> torch.Tensor:
        """A weight in the type of the products."""
        return self.tensors[name].to(self.device, self.dtype, copy=True)

    def norm(self, name: str) -> torch.Tensor:
        """A norm's weight, float32."""
        return self.tensors[name].to(self.device, torch.float32)

    def product(self, prefix: str, names: tuple[str, ...]) -> LoraProduct:
        """The fused product of the modules `names` of the layer at `prefix`, with its adapter."""
        weights = [self.tensors[f"{prefix}{name}.weight"] for name in names]
        biases = [
            self.tensors[f"{prefix}{name}.bias"]
            for name in names
            if f"{prefix}{name}.bias" in self.tensors
        ]
        weight = torch.cat(weights).to(self.device, self.dtype)
        bias = torch.cat(biases).to(self.device, self.dtype) if biases else None
        make: type[Int8Frozen | PlainFrozen] = Int8Frozen if self.is_int8 else PlainFrozen
        product = LoraProduct(
            make(weight, bias),
            weight.shape[1],
            [part.shape[0] for part in weights],
            self.lora.rank,
            self.lora.scale,
        )
        product.dropout = self.lora.dropout
        return product


class _Layer:
    def __init__(self, config: LeanConfig, place: _Placer, index: int) -> None:
        prefix = f"model.layers.{index}."
        self._config = config
        self._dtype = place.dtype
        self._attention_norm = place.norm(f"{prefix}input_layernorm.weight")
        self._mlp_norm = place.norm(f"{prefix}post_attention_layernorm.weight")
        self.qkv = place.product(prefix, PROJECTIONS["qkv"])
        self.output = place.product(prefix, PROJECTIONS["output"])
        self.gate_up = place.product(prefix, PROJECTIONS["gate_up"])
        self.down = place.product(prefix, PROJECTIONS["down"])

    def __call__(self, x: torch.Tensor, rows: _Rows) -> torch.Tensor:
        """Map rows `x` (T, hidden) to those after the layer."""
        return self.transform(self.attend(x, rows))

    def attend(self, x: torch.Tensor, rows: _Rows) -> torch.Tensor:
        """The layer's first half: each row with what its sequence's earlier rows hold."""
        config = self._config
        qkv = self.qkv(self._normed(x, self._attention_norm))
        heads = qkv.unflatten(1, (-1, config.head_dim))
        turned = config.num_heads + config.num_kv_heads
        rotated = rotate(heads[:, :turned], rows.cosine, rows.sine)
        queries, keys = rotated.split([config.num_heads, config.num_kv_heads], dim=1)
        parts = (part.split(rows.lengths) for part in (queries, keys, heads[:, turned:]))
        attended = [attend(*of_sequence) for of_sequence in zip(*parts, strict=True)]
        result: torch.Tensor = x + self.output(torch.cat(attended))
        return result

    def transform(self, x: torch.Tensor) -> torch.Tensor:
        """The layer's second half: each row by itself."""
        gate_up = self.gate_up(self._normed(x, self._mlp_norm))
        result: torch.Tensor = x + self.down(swiglu(gate_up))
        return result

    def _normed(self, x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        return rms_norm(x, weight, self._config.rms_norm_eps, self._dtype)


def _angles(config: LeanConfig, device: str) -> torch.Tensor:
    """By how much each pair of a head is rotated at each position: (max_seq_len, head_dim / 2)."""
    exponents = torch.arange(0, config.head_dim, 2).float() / config.head_dim
    frequencies = 1.0 / config.rope_theta**exponents
    positions = torch.arange(config.max_seq_len).float() / config.rope_factor
    return torch.outer(positions, frequencies).to(device)
