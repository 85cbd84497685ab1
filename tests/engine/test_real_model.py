"""The engine on the real default model: what no made-up weights can show."""

import inspect
import json.decoder
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch.nn import functional

from codegen_lsp.engine.base import Request
from codegen_lsp.engine.decoder import Decoder
from codegen_lsp.engine.lean import EXACT_ROWS
from codegen_lsp.engine.load import load_engine
from codegen_lsp.engine.precision import choose_placement
from codegen_lsp.engine.torch_engine import TorchEngine
from codegen_lsp.models.tokenizer import Tokenizer

pytestmark = pytest.mark.model

needs_int8 = pytest.mark.skipif(
    choose_placement().precision != "int8", reason="this CPU has no VNNI: int8 is not used"
)
SOURCES = (json.decoder, inspect, textwrap)


@pytest.fixture(scope="module")
def tokenizer(default_model_folder: Path) -> Tokenizer:
    return Tokenizer.load(default_model_folder)


def windows(tokenizer: Tokenizer, length: int, count: int) -> Iterator[list[int]]:
    """`count` pieces of real code, `length` tokens each, from several modules."""
    for number in range(count):
        ids = tokenizer.encode(inspect.getsource(SOURCES[number % len(SOURCES)]))
        yield ids[number * length % 2000 :][:length]


def negative_log_likelihood(decoder: Decoder, texts: list[list[int]]) -> float:
    total, count = 0.0, 0
    for ids in texts:
        decoder.cache.truncate(0)
        logits = decoder.forward(ids, len(ids))[:-1]
        total += float(functional.cross_entropy(logits, torch.tensor(ids[1:]), reduction="sum"))
        count += len(ids) - 1
    return total / count


@needs_int8
def test_int8_predicts_real_code_as_well_as_bf16(
    default_model_folder: Path, tokenizer: Tokenizer
) -> None:
    texts = list(windows(tokenizer, length=384, count=6))
    int8 = negative_log_likelihood(
        load_engine(default_model_folder, precision="int8").decoder, texts
    )
    bf16 = negative_log_likelihood(
        load_engine(default_model_folder, precision="bf16").decoder, texts
    )
    assert int8 == pytest.approx(bf16, rel=0.01)


@needs_int8
def test_int8_pass_of_several_tokens_equals_single_passes_bit_for_bit(
    default_model_folder: Path, tokenizer: Tokenizer
) -> None:
    decoder = load_engine(default_model_folder, precision="int8").decoder
    ids = next(windows(tokenizer, length=300 + EXACT_ROWS, count=1))
    prompt, following = ids[:300], ids[300:]
    decoder.forward(prompt, 1)
    singly = torch.cat([decoder.forward([id_], 1) for id_ in following])
    for width in (2, 5, 8, EXACT_ROWS):
        decoder.cache.truncate(len(prompt))
        blocks = [following[start : start + width] for start in range(0, len(following), width)]
        assert torch.equal(torch.cat([decoder.forward(b, len(b)) for b in blocks]), singly), width


@needs_int8
def test_drafts_and_kept_sequences_change_no_token_and_no_logprob(
    default_model_folder: Path, tokenizer: Tokenizer
) -> None:
    engine = load_engine(default_model_folder, precision="int8")
    decoder = engine.decoder
    for number, prompt in enumerate(windows(tokenizer, length=400, count=4)):
        decoder.exact_rows = 1
        expected = list(engine.generate(Request(prompt, frozenset(), 24)))
        ids = [token.id for token in expected]
        decoder.exact_rows = EXACT_ROWS
        wrong = [*ids[: 5 * number], 0, *ids[5 * number :]]
        for drafts in ([], ids, wrong):
            list(engine.generate(Request(prompt[:-5], frozenset(), 1)))  # 5 tokens are typed then
            stream = engine.generate(Request(prompt, frozenset(), 24, drafts=drafts))
            assert list(stream) == expected
            assert stream.statistics.passes < 24 or not drafts


def test_fp32_greedy_equals_transformers_with_and_without_cached_prefix(
    default_model_folder: Path, tokenizer: Tokenizer
) -> None:
    lean = load_engine(default_model_folder, precision="fp32", decoder="lean")
    reference = load_engine(default_model_folder, precision="fp32", decoder="transformers")

    def greedy(engine: TorchEngine, prompt: list[int]) -> list[int]:
        return [token.id for token in engine.generate(Request(prompt, frozenset(), 16))]

    for prompt in windows(tokenizer, length=96, count=20):
        expected = greedy(reference, prompt)
        assert greedy(lean, prompt) == expected
        lean.decoder.cache.truncate(60)
        assert greedy(lean, prompt) == expected
