"""The generation loop, on a decoder whose next token is known."""

import threading
from collections.abc import Callable, Sequence

import pytest
import torch

from codegen_lsp.engine.base import Request, SamplingParams
from codegen_lsp.engine.kv_cache import KVCache
from codegen_lsp.engine.torch_engine import PREFILL_CHUNK, TorchEngine

VOCABULARY = 50


def do_nothing() -> None:
    """Stands where a test does not watch the passes."""


class CountingDecoder:
    """After token n comes n + 1, or with less and less probability another one."""

    context_window = 1000
    exact_rows = 1
    cache_bytes = 0
    weight_bytes = 0

    def __init__(self) -> None:
        self.cache = KVCache((1, 1, 1, 1), dtype=torch.float32, device="cpu")
        self.passes: list[list[int]] = []
        self.on_pass: Callable[[], None] = do_nothing

    def holds_two(self, num_tokens: int) -> bool:
        return num_tokens < 500

    def begin(self, ids: list[int]) -> None:
        self.cache.truncate(self.cache.match_prefix(ids))

    def forward(self, ids: list[int], num_logits: int) -> torch.Tensor:
        self.passes.append(ids)
        self.on_pass()
        self.cache.extend(ids)
        distance = (torch.arange(VOCABULARY) - torch.tensor(ids)[:, None] - 1) % VOCABULARY
        return -distance[-num_logits:].float()


class OneOf:
    """Allows the given ids for the first token."""

    def __init__(self, ids: list[int]) -> None:
        self.ids: list[int] | None = ids
        self.advanced: list[int] = []
        self.later_barred: list[int] = []

    def allowed(self) -> Sequence[int] | None:
        return self.ids

    def barred(self) -> Sequence[int]:
        return self.later_barred if self.ids is None else ()

    def advance(self, token_id: int) -> None:
        self.advanced.append(token_id)
        self.ids = None


@pytest.fixture
def decoder() -> CountingDecoder:
    return CountingDecoder()


@pytest.fixture
def engine(decoder: CountingDecoder) -> TorchEngine:
    return TorchEngine(decoder)


def run(engine: TorchEngine, request: Request) -> list[int]:
    return [token.id for token in engine.generate(request)]


def test_ends_before_a_stop_id(engine: TorchEngine) -> None:
    stream = engine.generate(Request([3, 4], frozenset({8}), 20))
    assert [token.id for token in stream] == [5, 6, 7]
    assert stream.statistics.finish_reason == "stop"
    assert stream.statistics.completion_tokens == 3


def test_ends_at_the_token_limit(engine: TorchEngine) -> None:
    stream = engine.generate(Request([3], frozenset(), 2))
    assert [token.id for token in stream] == [4, 5]
    assert stream.statistics.finish_reason == "length"


def test_the_memory_of_the_cache_is_told(engine: TorchEngine, decoder: CountingDecoder) -> None:
    decoder.cache_bytes = 4096
    stream = engine.generate(Request([3], frozenset(), 1))
    assert [token.id for token in stream] == [4]
    assert stream.statistics.cache_bytes == 4096


def test_ends_where_the_context_is_full(engine: TorchEngine) -> None:
    stream = engine.generate(Request([0] * 995, frozenset(), 20))
    assert len(list(stream)) == 5
    assert stream.statistics.finish_reason == "length"


