"""Drafting changes nothing but the number of passes: tokens and log-probabilities stay."""

import random
import threading
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codegen_lsp.engine.base import Request, Statistics, Token
from codegen_lsp.engine.lean import LeanDecoder
from codegen_lsp.engine.load import load_engine
from codegen_lsp.engine.precision import choose_placement
from codegen_lsp.engine.torch_engine import TorchEngine
from tests.engine.tiny_models import lean_configs, save_tiny_model

pytestmark = pytest.mark.skipif(
    choose_placement().precision != "int8", reason="this CPU has no VNNI: nothing is drafted"
)
VOCABULARY = 320
PROMPT = random.Random(7).choices(range(VOCABULARY), k=90)
LENGTH = 24


class EvenThenAny:
    """Allows even ids only for the first three tokens, then bars the multiples of three."""

    def __init__(self) -> None:
        self.seen = 0

    def allowed(self) -> Sequence[int] | None:
        return range(0, VOCABULARY, 2) if self.seen < 3 else None

    def barred(self) -> Sequence[int]:
        return range(0, VOCABULARY, 3)

    def advance(self, token_id: int) -> None:
        del token_id
        self.seen += 1


def plain_engine(folder: Path) -> TorchEngine:
    decoder = load_engine(folder, precision="int8").decoder
    decoder.exact_rows = 1
    return TorchEngine(decoder)


