"""How fast the engine is, in figures that can be compared on a noisy machine.

Prefill is bound by arithmetic, decode by reading every weight once per token; so decode is set
against the memory bandwidth measured in the same run, and both against transformers in bf16, which
takes turns with the engine so that a noisy moment strikes both.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

import torch

from codegen_lsp.engine.decoder import Decoder
from codegen_lsp.engine.torch_engine import PREFILL_CHUNK
from codegen_lsp.evaluate.memory import peak_memory

PREFILL_LENGTHS = (128, 512, 1024)
PASS_WIDTHS = (2, 4, 8, 16)
_CONTEXT = 512  # tokens in the cache while decode passes are timed


@dataclass(frozen=True, slots=True)
class EngineFigures:
    """Times of one decoder; `pass_ms` by the number of tokens in the pass."""

    prefill_tokens_per_second: dict[int, float]
    decode_ms_per_token: float
    pass_ms: dict[int, float]

    def rows(self) -> dict[str, float]:
        """Each figure under the name that people read."""
        prefill = {
            f"prefill {length}, tokens/s": rate
            for length, rate in self.prefill_tokens_per_second.items()
        }
        passes = {f"pass of {width} tokens, ms": ms for width, ms in self.pass_ms.items()}
        return prefill | {"decode, ms/token": self.decode_ms_per_token} | passes


@dataclass(frozen=True, slots=True)
class EngineReport:
    """All that `codegen-lsp bench engine` measures; sizes in bytes."""

    threads: int
    weight_bytes_per_token: int
    read_bandwidth_gb_per_second: float
    decode_to_bandwidth_floor: float
    peak_memory_bytes: int
    engine: EngineFigures
    reference: EngineFigures | None
    prefill_speedup: float | None
    decode_speedup: float | None

    def as_json(self) -> dict[str, object]:
        """The report as a JSON object."""
        return asdict(self)


def measure(
    engine: Decoder, load_reference: Callable[[], Decoder] | None, repeats: int
) -> EngineReport:
    """Measure `engine` and, taking turns, the reference decoder if there is one."""
    _measure_round(engine)  # wakes threads, touches buffers
    peak = peak_memory()
    bandwidth = read_bandwidth()
    reference = load_reference() if load_reference else None
    rounds = [_measure_both(engine, reference) for _ in range(repeats)]
    ours = _median_of([first for first, _ in rounds])
    theirs = _median_of([second for _, second in rounds if second]) if reference else None
    floor_ms = engine.weight_bytes / bandwidth * 1000
    return EngineReport(
        threads=torch.get_num_threads(),
        weight_bytes_per_token=engine.weight_bytes,
        read_bandwidth_gb_per_second=bandwidth / 1e9,
        decode_to_bandwidth_floor=ours.decode_ms_per_token / floor_ms,
        peak_memory_bytes=peak,
        engine=ours,
        reference=theirs,
        prefill_speedup=_prefill_speedup(ours, theirs) if theirs else None,
        decode_speedup=theirs.decode_ms_per_token / ours.decode_ms_per_token if theirs else None,
    )


def read_bandwidth() -> float:
    """Bytes per second that all threads together read from memory: the best of several sums."""
    values = torch.ones(1 << 27)  # 512 MiB: no cache holds it
    seconds = min(_seconds(values.sum) for _ in range(6))
    return values.numel() * values.element_size() / seconds


def _measure_both(
    engine: Decoder, reference: Decoder | None
) -> tuple[EngineFigures, EngineFigures | None]:
    return _measure_round(engine), _measure_round(reference) if reference else None


def _measure_round(decoder: Decoder) -> EngineFigures:
    ids = [(number * 7919) % 50_000 for number in range(max(PREFILL_LENGTHS))]
    prefill = {
        length: length / _prefill_seconds(decoder, ids[:length]) for length in PREFILL_LENGTHS
    }
    decoder.cache.truncate(0)
    _prefill_seconds(decoder, ids[:_CONTEXT])
    passes = {width: _pass_ms(decoder, ids[:width]) for width in (1, *PASS_WIDTHS)}
    return EngineFigures(
        prefill_tokens_per_second=prefill,
        decode_ms_per_token=passes.pop(1),
        pass_ms=passes,
    )


def _prefill_seconds(decoder: Decoder, ids: list[int]) -> float:
    decoder.cache.truncate(0)

    def prefill() -> None:
        for start in range(0, len(ids), PREFILL_CHUNK):
            decoder.forward(ids[start : start + PREFILL_CHUNK], 1)

    return _seconds(prefill)


def _pass_ms(decoder: Decoder, ids: list[int]) -> float:
    """Median milliseconds of reading `ids` after `_CONTEXT` cached tokens."""

    def timed() -> float:
        decoder.cache.truncate(_CONTEXT)
        return _seconds(lambda: decoder.forward(ids, len(ids)).argmax(dim=-1))

    return statistics.median(timed() for _ in range(5)) * 1000


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _median_of(rounds: list[EngineFigures]) -> EngineFigures:
    def median(values: list[dict[int, float]]) -> dict[int, float]:
        return {key: statistics.median(value[key] for value in values) for key in values[0]}

    return EngineFigures(
        prefill_tokens_per_second=median([each.prefill_tokens_per_second for each in rounds]),
        decode_ms_per_token=statistics.median(each.decode_ms_per_token for each in rounds),
        pass_ms=median([each.pass_ms for each in rounds]),
    )


def _prefill_speedup(ours: EngineFigures, theirs: EngineFigures) -> float:
    """How many times as fast a prefill of `_CONTEXT` tokens is."""
    return ours.prefill_tokens_per_second[_CONTEXT] / theirs.prefill_tokens_per_second[_CONTEXT]
