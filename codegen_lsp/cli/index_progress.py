"""A progress bar on standard error for the build of an index."""

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

from tqdm import tqdm

if TYPE_CHECKING:
    from codegen_lsp.context.indexing import BuildProgress


class IndexProgress:
    """Shows how many files are read, if there are any to read."""

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
        if self._bar is not None:
            self._bar.close()

    def report(self, progress: "BuildProgress") -> None:
        """Show `progress`."""
        if not progress.to_do:
            return
        if self._bar is None:
            self._bar = tqdm(
                desc="index",
                total=progress.to_do,
                unit=" files",
                file=sys.stderr,
                dynamic_ncols=True,
                mininterval=0.2 if sys.stderr.isatty() else 10,
            )
        self._bar.update(progress.done - self._bar.n)