@pytest.mark.parametrize(("ids", "says"), [([], "empty"), ([0] * 1000, "1000 tokens")])
def test_impossible_prompt_is_refused(engine: TorchEngine, ids: list[int], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        engine.generate(Request(ids, frozenset(), 1))


def test_logprob_is_that_of_the_model(engine: TorchEngine) -> None:
    token = next(iter(engine.generate(Request([3], frozenset(), 1))))
    expected = torch.log_softmax(-torch.arange(VOCABULARY).float(), dim=0)[0]
    assert token.logprob == pytest.approx(float(expected))


def test_the_decoder_knows_what_it_keeps(engine: TorchEngine) -> None:
    assert engine.holds_two(499)
    assert not engine.holds_two(500)


def test_reads_only_what_the_cache_lacks(engine: TorchEngine, decoder: CountingDecoder) -> None:
    run(engine, Request([1, 2, 3], frozenset(), 3))  # 4 and 5 are read back, 6 is not
    decoder.passes.clear()
    stream = engine.generate(Request([1, 2, 3, 4, 5, 9], frozenset(), 1))
    assert [token.id for token in stream] == [10]
    assert decoder.passes == [[9]]
    assert stream.statistics.cached_tokens == 5


def test_same_prompt_again_starts_without_a_pass(
    engine: TorchEngine, decoder: CountingDecoder
) -> None:
    run(engine, Request([1, 2, 3], frozenset(), 3))
    decoder.passes.clear()
    stream = engine.generate(Request([1, 2, 3], frozenset(), 1))
    assert [token.id for token in stream] == [4]
    assert decoder.passes == []
    assert stream.statistics.cached_tokens == 3


def test_start_of_a_prompt_read_before_needs_its_last_token(
    engine: TorchEngine, decoder: CountingDecoder
) -> None:
    run(engine, Request([1, 2, 3], frozenset(), 1))
    decoder.passes.clear()
    assert run(engine, Request([1, 2], frozenset(), 1)) == [3]
    assert decoder.passes == [[2]]


def test_prompt_is_read_in_chunks(engine: TorchEngine, decoder: CountingDecoder) -> None:
    run(engine, Request([7] * (PREFILL_CHUNK + 10), frozenset(), 1))
    assert [len(ids) for ids in decoder.passes] == [PREFILL_CHUNK, 10]


@pytest.mark.parametrize("passes_before", [0, 1, 2, 3])
def test_cancelling_stops_within_one_pass_and_leaves_the_cache_valid(
    engine: TorchEngine, decoder: CountingDecoder, passes_before: int
) -> None:
    cancel = threading.Event()

    def cancel_in_time() -> None:
        if len(decoder.passes) == passes_before:
            cancel.set()

    decoder.on_pass = cancel_in_time
    cancel_in_time()
    prompt = [7] * (PREFILL_CHUNK + 10)
    stream = engine.generate(Request(prompt, frozenset(), 50, cancel=cancel))
    tokens = [token.id for token in stream]
    assert len(decoder.passes) == passes_before
    assert stream.statistics.finish_reason == "cancelled"
    read = [id_ for ids in decoder.passes for id_ in ids]
    assert decoder.cache.ids == read == [*prompt, *tokens][: len(read)]
    decoder.on_pass = do_nothing
    assert run(engine, Request(prompt, frozenset(), 2)) == [8, 9]


def test_reader_that_stops_early_leaves_the_cache_valid(
    engine: TorchEngine, decoder: CountingDecoder
) -> None:
    stream = iter(engine.generate(Request([1], frozenset(), 9)))
    assert [next(stream).id, next(stream).id] == [2, 3]
    del stream
    assert decoder.cache.ids == [1, 2]
    assert run(engine, Request([1, 2, 5], frozenset(), 1)) == [6]


def test_constraint_chooses_among_its_tokens_and_hears_of_the_choice(engine: TorchEngine) -> None:
    constraint = OneOf([9, 7])
    request = Request([3], frozenset(), 2, constraint=constraint)
    assert run(engine, request) == [7, 8]
    assert constraint.advanced == [7]


def test_barred_tokens_are_not_chosen(engine: TorchEngine) -> None:
    constraint = OneOf([7])
    constraint.later_barred = [8, 9]
    assert run(engine, Request([3], frozenset(), 2, constraint=constraint)) == [7, 10]


def test_sampling_depends_on_the_seed_alone(engine: TorchEngine) -> None:
    def sampled(seed: int) -> list[int]:
        params = SamplingParams(temperature=2.0, top_p=0.95, seed=seed)
        return run(engine, Request([3], frozenset(), 12, sampling=params))

    assert sampled(1) == sampled(1)
    assert len({tuple(sampled(seed)) for seed in range(5)}) > 1


def test_top_p_leaves_out_the_unlikely(engine: TorchEngine) -> None:
    # The likeliest token has probability 0.63, so a nucleus of 0.5 holds nothing else.
    params = SamplingParams(temperature=1.0, top_p=0.5)
    assert run(engine, Request([3], frozenset(), 20, sampling=params)) == list(range(4, 24))


OUTPUT = Request([1, 2, 3], frozenset(), 9)  # 4 to 12
ALONG = Request([1, 2, 3, 4], frozenset(), 8)  # typed along it
ALIKE = Request([1, 2, 9, 6, 7], frozenset(), 5)  # 6 and 7 are in it, and what follows
AHEAD = Request([1, 2, 3], frozenset(), 1)
ELSEWHERE = [Request([start, start + 5], frozenset(), 6) for start in (20, 30, 40)]


@pytest.fixture
def drafting(decoder: CountingDecoder) -> TorchEngine:
    decoder.exact_rows = 8
    return TorchEngine(decoder)


def passes(engine: TorchEngine, request: Request) -> int:
    stream = engine.generate(request)
    first = request.prompt_ids[-1] + 1
    assert [token.id for token in stream] == [*range(first, first + request.max_new_tokens)]
    return stream.statistics.passes


@pytest.mark.parametrize("request_", [ALONG, ALIKE], ids=["along", "alike"])
def test_nothing_is_drafted_from_no_output(drafting: TorchEngine, request_: Request) -> None:
    assert passes(drafting, request_) == request_.max_new_tokens


@pytest.mark.parametrize("request_", [ALONG, ALIKE], ids=["along", "alike"])
@pytest.mark.parametrize(
    "between", [[], [AHEAD] * 5, ELSEWHERE], ids=["nothing", "ahead", "elsewhere"]
)
def test_an_output_is_drafted_from_whatever_came_after_it(
    drafting: TorchEngine, between: list[Request], request_: Request
) -> None:
    for request in [OUTPUT, *between]:
        run(drafting, request)
    assert passes(drafting, request_) <= 2


def test_score_is_what_generation_would_say(engine: TorchEngine, decoder: CountingDecoder) -> None:
    expected = torch.log_softmax(-torch.arange(VOCABULARY).float(), dim=0)
    scores = engine.score([1, 2, 3], [4, 5, 7])  # the last one is not the likeliest
    assert scores == pytest.approx([float(expected[each]) for each in (0, 0, 1)])
    generated = list(engine.generate(Request([1, 2, 3], frozenset(), 2)))
    assert [token.logprob for token in generated] == pytest.approx(scores[:2])


def test_score_of_a_long_prompt_reads_it_in_chunks_and_once(
    engine: TorchEngine, decoder: CountingDecoder
) -> None:
    prompt = [each % VOCABULARY for each in range(PREFILL_CHUNK * 2 + 10)]
    first = engine.score(prompt, [7, 8])
    assert max(map(len, decoder.passes)) == PREFILL_CHUNK
    decoder.passes.clear()
    assert engine.score(prompt, [7, 8]) == first
    assert decoder.passes == [[prompt[-1], 7]]


@pytest.mark.parametrize(("prompt", "ids"), [([], [1]), ([1], []), ([0] * 900, [0] * 102)])
def test_score_of_nothing_and_of_too_much_is_refused(
    engine: TorchEngine, prompt: list[int], ids: list[int]
) -> None:
    with pytest.raises(ValueError, match="cannot be scored"):
        engine.score(prompt, ids)
