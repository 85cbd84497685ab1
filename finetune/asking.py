"""A run as it is asked for, and what it will take."""

import json
from dataclasses import dataclass
from pathlib import Path

from codegen_lsp.prompt.build import PromptBudget
from finetune.evaluation.report import ARMS
from finetune.examples import LONGEST_MIDDLE
from finetune.preparing import Prepared
from finetune.settings import FinetuneSettings
from finetune.training.estimate import Sizes, available_memory, check_memory, memory_of
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
    """What a run will take, as far as that can be told beforehand."""

    memory_bytes: int | None
    time_limit_minutes: float
    cases: int

    def __str__(self) -> str:
        memory = "unknown" if self.memory_bytes is None else f"{self.memory_bytes / 1e9:.1f} GB"
        return (
            f"memory {memory}; training at most {self.time_limit_minutes:g} minutes, then "
            f"{self.cases} completions to measure, of a second or a few each"
        )


def forecast(run: Run) -> Forecast:
    """What `run` will take.

    Raises:
        UsageError: it needs more memory than there is; says which setting lowers it.
    """
    settings, base = run.settings, run.prepared.base
    sizes = Sizes.read(json.loads((base.folder / "config.json").read_text("utf-8")))
    memory = None
    if sizes is not None:
        device = choose_device(run.device)
        needed = memory_of(
            sizes,
            lora_settings(settings),
            precision=choose_precision(device),
            tokens_per_batch=settings.tokens_per_batch,
            longest=_longest(base.budget),
            is_checkpointed=settings.gradient_checkpointing,
        )
        check_memory(
            needed,
            available_memory(device),
            training_settings(settings),
            is_checkpointed=settings.gradient_checkpointing,
        )
        memory = needed.total
    others = sum(scale != 1.0 for scale in settings.scales)
    cases = len(ARMS) * settings.cases + 2 * settings.general_cases + others * settings.sweep_cases
    return Forecast(memory, settings.time_limit_minutes, cases)


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
