"""What `codegen-lsp bench server` reports, and the statistics behind it."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Latencies:
    """How long `count` answers took, in milliseconds."""

    count: int
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class Process:
    """What a process takes: resident memory in MB (10^6 bytes), share of one core while idle."""

    rss_mb: float
    idle_cpu_percent: float


@dataclass(frozen=True, slots=True)
class ServerReport:
    """All that `codegen-lsp bench server` measures.

    Attributes:
        initialize_ms: from the start of the process to the answer of `initialize`; a median.
        server_rss_at_initialize_mb: memory of the server right after that answer, in MB.
        model_ready_s: from the start of the process until the server says that it is ready.
        server: the server process once the model is ready.
        worker: the process that holds the model.
        typed_along: change and completion while typing what was suggested.
        typed_along_kept_percent: how many of those were answered with the rest of the
            suggestion, and without the model.
        explain_while_generating: of `codegen/explain`, half of them behind a change.
        generations: that were asked for, one after the other, in that time.
        keystrokes: change and completion each, in all.
        server_growth_percent: of the server's memory over the last nine tenths of them.
        worker_growth_percent: of the worker's.
        unanswered: requests of the whole session without an answer.
        answered_twice: answers of the whole session that nobody had asked for.
        shutdown_s: from `shutdown` to the end of the process.
        exit_status: of the process.
    """

    initialize_ms: float
    server_rss_at_initialize_mb: float
    model_ready_s: float
    server: Process
    worker: Process
    typed_along: Latencies
    typed_along_kept_percent: float
    explain_while_generating: Latencies
    generations: int
    keystrokes: int
    server_growth_percent: float
    worker_growth_percent: float
    unanswered: int
    answered_twice: int
    shutdown_s: float
    exit_status: int

    def as_json(self) -> dict[str, object]:
        """The report as a JSON object."""
        return asdict(self)


def latencies(seconds: Sequence[float]) -> Latencies:
    """Median and 95th percentile of at least one time."""
    p50, p95 = (percentile(seconds, percent) * 1000 for percent in (50, 95))
    return Latencies(count=len(seconds), p50_ms=p50, p95_ms=p95)


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least `percent` per cent of `values` do not exceed."""
    return sorted(values)[max(math.ceil(len(values) * percent / 100) - 1, 0)]


def growth_percent(before: float, after: float) -> float:
    """By how many per cent of `before` it has grown; negative if it has shrunk."""
    return (after - before) / before * 100
