"""A short run on the model in the first argument's folder, for tests that kill it or share it."""

import argparse
import os
import sys
from pathlib import Path

from finetune.training.load import load_training_model
from finetune.training.loop import train
from finetune.training.lora import LoraSettings
from finetune.training.processes import Processes
from finetune.training.settings import Measured, Progress, TrainingSettings
from tests.finetune.training_toys import epoch_of

SETTINGS = TrainingSettings(
    learning_rate=1e-2,
    sequences_per_step=4,
    tokens_per_batch=64,
    max_epochs=2,
    time_limit_s=None,
    validate_steps=3,
    patience=100,
    checkpoint_s=0.0,
)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("base", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--folder-of-others", type=Path, help="as on another machine")
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--best-step", type=int, help="the one that validation finds best")
    parser.add_argument("--die-at", type=int, help="a step after which the first process ends")
    return parser.parse_args()


def main(given: argparse.Namespace) -> None:
    """Train for two epochs and save the adapter; each process its own, beside its folder."""
    processes = Processes("cpu")
    folder = given.folder if processes.rank == 0 else given.folder_of_others or given.folder
    lora = LoraSettings(rank=4, alpha=8, dropout=given.dropout)
    model = load_training_model(given.base, base="tiny", lora=lora, precision="fp32")

    def say(progress: Progress) -> None:
        sys.stdout.write(f"step {progress.step} {progress.loss!r}\n")
        sys.stdout.flush()
        if progress.step == given.die_at:
            os._exit(9)

    def validate(step: int) -> Measured:
        return Measured(exact_match=0.0, value=float(step == given.best_step))

    train(
        model,
        lambda epoch: epoch_of(26, epoch),
        SETTINGS,
        folder=folder,
        processes=processes,
        on_progress=say,
        validate=validate if given.best_step else None,
    )
    model.save(given.folder / f"adapter-{processes.rank}")


if __name__ == "__main__":
    main(_arguments())
