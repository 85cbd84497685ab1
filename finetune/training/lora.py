"""LoRA adapters: their settings, their tensors under peft's names, and the folder peft reads.

LoRA is Hu et al. 2021 (arXiv 2106.09685); the rank-stabilised scale is Kalajdzievski 2023 (arXiv
2312.03732). Projections with one input are fused here as the base's are; peft knows each alone.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import peft
import torch
from safetensors.torch import save

from codegen_lsp.errors import DamagedModelError
from finetune.training.products import LoraProduct
from finetune.training.writing import write_whole, writing

ADAPTER_FILE = "adapter_model.safetensors"
PROJECTIONS = {
    "qkv": ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
    "output": ("self_attn.o_proj",),
    "gate_up": ("mlp.gate_proj", "mlp.up_proj"),
    "down": ("mlp.down_proj",),
}
"""Modules of a Llama-like layer that each of our products computes."""


@dataclass(frozen=True, slots=True)
class LoraSettings:
    """How an adapter is built.

    Attributes:
        rank: of each projection's adapter.
        alpha: the adapter counts `alpha / rank`, or `alpha / sqrt(rank)` where rank-stabilised.
        dropout: share of the adapters' inputs left out at each step.
        is_rank_stabilised: rsLoRA.
        is_decomposed: DoRA; only `peft_model` has it.
        has_4bit_base: QLoRA; only `peft_model` has it, on a GPU.
        seed: of the initial values of A; B begins at zero.
    """

    rank: int = 32
    alpha: int = 64
    dropout: float = 0.0
    is_rank_stabilised: bool = False
    is_decomposed: bool = False
    has_4bit_base: bool = False
    seed: int = 0

    @property
    def scale(self) -> float:
        """What the adapter's product is multiplied by."""
        return self.alpha / (math.sqrt(self.rank) if self.is_rank_stabilised else self.rank)

    def peft_config(self, base: str | None, targets: list[str] | str) -> peft.LoraConfig:
        """The same in peft's words, for the modules `targets` of the model called `base`."""
        return peft.LoraConfig(
            task_type="CAUSAL_LM",
            base_model_name_or_path=base,
            r=self.rank,
            lora_alpha=self.alpha,
            lora_dropout=self.dropout,
            use_rslora=self.is_rank_stabilised,
            use_dora=self.is_decomposed,
            target_modules=targets,
        )


def initialise(product: LoraProduct, generator: torch.Generator) -> None:
    """Draw A as peft does, uniformly within `1 / sqrt(in)`; B stays zero."""
    bound = product.a.shape[1] ** -0.5
    with torch.no_grad():
        product.a.uniform_(-bound, bound, generator=generator)


def named_factors(
    layer: int, name: str, product: LoraProduct
) -> Iterator[tuple[str, torch.Tensor]]:
    """A and B of each projection of `product`, views under the names that peft stores them by."""
    factors = zip(PROJECTIONS[name], product.a.chunk(len(product.bs)), product.bs, strict=True)
    for projection, a, b in factors:
        prefix = f"base_model.model.model.layers.{layer}.{projection}"
        yield f"{prefix}.lora_A.weight", a
        yield f"{prefix}.lora_B.weight", b


def take_back(factors: dict[str, torch.Tensor], state: dict[str, torch.Tensor]) -> None:
    """Copy `state` into the tensors `factors` of the same names.

    Raises:
        DamagedModelError: a tensor is missing, or has another shape.
    """
    for name, factor in factors.items():
        if name not in state or state[name].shape != factor.shape:
            raise DamagedModelError(
                f"the adapter has no {name} of shape {tuple(factor.shape)}: it was trained with "
                "another rank or for another model"
            )
        with torch.no_grad():
            factor.copy_(state[name])


def save_adapter(folder: Path, state: dict[str, torch.Tensor], config: peft.PeftConfig) -> None:
    """Write the folder that `peft.PeftModel.from_pretrained` reads.

    Raises:
        DiskFullError: the disk has no room for it.
    """
    contiguous = {name: tensor.contiguous() for name, tensor in state.items()}
    write_whole(folder / ADAPTER_FILE, save(contiguous, metadata={"format": "pt"}))
    with writing(folder):
        replace(config, inference_mode=True).save_pretrained(str(folder))
