"""What `codegen-lsp bench growth` reports."""

import os
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from codegen_lsp.engine.sequences import DEFAULT_CACHE_BYTES
from codegen_lsp.errors import CodegenError
from codegen_lsp.evaluate.replay_report import latency_table
from codegen_lsp.evaluate.server_figures import percentile


@dataclass(frozen=True, slots=True)
class Answered:
    """A request and what the server says of it.

    Attributes:
        ms: from sending the change, or else the request, to the answer.
        source: "model" or "cache"; None where nothing was asked.
        reason: why nothing was suggested; None where something was.
        prefilled: tokens of the prompt that the model had to read.
        generated: tokens that it wrote.
        cache_bytes: memory that the KV cache took behind it; 0 where nothing was asked.
        parts_ms: what `ms` consists of: making the prompt, reading it, writing, and the rest.
    """

    ms: float
    source: str | None
    reason: str | None
    prefilled: int
    generated: int
    cache_bytes: int
    parts_ms: dict[str, float]


@dataclass(frozen=True, slots=True)
class GrowthReport:
    """All that `codegen-lsp bench growth` measures; times in milliseconds, sizes in MB (10^6).

    Attributes:
        sizes: by number of lines: latencies of the keys that the model answered and of the others,
            the first request's time, and medians of what the model's keys consist of.
        growth_p50: p50 of the model's keys in the longest file, divided by that in the shortest.
        growth_p95: the same of p95.
        jumps: places that were asked for.
        jumps_by_model: as many of them the model answered.
        worker_mb: memory of the worker once it has answered a first, small request.
        worker_growth_mb: by how much more it had at most after a jump.
        cache_mb: most that the KV cache took, as the engine says.
        cache_budget_mb: most that it may take.
        cache_within_budget: whether it has never taken more.
        load_average_before: of the machine; None where that is not known.
        processors: of the machine.
    """

    sizes: dict[int, dict[str, Any]]
    growth_p50: float
    growth_p95: float
    jumps: int
    jumps_by_model: int
    worker_mb: float
    worker_growth_mb: float
    cache_mb: float
    cache_budget_mb: float
    cache_within_budget: bool
    load_average_before: float | None
    processors: int | None

    def as_json(self) -> dict[str, object]:
        """The report as a JSON object."""
        return asdict(self)


def report(
    typed: dict[int, list[Answered]],
    jumped: Sequence[Answered],
    memory: tuple[int, int],
    load: float | None,
) -> GrowthReport:
    """The figures of all that was answered.

    Args:
        typed: answers by the file's number of lines, the shortest first; each file's first answer
            is that to opening it.
        jumped: answers to the jumps.
        memory: of the worker in bytes, before and at most.
        load: average of the machine before.

    Raises:
        CodegenError: the model answered no key in one of the files.
    """
    by_model = [_by_model(lines, answers) for lines, answers in typed.items()]
    every = [answer for answers in (*typed.values(), jumped) for answer in answers]
    cache_bytes = max(answer.cache_bytes for answer in every)
    return GrowthReport(
        sizes={lines: _figures(answers) for lines, answers in typed.items()},
        growth_p50=_growth(by_model, 50),
        growth_p95=_growth(by_model, 95),
        jumps=len(jumped),
        jumps_by_model=sum(each.source == "model" for each in jumped),
        worker_mb=round(memory[0] / 1e6, 1),
        worker_growth_mb=round((memory[1] - memory[0]) / 1e6, 1),
        cache_mb=round(cache_bytes / 1e6, 1),
        cache_budget_mb=round(DEFAULT_CACHE_BYTES / 1e6, 1),
        cache_within_budget=cache_bytes <= DEFAULT_CACHE_BYTES,
        load_average_before=load,
        processors=os.cpu_count(),
    )


def _by_model(lines: int, answers: Sequence[Answered]) -> list[float]:
    """Milliseconds of the keys that the model answered; raises CodegenError if there is none."""
    times = [each.ms for each in answers[1:] if each.source == "model"]
    if not times:
        why = answers[-1].reason or "all was typed along a suggestion"
        raise CodegenError(f"the model answered no key in the file of {lines} lines: {why}")
    return times


def _figures(answers: Sequence[Answered]) -> dict[str, Any]:
    first, *keys = answers
    by_model = [each for each in keys if each.source == "model"]
    return {
        "model": latency_table([each.ms for each in by_model]),
        "without_model": latency_table([each.ms for each in keys if each.source != "model"]),
        "first_ms": round(first.ms, 2),
        "prefilled_p50": statistics.median(each.prefilled for each in by_model),
        "generated_p50": statistics.median(each.generated for each in by_model),
        "parts_p50_ms": {
            name: round(statistics.median(each.parts_ms[name] for each in by_model), 2)
            for name in first.parts_ms
        },
    }


def _growth(by_model: Sequence[Sequence[float]], percent: float) -> float:
    """That percentile of the last file's times, divided by that of the first's."""
    return round(percentile(by_model[-1], percent) / percentile(by_model[0], percent), 3)