@pytest.fixture(scope="module", params=["qwen2", "llama with biases"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(lean_configs()[request.param], tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def plain(folder: Path) -> TorchEngine:
    return plain_engine(folder)


@pytest.fixture(scope="module")
def drafting(folder: Path) -> TorchEngine:
    return load_engine(folder, precision="int8")


def run(engine: TorchEngine, request: Request) -> tuple[list[Token], Statistics]:
    stream = engine.generate(request)
    return list(stream), stream.statistics


def ids_of(tokens: list[Token]) -> list[int]:
    return [token.id for token in tokens]


def forget(engine: TorchEngine) -> None:
    engine.decoder.cache.truncate(0)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_draft_gives_the_plain_output(folder: Path, data: st.DataObject) -> None:
    plain, drafting = plain_engine(folder), load_engine(folder, precision="int8")
    prompt = PROMPT[: data.draw(st.integers(1, len(PROMPT)), "prompt length")]
    shared = data.draw(st.integers(0, len(prompt) - 1), "tokens cached")
    constrained = data.draw(st.booleans(), "constrained")

    def request(drafts: Sequence[int] = ()) -> Request:
        constraint = EvenThenAny() if constrained else None
        return Request(prompt, stop_ids, limit, constraint=constraint, drafts=drafts)

    stop_ids, limit = frozenset[int](), LENGTH
    free = ids_of(run(plain_engine(folder), request())[0])
    stop_ids = frozenset(data.draw(st.lists(st.sampled_from(free), max_size=1), "stop ids"))
    limit = data.draw(st.integers(1, LENGTH), "token limit")
    wrong = data.draw(st.lists(st.integers(0, VOCABULARY - 1), max_size=5), "wrong ids")
    cut = data.draw(st.integers(0, LENGTH), "right ids before them")
    for engine in (plain, drafting):
        engine.decoder.forward(prompt[: shared + 1], 1)
    expected, _ = run(plain, request())
    found, statistics = run(drafting, request(free[:cut] + wrong + free[cut:]))
    assert found == expected
    assert drafting.decoder.cache.ids == plain.decoder.cache.ids
    assert statistics.completion_tokens == len(found)
    assert statistics.accepted_draft_tokens <= statistics.drafted_tokens


@pytest.mark.parametrize("typed", [1, 5, 8])
def test_right_draft_behind_typed_tokens_costs_one_pass(
    plain: TorchEngine, drafting: TorchEngine, typed: int
) -> None:
    expected = ids_of(run(plain, Request(PROMPT, frozenset(), 8))[0])
    forget(drafting)
    run(drafting, Request(PROMPT[:-typed], frozenset(), 1))
    found, statistics = run(drafting, Request(PROMPT, frozenset(), 8, drafts=expected))
    assert ids_of(found) == expected
    assert statistics.passes == 1
    assert statistics.drafted_tokens == statistics.accepted_draft_tokens == 7
    assert statistics.cached_tokens == len(PROMPT) - typed


@pytest.mark.parametrize("typed", [0, 1, 4])
def test_what_a_cancelled_output_led_to_is_drafted_again(
    plain: TorchEngine, folder: Path, typed: int
) -> None:
    expected = ids_of(run(plain, Request(PROMPT, frozenset(), LENGTH))[0])
    engine = load_engine(folder, precision="int8")
    said = ids_of(list(islice(engine.generate(Request(PROMPT, frozenset(), LENGTH)), 8)))
    prompt = [*PROMPT, *said[:typed]]
    found, statistics = run(engine, Request(prompt, frozenset(), LENGTH - typed))
    assert ids_of(found) == expected[typed:]
    assert statistics.accepted_draft_tokens >= len(said) - typed - 1
    other = [*PROMPT, (said[0] + 1) % VOCABULARY]
    assert (
        run(engine, Request(other, frozenset(), 5))[0]
        == run(plain_engine(folder), Request(other, frozenset(), 5))[0]
    )


def test_a_text_that_repeats_itself_is_drafted_from_itself(folder: Path) -> None:
    written = ids_of(run(plain_engine(folder), Request(PROMPT, frozenset(), 12))[0])
    request = Request([*PROMPT, *written, *PROMPT], frozenset(), 12)
    expected, without = run(plain_engine(folder), request)
    found, statistics = run(load_engine(folder, precision="int8"), request)
    assert found == expected
    assert without.drafted_tokens == 0
    assert statistics.drafted_tokens > 0


@pytest.mark.parametrize("stop_after", range(1, 12))
def test_reader_that_stops_early_leaves_a_true_cache(
    plain: TorchEngine, drafting: TorchEngine, stop_after: int
) -> None:
    forget(drafting)
    expected = ids_of(run(plain, Request(PROMPT, frozenset(), LENGTH))[0])
    stream = iter(drafting.generate(Request(PROMPT, frozenset(), LENGTH, drafts=expected)))
    assert [next(stream).id for _ in range(stop_after)] == expected[:stop_after]
    del stream
    cached = drafting.decoder.cache.ids
    assert cached == [*PROMPT, *expected][: len(cached)]
    following = [*PROMPT, *expected[:stop_after], 3, 4]
    request = Request(following, frozenset(), 8)
    found = ids_of(run(drafting, request)[0])
    forget(plain)
    run(plain, Request(PROMPT, frozenset(), LENGTH))
    assert found == ids_of(run(plain, request)[0])


@pytest.mark.parametrize("passes_before", [1, 2, 3])
def test_cancelling_between_passes_drops_what_was_not_chosen(
    plain: TorchEngine,
    drafting: TorchEngine,
    passes_before: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    forget(drafting)
    expected = ids_of(run(plain, Request(PROMPT, frozenset(), LENGTH))[0])
    drafts = [*expected[:10], (expected[10] + 1) % VOCABULARY, *expected[11:]]
    cancel, passes, decoder = threading.Event(), list[int](), drafting.decoder
    forward = decoder.forward

    def counted(ids: list[int], num_logits: int) -> object:
        passes.append(len(ids))
        if len(passes) == passes_before:
            cancel.set()
        return forward(ids, num_logits)

    monkeypatch.setattr(decoder, "forward", counted)
    request = Request(PROMPT, frozenset(), LENGTH, drafts=drafts, cancel=cancel)
    found, statistics = run(drafting, request)
    assert len(passes) == passes_before
    assert statistics.finish_reason == "cancelled"
    assert ids_of(found) == expected[: len(found)]
    assert decoder.cache.ids == [*PROMPT, *expected][: len(decoder.cache.ids)]


def test_several_documents_at_once_give_what_each_gives_alone(folder: Path) -> None:
    together = load_engine(folder, precision="int8")
    documents = [PROMPT[:20] + random.Random(seed).choices(range(320), k=200) for seed in range(3)]
    for step in (0, 3, 6):
        for ids in documents:
            prompt = ids[: 150 + step]
            alone = load_engine(folder, precision="int8")
            for earlier in range(0, step + 1, 3):
                expected = run(alone, Request(ids[: 150 + earlier], frozenset(), 10))[0]
            found, statistics = run(together, Request(prompt, frozenset(), 10))
            assert ids_of(found) == ids_of(expected)
            assert step == 0 or statistics.cached_tokens >= 150 + step - 3
    assert isinstance(together.decoder, LeanDecoder)
    assert len(together.decoder.sequences) == 3


def test_nothing_is_drafted_where_the_decoder_is_not_exact(folder: Path) -> None:
    engine = load_engine(folder, precision="fp32")
    request = Request([1, 2, 3, 1, 2, 3], frozenset(), 9, drafts=[1, 2])
    assert run(engine, request)[1].drafted_tokens == 0
