"""What can be set for a fine-tuning: in a TOML file, and some of it on the command line."""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from codegen_lsp.errors import UsageError

Positive = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0, le=1)]
Scale = Annotated[float, Field(gt=0, le=2)]


class FinetuneSettings(BaseModel):
    """All settings, valid. Where their defaults come from is in the README.

    Attributes:
        rank: of the adapter's matrices.
        alpha: what the adapter adds is multiplied by alpha / rank.
        variant: rslora scales by alpha / sqrt(rank); dora and qlora are computed by peft.
        dropout: share of the adapter's inputs left out in a step.
        learning_rate: its highest value.
        sequences_per_step: examples for one step of the optimiser.
        tokens_per_batch: read at once; fewer take less memory.
        max_epochs: a run ends after so many.
        time_limit_minutes: and after so long, validation included.
        validate_steps: steps from one validation to the next.
        patience: validations without a gain after which a run ends.
        context_share: of the examples, that show other files as prompts do.
        prefix_weight: of the loss of the text before the cursor, where that of what is to be
            written is 1.
        gradient_checkpointing: takes less memory and more time.
        cases: held out, and completed before and after.
        validation_cases: more of them, to stop by.
        sweep_cases: of `cases`, completed at each of `scales`.
        scales: of the adapter, in the report.
        general_cases: of general code, to see what was forgotten.
        seed: of all that is drawn.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    rank: Positive = 32
    alpha: Positive = 64
    variant: Literal["lora", "rslora", "dora", "qlora"] = "lora"
    dropout: Share = 0.0
    learning_rate: Annotated[float, Field(gt=0)] = 2e-4
    sequences_per_step: Positive = 8
    tokens_per_batch: Positive = 1024
    max_epochs: Positive = 10
    time_limit_minutes: Annotated[float, Field(gt=0)] = 60.0
    validate_steps: Positive = 40
    patience: Positive = 3
    context_share: Share = 0.4
    prefix_weight: Share = 0.3
    gradient_checkpointing: bool = False
    cases: Positive = 150
    validation_cases: Annotated[int, Field(ge=0)] = 30
    sweep_cases: Annotated[int, Field(ge=0)] = 50
    scales: tuple[Scale, ...] = Field(default=(0.6, 0.8, 1.0), strict=False)
    general_cases: Annotated[int, Field(ge=1, le=100)] = 100
    seed: int = 0


def read_settings(file: Path | None, **given: Any) -> FinetuneSettings:
    """The settings in `file`, if there is one; what is `given` and not None counts more.

    Raises:
        UsageError: the file cannot be read, or a setting is unknown or wrong.
    """
    content: dict[str, Any] = {}
    if file is not None:
        try:
            content = tomllib.loads(file.read_text("utf-8"))
        except OSError as error:
            raise UsageError(f"cannot read {file}: {error.strerror}") from error
        except ValueError as error:
            raise UsageError(f"{file} is not valid TOML: {error}") from error
    content |= {name: value for name, value in given.items() if value is not None}
    try:
        return FinetuneSettings.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        raise UsageError(f"fine-tuning's setting {name}: {first['msg']}") from error
