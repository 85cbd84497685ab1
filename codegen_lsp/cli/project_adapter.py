"""The model with a project's active adapter, without an editor.

Whatever is wrong with the adapter is said in one line on standard error, and the base completes.
"""

import sys
from pathlib import Path

from codegen_lsp.config import Settings
from codegen_lsp.errors import DamagedModelError
from codegen_lsp.models.active_adapters import ActiveAdapter, active_adapter
from codegen_lsp.prompt.model import Model, load_model_or_base


def load_with_adapter(settings: Settings, root: Path | None) -> tuple[Model, ActiveAdapter | None]:
    """The model of `settings`, and the adapter of the project at `root` that is in it.

    Args:
        settings: that hold in the project.
        root: its folder; None for no adapter.

    Raises:
        UsageError: no such model, or this machine cannot run it in that precision.
        ModelUnavailableError: it has not been fetched, or its own files are damaged.
    """
    adapter = _active(settings, root) if settings.adapter and root is not None else None
    model, why_not = load_model_or_base(
        settings.model,
        precision=settings.precision,
        decoder=settings.decoder,
        adapter=adapter.choice if adapter else None,
    )
    if why_not:
        _say(why_not)
        return model, None
    return model, adapter


def _active(settings: Settings, root: Path) -> ActiveAdapter | None:
    try:
        return active_adapter(root, settings.model)
    except DamagedModelError as error:
        _say(str(error))
        return None


def _say(problem: str) -> None:
    print(f"codegen-lsp: warning: completing without an adapter: {problem}", file=sys.stderr)
