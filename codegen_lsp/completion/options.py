"""What the caller of a completion may ask for. Light: no model is known."""

from dataclasses import dataclass
from typing import Literal

Multiline = Literal["auto", "never", "always"]


@dataclass(frozen=True, slots=True)
class CompletionOptions:
    """What the caller asks for.

    Attributes:
        multiline: "auto" lets the syntax tree decide, "never" and "always" force it.
        max_new_tokens: None takes the default of the extent.
        candidates: how many different suggestions to try for; the first is greedy.
        patience_s: after so many seconds no further candidate is begun; None: whatever it takes.
        is_invoked: the user asked for it, rather than typing on.
        deleted: texts that the user has lately deleted or undone near the cursor.
        rejected: suggestions that the user has lately rejected there.
        time_limit_s: after so many seconds a block ends where its latest statement is complete, or
            the first one becomes so; None: at its own end.
    """

    multiline: Multiline = "auto"
    max_new_tokens: int | None = None
    candidates: int = 1
    patience_s: float | None = None
    time_limit_s: float | None = None
    is_invoked: bool = False
    deleted: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
