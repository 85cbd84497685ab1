"""What a run records of itself: enough to repeat it, and to know what an adapter was made of."""

import hashlib
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from codegen_lsp import __version__
from finetune.git import first_commit
from finetune.preparing import Prepared
from finetune.settings import FinetuneSettings
from finetune.training.loop import Trained

_PACKAGES = ("torch", "transformers", "peft", "accelerate", "tokenizers", "tree-sitter")


def facts_of(repository: Path, prepared: Prepared, trained: Trained) -> dict[str, Any]:
    """What the report says of a run, in words and numbers."""
    position, found = trained.position, prepared.split
    return {
        "repository": repository.resolve().name,
        "commit": found.commit,
        "first_commit": first_commit(repository),
        "split": found.kind,
        "files_learnt": len(found.train),
        "files_held_out": len(found.held_out),
        "base": prepared.base.name,
        "format_id": prepared.base.fim_format.name,
        "steps": position.step,
        "best_step": trained.best_step,
        "ended_by": trained.ended_by,
        "epochs": round(position.epoch, 2),
        "tokens": position.tokens,
        "tokens_with_loss": position.labels,
        "seconds": round(position.elapsed_s),
        "tokens_per_second": round(position.tokens / max(position.training_s, 1e-9)),
        "peak_memory_gb": round(position.peak_bytes / 1e9, 2),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def manifest_of(
    facts: Mapping[str, Any], prepared: Prepared, settings: FinetuneSettings
) -> dict[str, Any]:
    """Everything that the adapter hangs on: settings, versions, files with hashes, reasons."""
    return {
        "facts": dict(facts),
        "settings": settings.model_dump(mode="json"),
        "versions": {
            "codegen-lsp": __version__,
            "python": platform.python_version(),
            **{name: version(name) for name in _PACKAGES},
        },
        "learnt": [
            {
                "path": file.path,
                "sha256": hashlib.sha256(file.text.encode()).hexdigest(),
                "licence": file.licence,
            }
            for file in prepared.split.train
        ],
        "held_out": [each.file.path for each in prepared.split.held_out],
        "rejected": [
            {"path": file.path, "reason": file.reason, "licence": file.licence}
            for file in prepared.split.rejected
        ],
    }
