"""Where the model is on its way to completing, and what to answer meanwhile."""

from dataclasses import dataclass
from enum import StrEnum

from codegen_lsp.completion.reasons import Reason
from codegen_lsp.errors import CodegenError
from codegen_lsp.models.active_adapters import ActiveAdapter


class ModelState(StrEnum):
    """Where the model is on its way to completing."""

    STOPPED = "stopped"
    LOADING = "loading"
    READY = "ready"
    MISSING = "missing"
    FETCHING = "fetching"
    FAILED = "failed"


_REASONS = {
    ModelState.STOPPED: Reason.MODEL_LOADING,
    ModelState.LOADING: Reason.MODEL_LOADING,
    ModelState.READY: Reason.ENGINE_FAILED,  # asked for only where it has failed just now
    ModelState.MISSING: Reason.MODEL_MISSING,
    ModelState.FETCHING: Reason.MODEL_FETCHING,
    ModelState.FAILED: Reason.ENGINE_FAILED,
}


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """What the user may be told of the model.

    Attributes:
        state: where it is.
        message: one line where there is more to say: why it is missing, what failed.
        progress: of a fetch: title, bytes done, bytes in all.
        can_fetch: a fetch may help a model that is missing.
        is_wanted: the user has just brought this about, and need not be told.
        adapter: that the model, which is ready, has in its weights.
        lacks_adapter: it is ready without the one that is active; the message says why.
    """

    state: ModelState
    message: str = ""
    progress: tuple[str, int, int] | None = None
    can_fetch: bool = False
    is_wanted: bool = False
    adapter: ActiveAdapter | None = None
    lacks_adapter: bool = False


def ready(adapter: ActiveAdapter | None, why_no_adapter: str) -> ModelStatus:
    """The status of a model that is ready.

    Args:
        adapter: that was to be in its weights.
        why_no_adapter: why it is not; empty where it is, or there was to be none.
    """
    if why_no_adapter:
        message = f"without the adapter of this project: {why_no_adapter}"
        return ModelStatus(ModelState.READY, message, lacks_adapter=True)
    if adapter is None:
        return ModelStatus(ModelState.READY)
    message = f"with the adapter {adapter.id} of this project"
    if adapter.forced:
        message += " (forced: its gain is not proved)"
    return ModelStatus(ModelState.READY, message, adapter=adapter)


class NotReadyError(CodegenError):
    """The model cannot complete in the state that it is in; `reason` is what to answer."""

    def __init__(self, state: ModelState) -> None:
        self.reason = _REASONS[state]
        super().__init__(self.reason.meaning)
