"""What can be set for a fine-tuning: in a TOML file, and some of it on the command line."""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from codegen_lsp.errors import UsageError

_LARGEST = 1_000_000_000

Positive = Annotated[int, Field(ge=1, le=_LARGEST)]
Count = Annotated[int, Field(ge=0, le=_LARGEST)]
Share = Annotated[float, Field(ge=0, le=1)]
Scale = Annotated[float, Field(gt=0, le=2)]


class FinetuneSettings(BaseModel):
    """All settings, valid; README's table of them says the same, and where defaults come from."""

    model_config = ConfigDict(
        frozen=True,
        strict=True,
        extra="forbid",
        allow_inf_nan=False,
        use_attribute_docstrings=True,
    )

    rank: Positive = 32
    """Rank of the adapter's matrices."""
    alpha: Positive = 64
    """What the adapter adds is multiplied by alpha / rank."""
    variant: Literal["lora", "rslora", "dora", "qlora"] = "lora"
    """`rslora` multiplies by alpha / sqrt(rank) instead; `dora` and `qlora` (a base in 4 bits, on a
    CUDA device with bitsandbytes) are computed by peft, more slowly."""
    dropout: Share = 0.0
    """Share of the adapter's inputs that are left out in a step."""
    learning_rate: Annotated[float, Field(gt=0)] = 2e-4
    """Its highest value; it rises at first and falls to the end."""
    sequences_per_step: Positive = 4
    """Examples for one step of the optimiser."""
    tokens_per_batch: Positive = 512
    """Tokens read at once; fewer take less memory."""
    max_epochs: Positive = 10
    """A run ends after so many; each draws its examples anew."""
    time_limit_minutes: Annotated[float, Field(gt=0)] = 60.0
    """And after so long; room is left for a validation like the one before."""
    validate_steps: Positive = 80
    """Steps from one validation to the next."""
    patience: Positive = 3
    """Validations without a gain after which a run ends."""
    context_share: Share = 0.25
    """Share of the examples that show other files as prompts do."""
    prefix_weight: Share = 0.3
    """Weight of the loss of the text before the cursor, where that of what is to be written is 1; 0
    learns nothing from it."""
    gradient_checkpointing: bool = False
    """Takes less memory and more time."""
    cases: Positive = 150
    """Places that are held out, and completed before and after."""
    validation_cases: Count = 30
    """Further ones, to stop by; 0 never validates."""
    sweep_cases: Count = 50
    """How many of `cases` are completed at each of `scales`."""
    scales: tuple[Scale, ...] = Field(default=(0.6, 0.8, 1.0), strict=False)
    """Scales of the adapter in the report."""
    general_cases: Annotated[int, Field(ge=1, le=100)] = 100
    """Places in general code, to see what was forgotten."""
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    """Decides all that is drawn."""


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
