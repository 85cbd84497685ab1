"""A build of a workspace folder's index, in a process of its own that ends with this one."""

import json
import logging
import subprocess
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, cast

from codegen_lsp.worker.messages import Indexing

_logger = logging.getLogger(__name__)


class IndexBuild:
    """One build, from its start to its end."""

    def __init__(
        self, folder: Path, command: Sequence[str], report: Callable[[Indexing], None]
    ) -> None:
        """Start `command`, which builds the index of `folder`.

        Raises:
            OSError: the operating system could not start it.
        """
        self._folder = folder
        self._report = report
        # Its standard input is never written to: it ends when this process does, however that is.
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._follower = threading.Thread(target=self._follow, name="index build", daemon=True)
        self._follower.start()

    @property
    def is_over(self) -> bool:
        """Whether the process has ended."""
        return self._process.poll() is not None

    def end(self) -> None:
        """Have it end; what it has written stays. Returns at once."""
        with suppress(OSError):
            cast("IO[bytes]", self._process.stdin).close()

    def wait(self) -> None:
        """Wait until the process has ended and the last report is made."""
        self._follower.join()

    def _follow(self) -> None:
        done = total = 0
        with self._process as process:
            for line in cast("IO[bytes]", process.stdout):
                with suppress(ValueError, KeyError, TypeError):  # cut off, as it was ended
                    progress = json.loads(line)
                    done, total = progress["done"], progress["to_do"] or 0
                    self._report(Indexing(self._folder, done, total, is_over=False))
        _logger.info("the build of an index ended with exit status %d", process.returncode)
        self._report(Indexing(self._folder, done, total, is_over=True))
