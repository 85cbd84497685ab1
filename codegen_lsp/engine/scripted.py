"""An engine without a model: it plays back token ids. For tests of what stands on an engine."""

from collections.abc import Iterable, Iterator, Sequence

from codegen_lsp.engine.base import Request, Statistics, Token


class ScriptedEngine:
    """An `engine.base.Engine` that answers each request with the next of its scripts.

    Attributes:
        context_window: as large as the test wants it.
        requests: every request so far, the latest last.
    """

    def __init__(self, scripts: Iterable[Sequence[int]], context_window: int = 4096) -> None:
        """Play `scripts` in their order; each ends as if a stop id had come."""
        self._scripts = iter(scripts)
        self.context_window = context_window
        self.requests: list[Request] = []

    def holds_two(self, num_tokens: int) -> bool:
        """Always: nothing is held."""
        del num_tokens
        return True

    def generate(self, request: Request) -> "ScriptedGeneration":
        """Start `request`.

        Raises:
            StopIteration: there were fewer scripts than requests.
        """
        self.requests.append(request)
        return ScriptedGeneration(next(self._scripts), request)


class ScriptedGeneration:
    """The stream of one request; the log-probability of its n-th token is -n."""

    def __init__(self, script: Sequence[int], request: Request) -> None:
        self._script = script
        self._request = request
        self.statistics = Statistics(prompt_tokens=len(request.prompt_ids))

    def __iter__(self) -> Iterator[Token]:
        """Yield the script until a stop id, the token limit or cancellation.

        A token that the constraint rules out ends it like a stop id.
        """
        request, statistics = self._request, self.statistics
        for id_ in self._script:
            if request.cancel.is_set():
                statistics.finish_reason = "cancelled"
                return
            if id_ in request.stop_ids or not _permits(request, id_):
                break
            statistics.completion_tokens += 1
            yield Token(id_, -float(statistics.completion_tokens))
            if statistics.completion_tokens == request.max_new_tokens:
                statistics.finish_reason = "length"
                return
            if request.constraint is not None:
                request.constraint.advance(id_)
        statistics.finish_reason = "stop"


def _permits(request: Request, id_: int) -> bool:
    if request.constraint is None:
        return True
    allowed = request.constraint.allowed()
    return id_ not in request.constraint.barred() if allowed is None else id_ in allowed
