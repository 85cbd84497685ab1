"""Progress bars on standard error: for a fetch, and for the build of an index."""

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

from tqdm import tqdm

if TYPE_CHECKING:
    from codegen_lsp.context.indexing import BuildProgress


class ProgressBar:
    """Shows one bar at a time, with rate and time left; sparse where nobody watches it live.

    A `models.progress.Progress`.
    """

    def __init__(self, unit: str = "B", delay_s: float = 0.0) -> None:
        """Count `unit`s; bytes are shown as kB, MB and so on. What is done in `delay_s` is not."""
        self._bar: tqdm | None = None
        self._unit = unit
        self._delay_s = delay_s

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
        """Begin a bar of `total` units, `done` of which are there; it replaces the one before."""
        self._close()
        self._bar = tqdm(
            desc=title,
            total=total,
            initial=done,
            unit=self._unit,
            unit_scale=self._unit == "B",
            file=sys.stderr,
            dynamic_ncols=True,
            delay=self._delay_s,
            mininterval=0.2 if sys.stderr.isatty() else 10,
        )

    def advance(self, count: int) -> None:
        """`count` more units are done; negative where some must be done again."""
        if self._bar is not None:
            self._bar.update(count)

    def say(self, remark: str) -> None:
        """Print `remark` on a line of its own."""
        tqdm.write(f"codegen-lsp: {remark}", file=sys.stderr)

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


class IndexProgress(ProgressBar):
    """Shows how many files are read, if there are any to read."""

    def __init__(self, delay_s: float = 0.0) -> None:
        super().__init__(unit=" files", delay_s=delay_s)

    def report(self, progress: "BuildProgress") -> None:
        """Show `progress`."""
        if self._bar is None and progress.to_do:
            self.start("index", progress.to_do)
        if self._bar is not None:
            self.advance(progress.done - self._bar.n)
