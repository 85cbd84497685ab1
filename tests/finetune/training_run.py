"""A short run on the model in the first argument's folder, for tests that kill it or share it."""

import sys
from pathlib import Path

from finetune.training.load import load_training_model
from finetune.training.loop import train
from finetune.training.lora import LoraSettings
from finetune.training.processes import Processes
from finetune.training.settings import Progress, TrainingSettings
from tests.finetune.training_toys import epoch_of

SETTINGS = TrainingSettings(
    learning_rate=1e-2,
    sequences_per_step=4,
    tokens_per_batch=64,
    max_epochs=2,
    time_limit_s=None,
    checkpoint_s=0.0,
)


def _say(progress: Progress) -> None:
    sys.stdout.write(f"step {progress.step} {progress.loss!r}\n")
    sys.stdout.flush()


def main(base: Path, folder: Path) -> None:
    """Train for two epochs and save the adapter."""
    processes = Processes(is_cpu=True)
    lora = LoraSettings(rank=4, alpha=8)
    model = load_training_model(base, base="tiny", lora=lora, precision="fp32")
    train(
        model,
        lambda epoch: epoch_of(26, epoch),
        SETTINGS,
        folder=folder,
        processes=processes,
        on_progress=_say,
    )
    if processes.rank == 0:
        model.save(folder / "adapter")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
