"""A progress bar on standard error for work that reports to `models.progress.Progress`."""

import sys
from types import TracebackType
from typing import Self

from tqdm import tqdm


class ProgressBar:
    """Shows one bar at a time, with rate and time left; sparse where nobody watches it live."""

    def __init__(self) -> None:
        self._bar: tqdm | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._close()

    def start(self, title: str, total: int, done: int = 0) -> None:
        """Begin a bar of `total` bytes, `done` of which are there; it replaces the one before."""
        self._close()
        self._bar = tqdm(
            desc=title,
            total=total,
            initial=done,
            unit="B",
            unit_scale=True,
            file=sys.stderr,
            dynamic_ncols=True,
            mininterval=0.2 if sys.stderr.isatty() else 10,
        )

    def advance(self, count: int) -> None:
        """`count` more bytes are done; negative where some must be done again."""
        if self._bar is not None:
            self._bar.update(count)

    def say(self, remark: str) -> None:
        """Print `remark` on a line of its own."""
        tqdm.write(f"codegen-lsp: {remark}", file=sys.stderr)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
