"""Work that touches the user's folders: on a network, one of them may never answer."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

_T = TypeVar("_T")


def in_background(work: Callable[[], _T]) -> Future[_T]:
    """What `work` returns or raises, of a thread that does not keep the process from ending."""
    future: Future[_T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # the one who waits is to have it
            future.set_exception(error)

    threading.Thread(target=run, name="folders", daemon=True).start()
    return future
