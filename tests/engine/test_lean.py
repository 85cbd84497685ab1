"""The lean decoder against transformers, on tiny models of every variation it serves."""

import random
from pathlib import Path

import pytest
import torch

from codegen_lsp.engine.base import Request
from codegen_lsp.engine.lean import EXACT_ROWS, LeanConfig, LeanDecoder
from codegen_lsp.engine.load import load_engine
from codegen_lsp.engine.precision import choose_placement
from codegen_lsp.engine.torch_engine import TorchEngine
from codegen_lsp.errors import DamagedModelError, UsageError
from tests.engine.tiny_models import lean_configs, other_configs, save_tiny_model

FAMILIES = sorted(lean_configs())


@pytest.fixture(scope="module", params=FAMILIES)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(lean_configs()[request.param], tmp_path_factory.mktemp("tiny"))


def random_ids(count: int, seed: int) -> list[int]:
    return random.Random(seed).choices(range(320), k=count)


def greedy(engine: TorchEngine, prompt: list[int], count: int = 24) -> list[int]:
    request = Request(prompt, frozenset(), count)
    return [token.id for token in engine.generate(request)]


def test_logits_are_those_of_transformers(folder: Path) -> None:
    lean = load_engine(folder, precision="fp32").decoder
    reference = load_engine(folder, precision="fp32", decoder="transformers").decoder
    assert isinstance(lean, LeanDecoder)
    for length in (1, 5, EXACT_ROWS, EXACT_ROWS + 1, 60):
        ids = random_ids(length, seed=length)
        torch.testing.assert_close(
            lean.forward(ids, length), reference.forward(ids, length), rtol=1e-3, atol=1e-3
        )


def test_greedy_text_is_that_of_transformers(folder: Path) -> None:
    lean = load_engine(folder, precision="fp32")
    reference = load_engine(folder, precision="fp32", decoder="transformers")
    for seed in range(5):
        prompt = random_ids(40, seed)
        assert greedy(lean, prompt) == greedy(reference, prompt)


def test_cached_prefix_changes_nothing(folder: Path) -> None:
    cached = load_engine(folder, precision="fp32")
    prompt = random_ids(300, seed=1)
    for shared in (0, 1, 150, 299):
        following = prompt[:shared] + random_ids(20, seed=shared)
        greedy(cached, prompt)
        stream = cached.generate(Request(following, frozenset(), 24))
        from_cache = [token.id for token in stream]
        assert stream.statistics.cached_tokens >= min(shared, len(following) - 1)
        assert from_cache == greedy(load_engine(folder, precision="fp32"), following)


@pytest.mark.skipif(choose_placement().precision != "int8", reason="this CPU has no VNNI")
def test_int8_pass_of_several_tokens_equals_single_passes_bit_for_bit(folder: Path) -> None:
    decoder = load_engine(folder, precision="int8").decoder
    prompt, ids = random_ids(100, seed=2), random_ids(EXACT_ROWS, seed=3)
    decoder.forward(prompt, 1)
    singly = torch.cat([decoder.forward([id_], 1) for id_ in ids])
    for width in (2, 3, 8, EXACT_ROWS):
        decoder.cache.truncate(len(prompt))
        blocks = [ids[start : start + width] for start in range(0, len(ids), width)]
        together = torch.cat([decoder.forward(block, len(block)) for block in blocks])
        assert torch.equal(together, singly), width


@pytest.mark.skipif(choose_placement().precision != "int8", reason="this CPU has no VNNI")
@pytest.mark.parametrize("split", [1, 15, 16, 17, 100, 299])
def test_int8_prompt_may_be_read_in_any_pieces(folder: Path, split: int) -> None:
    decoder = load_engine(folder, precision="int8").decoder
    ids = random_ids(300, seed=8)
    whole = decoder.forward(ids, len(ids))
    decoder.cache.truncate(0)
    pieces = [ids[start : start + split] for start in range(0, len(ids), split)]
    assert torch.equal(torch.cat([decoder.forward(ids, len(ids)) for ids in pieces]), whole)


@pytest.mark.parametrize("family", sorted(other_configs()))
def test_other_families_are_left_to_transformers(family: str, tmp_path: Path) -> None:
    config = other_configs()[family]
    assert LeanConfig.read(config.to_dict()) is None
    engine = load_engine(save_tiny_model(config, tmp_path), precision="fp32")
    prompt = random_ids(50, seed=4)
    expected = greedy(load_engine(tmp_path, precision="fp32"), prompt)
    greedy(engine, [*prompt[:30], *random_ids(30, seed=5)])
    assert greedy(engine, prompt) == expected  # with a cache that had to go back


def test_a_pass_that_fails_leaves_the_transformers_cache_usable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = save_tiny_model(other_configs()["gpt-neox"], tmp_path)
    engine = load_engine(folder, precision="fp32")
    prompt = random_ids(20, seed=6)
    expected = greedy(engine, prompt)
    layer = engine.decoder._model.gpt_neox.layers[2]  # type: ignore[attr-defined]
    with monkeypatch.context() as patch:
        patch.setattr(layer, "forward", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            greedy(engine, prompt[:10] + random_ids(9, seed=7))
    assert greedy(engine, prompt) == expected


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ("{", "cannot be read"),
        ('{"model_type": "qwen2"}', "lacks or misstates"),
        ('{"model_type": "no-such-family"}', "transformers cannot load"),
    ],
)
def test_a_folder_that_is_no_model_is_named(tmp_path: Path, config: str, says: str) -> None:
    (tmp_path / "config.json").write_text(config)
    with pytest.raises(DamagedModelError, match=says):
        load_engine(tmp_path, precision="fp32")


def test_options_that_cannot_be_honoured_are_refused(tmp_path: Path) -> None:
    folder = save_tiny_model(other_configs()["gpt-neox"], tmp_path)
    with pytest.raises(UsageError, match="--decoder lean"):
        load_engine(folder, decoder="lean")
    with pytest.raises(UsageError, match="--precision int8"):
        load_engine(folder, precision="int8")
