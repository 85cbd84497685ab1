"""How a long piece of work tells whoever started it what it is doing."""

from typing import Protocol


class Progress(Protocol):
    """One bar at a time, counted in bytes, and one-line remarks between."""

    def start(self, title: str, total: int, done: int = 0) -> None:
        """Begin a bar of `total` bytes, `done` of which are there; it replaces the one before."""

    def advance(self, count: int) -> None:
        """`count` more bytes are done; negative where some must be done again."""

    def say(self, remark: str) -> None:
        """Tell something worth a line."""
