"""The engine benchmark on a decoder that does nothing: every figure is there."""

import json
from pathlib import Path

import pytest
import torch

from codegen_lsp.cli import main
from codegen_lsp.engine import load
from codegen_lsp.engine.torch_engine import TorchEngine
from codegen_lsp.evaluate import engine_bench
from codegen_lsp.evaluate.engine_bench import PASS_WIDTHS, PREFILL_LENGTHS, measure
from codegen_lsp.models import store
from codegen_lsp.models.store import ModelFolder

KEYS = {
    "threads",
    "weight_bytes_per_token",
    "read_bandwidth_gb_per_second",
    "decode_to_bandwidth_floor",
    "peak_memory_bytes",
    "engine",
    "reference",
    "prefill_speedup",
    "decode_speedup",
}


class Counter:
    """A cache that only counts."""

    def __init__(self) -> None:
        self.ids: list[int] = []

    def truncate(self, length: int) -> None:
        del self.ids[length:]


class IdleDecoder:
    """Reads nothing; remembers how long the sequence was before each pass, and its width."""

    context_window = 2048
    exact_rows = 1
    cache_bytes = 0
    weight_bytes = 1000

    def __init__(self) -> None:
        self.cache = Counter()
        self.passes: list[tuple[int, int]] = []

    def holds_two(self, num_tokens: int) -> bool:
        return num_tokens == 0

    def begin(self, ids: list[int]) -> None:
        del ids

    def forward(self, ids: list[int], num_logits: int) -> torch.Tensor:
        self.passes.append((len(self.cache.ids), len(ids)))
        self.cache.ids += ids
        return torch.zeros(num_logits, 4)


@pytest.fixture(autouse=True)
def known_bandwidth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_bench, "read_bandwidth", lambda: 2e9)


def test_every_figure_is_in_the_report() -> None:
    engine, reference = IdleDecoder(), IdleDecoder()
    report = measure(engine, lambda: reference, repeats=2)
    found = json.loads(json.dumps(report.as_json()))
    assert set(found) == KEYS
    for figures in (found["engine"], found["reference"]):
        assert list(figures["prefill_tokens_per_second"]) == [str(n) for n in PREFILL_LENGTHS]
        assert list(figures["pass_ms"]) == [str(n) for n in PASS_WIDTHS]
        assert figures["decode_ms_per_token"] > 0
    assert found["weight_bytes_per_token"] == 1000
    assert found["read_bandwidth_gb_per_second"] == 2
    floor_ms = 1000 / 2e9 * 1000
    ratio = found["engine"]["decode_ms_per_token"] / floor_ms
    assert found["decode_to_bandwidth_floor"] == pytest.approx(ratio)
    times = [found[name]["decode_ms_per_token"] for name in ("reference", "engine")]
    assert found["decode_speedup"] == pytest.approx(times[0] / times[1])
    rates = [found[name]["prefill_tokens_per_second"]["512"] for name in ("engine", "reference")]
    assert found["prefill_speedup"] == pytest.approx(rates[0] / rates[1])
    assert found["peak_memory_bytes"] > 10_000_000


def test_decode_and_wider_passes_are_timed_behind_512_tokens() -> None:
    engine = IdleDecoder()
    measure(engine, None, repeats=1)
    short = {(cached, width) for cached, width in engine.passes if width <= max(PASS_WIDTHS)}
    assert short == {(512, width) for width in (1, *PASS_WIDTHS)}
    assert sum(width for _, width in engine.passes if width > 16) == 2 * (128 + 512 + 1024 + 512)


def test_without_a_reference_there_is_nothing_to_compare() -> None:
    report = measure(IdleDecoder(), None, repeats=1)
    assert (report.reference, report.prefill_speedup, report.decode_speedup) == (None, None, None)


@pytest.fixture
def idle_engine(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Precision and decoder of each engine that the command loads."""
    loaded: list[tuple[str, str]] = []

    def load_engine(folder: Path, *, precision: str, decoder: str) -> TorchEngine:
        assert folder == Path("folder")
        loaded.append((precision, decoder))
        return TorchEngine(IdleDecoder())

    monkeypatch.setattr(load, "load_engine", load_engine)
    monkeypatch.setattr(store, "resolve", lambda name: ModelFolder(name, Path("folder"), None))
    return loaded


def test_json_is_all_that_the_command_prints_when_asked(
    idle_engine: list[tuple[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", "engine", "--json", "--rounds", "1", "--no-reference"]) == 0
    assert set(json.loads(capsys.readouterr().out)) == KEYS
    assert idle_engine == [("auto", "auto")]


def test_the_table_ends_with_a_line_of_json(
    idle_engine: list[tuple[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", "engine", "--rounds", "1", "--precision", "fp32"]) == 0
    *table, last = capsys.readouterr().out.splitlines()
    assert set(json.loads(last)) == KEYS
    text = "\n".join(table)
    for words in ("prefill 512, tokens/s", "decode, ms/token", "pass of 16 tokens, ms"):
        assert words in text
    assert "against transformers bf16: prefill " in text
    assert idle_engine == [("fp32", "auto"), ("bf16", "transformers")]
