"""A run as it is asked for, and what it will take."""

import os
from dataclasses import dataclass
from pathlib import Path

import torch

from codegen_lsp.engine.precision import choose_placement
from codegen_lsp.engine.sequences import DEFAULT_CACHE_BYTES
from codegen_lsp.prompt.build import PromptBudget
from finetune.evaluation.report import ARMS, BASE_RETRIEVAL, TUNED_RETRIEVAL
from finetune.examples import LONGEST_MIDDLE
from finetune.preparing import Prepared
from finetune.settings import FinetuneSettings
from finetune.training.estimate import (
    Sizes,
    available_memory,
    check_memory,
    memory_of,
    serving_memory,
)
from finetune.training.load import choose_device, choose_precision
from finetune.training.lora import LoraSettings
from finetune.training.settings import TrainingSettings


@dataclass(frozen=True, slots=True)
class Run:
    """A run that is to be made, or gone on with.

    Attributes:
        repository: a folder in it, or its own.
        prepared: what it learns from and is judged by.
        settings: of the run.
        out: its folder.
        device: of torch, or "auto".
    """

    repository: Path
    prepared: Prepared
    settings: FinetuneSettings
    out: Path
    device: str


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a run will take, as far as that can be told without a try.

    Attributes:
        memory_bytes: at its peak, of all processes that share this machine's memory.
        time_limit_minutes: of the training.
        cases: completions that are measured with the context of other files.
        bare_cases: those without.
    """

    memory_bytes: int
    time_limit_minutes: float
    cases: int
    bare_cases: int

    def __str__(self) -> str:
        return (
            f"memory {self.memory_bytes / 1e9:.1f} GB; training at most "
            f"{self.time_limit_minutes:g} minutes, then {self.cases + self.bare_cases} completions "
            "to measure"
        )


def forecast(run: Run) -> Forecast:
    """What `run` will take.

    Raises:
        UsageError: it needs more memory than there is; says which setting lowers it.
        DamagedModelError: the model's configuration cannot be read.
    """
    settings, base, device = run.settings, run.prepared.base, choose_device(run.device)
    sizes = Sizes.read(base.folder)
    of_process = memory_of(
        sizes,
        lora_settings(settings),
        precision=choose_precision(device),
        tokens_per_batch=settings.tokens_per_batch,
        longest=_longest(base.budget),
        is_checkpointed=settings.gradient_checkpointing,
    )
    needed = of_process.total * _sharing(device)
    if run.prepared.validation:
        needed += _validating(sizes, device)
    check_memory(
        needed,
        of_process,
        available_memory(device),
        training_settings(settings),
        is_checkpointed=settings.gradient_checkpointing,
    )
    judged = len(run.prepared.cases)
    swept = sum(scale != 1.0 for scale in settings.scales) * min(settings.sweep_cases, judged)
    shown = sum(name in {BASE_RETRIEVAL, TUNED_RETRIEVAL} for name in ARMS)
    return Forecast(
        memory_bytes=needed,
        time_limit_minutes=settings.time_limit_minutes,
        cases=shown * judged + swept,
        bare_cases=(len(ARMS) - shown) * judged + 2 * settings.general_cases,
    )


def lora_settings(settings: FinetuneSettings) -> LoraSettings:
    """Those of the adapter."""
    return LoraSettings(
        rank=settings.rank,
        alpha=settings.alpha,
        dropout=settings.dropout,
        is_rank_stabilised=settings.variant == "rslora",
        is_decomposed=settings.variant == "dora",
        has_4bit_base=settings.variant == "qlora",
        seed=settings.seed,
    )


def training_settings(settings: FinetuneSettings) -> TrainingSettings:
    """Those of the loop."""
    return TrainingSettings(
        learning_rate=settings.learning_rate,
        sequences_per_step=settings.sequences_per_step,
        tokens_per_batch=settings.tokens_per_batch,
        max_epochs=settings.max_epochs,
        time_limit_s=settings.time_limit_minutes * 60,
        validate_steps=settings.validate_steps,
        patience=settings.patience,
        seed=settings.seed,
    )


def _longest(budget: PromptBudget) -> int:
    """Tokens of the longest example."""
    windows = budget.prefix_tokens + budget.suffix_tokens + budget.context_tokens
    return windows + LONGEST_MIDDLE


def _sharing(device: str) -> int:
    """How many processes that train together have their tensors in the same memory."""
    is_shared = torch.device(device).type != "cuda"
    return int(os.environ.get("LOCAL_WORLD_SIZE", "1")) if is_shared else 1


def _validating(sizes: Sizes, device: str) -> int:
    """Bytes that the first process needs to validate beside the model that it trains."""
    placement = choose_placement()
    if torch.device(placement.device).type != torch.device(device).type:
        return 0  # it is asked on a GPU and trained on the CPU
    per_weight = 1 if placement.precision == "int8" and sizes.is_ours else placement.dtype.itemsize
    return serving_memory(sizes, per_weight, DEFAULT_CACHE_BYTES)
