"""How a fine-tuning goes on, on standard error: bars, or whole lines for a log."""

import sys
import time

from codegen_lsp.cli.progress_bar import ProgressBar
from finetune.training.settings import Progress

_PLAIN_S = 10.0  # between two lines
_CLEAR = "\r\x1b[K"


class RunProgress(ProgressBar):
    """Shows one line that changes, where somebody sees it live; else a line now and then."""

    def __init__(self, *, is_plain: bool, is_silent: bool) -> None:
        """Begin to show it.

        Args:
            is_plain: nothing is ever written over.
            is_silent: nothing is shown: another process does it.
        """
        super().__init__(unit=" cases")
        self._is_silent = is_silent
        self._is_live = sys.stderr.isatty() and not is_plain
        self._said = 0.0

    def report(self, progress: Progress) -> None:
        """Show where the training is."""
        is_due = time.monotonic() - self._said >= _PLAIN_S
        if not self._is_live and not is_due:
            return
        self._said = time.monotonic()
        minutes, seconds = divmod(round(progress.seconds_left), 60)
        line = (
            f"step {progress.step}/{progress.steps}  loss {progress.loss:.3f}"
            f"  {progress.tokens_per_s:.0f} tokens/s  {minutes}:{seconds:02} left"
        )
        start, end = (_CLEAR, "") if self._is_live else ("", "\n")
        print(f"{start}{line}", end=end, file=sys.stderr, flush=True)

    def say(self, remark: str) -> None:
        """Print `remark` on a line of its own."""
        if self._is_silent:
            return
        start = _CLEAR if self._is_live else ""
        print(f"{start}{remark}", file=sys.stderr, flush=True)

    def start(self, title: str, total: int, done: int = 0) -> None:
        """A part of the task begins, of `total` pieces, `done` of which are there."""
        if self._is_live:
            super().start(title, total, done)
        else:
            self.say(f"{title}: {total - done} cases")
