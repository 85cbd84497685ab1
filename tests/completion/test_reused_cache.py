"""What an engine remembers changes no suggestion: a long-lived one says what a fresh one says.

Each request of an editing session goes to an engine that keeps the sequences, prompts and drafts of
all requests before it. Its answer must be, to the last bit, that of an engine over the same weights
which has never been asked anything. The windows are narrower than the usual ones, so that reading
the whole prompt for each place takes a second; the documents are many times as long.
"""

import copy
import inspect
import json.decoder
import random
import shlex
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest
import torch

from codegen_lsp.completion.options import CompletionOptions
from codegen_lsp.completion.pipeline import Completer
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.completion.suggestion import Suggestion
from codegen_lsp.engine import vnni_linear
from codegen_lsp.engine.kv_cache import KVCache
from codegen_lsp.engine.lean import LeanDecoder
from codegen_lsp.engine.precision import choose_placement
from codegen_lsp.engine.sequences import DEFAULT_CACHE_BYTES, SequencePool
from codegen_lsp.engine.torch_engine import PREFILL_CHUNK, TorchEngine
from codegen_lsp.prompt.model import Model
from codegen_lsp.text import Snapshot

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(
        choose_placement().precision != "int8" or not vnni_linear.is_available(),
        reason="only our own int8 code gives the same bits whatever is cached",
    ),
]

OPTIONS = CompletionOptions(max_new_tokens=12)
WIDE, NARROW = 768, 256  # context windows: prefix windows of 384 and 128 tokens
FAR = 100  # lines; neither window reaches so far
RANDOM_STEPS = 25


@dataclass(frozen=True)
class Place:
    """A document and the cursor in it: the text on both sides."""

    before: str
    after: str

    @property
    def text(self) -> str:
        return self.before + self.after


Said = tuple[str, int, Reason | None, float | None]


def said(suggestion: Suggestion) -> Said:
    """What of a suggestion may not depend on earlier requests; the logprob to the last bit."""
    return suggestion.text, suggestion.replaces, suggestion.reason, suggestion.mean_logprob


class Session:
    """A completer over the weights of `model`, whose engine has been asked nothing so far."""

    def __init__(self, model: Model, window: int, cache_bytes: int = DEFAULT_CACHE_BYTES) -> None:
        assert isinstance(model.engine, TorchEngine)
        assert isinstance(model.engine.decoder, LeanDecoder)
        decoder = copy.copy(model.engine.decoder)  # shares the weights
        keys = decoder.cache.keys
        layers, heads, _, head_dim = keys.shape
        empty = KVCache((layers, heads, window, head_dim), dtype=keys.dtype, device="cpu")
        decoder.sequences = SequencePool(empty, cache_bytes)
        decoder.context_window = window
        self.decoder = decoder
        self.bytes_of_one = empty.bytes_for(window)
        self._completer = Completer(replace(model, engine=TorchEngine(decoder)))

    def suggestion(self, place: Place, cancel: threading.Event | None = None) -> Suggestion:
        snapshot = Snapshot("file:///x.py", 1, "python", place.text)
        (only,) = self._completer.complete(snapshot, len(place.before), OPTIONS, cancel)
        return only

    def ask(self, place: Place) -> Said:
        return said(self.suggestion(place))


class Fresh:
    """Answers of engines that had been asked nothing, each worked out once."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._known: dict[tuple[Place, int], Said] = {}

    def ask(self, place: Place, window: int = WIDE) -> Said:
        key = (place, window)
        if key not in self._known:
            self._known[key] = Session(self._model, window).ask(place)
        return self._known[key]


@pytest.fixture(scope="module")
def fresh(default_model: Model) -> Fresh:
    return Fresh(default_model)


def at_line(text: str, line: int, column: int) -> Place:
    """The cursor in the first line from `line` on that has code at `column`, its end cut off."""
    lines = text.splitlines(keepends=True)
    while len(lines[line].strip()) < column + 4:
        line += 1
    kept = lines[line][: len(lines[line]) - len(lines[line].lstrip()) + column]
    return Place("".join(lines[:line]) + kept, "\n" + "".join(lines[line + 1 :]))


def insert_line(text: str, line: int, new: str = "# to be checked\n") -> str:
    lines = text.splitlines(keepends=True)
    return "".join([*lines[:line], new, *lines[line:]])


def insert_above(place: Place, lines: int) -> Place:
    """A new line so far above the cursor."""
    return replace(place, before=insert_line(place.before, place.before.count("\n") - lines))


def insert_below(place: Place, lines: int) -> Place:
    return replace(place, after=insert_line(place.after, lines))


def to_crlf(place: Place) -> Place:
    return Place(place.before.replace("\n", "\r\n"), place.after.replace("\n", "\r\n"))


def type_on(place: Place, typed: str) -> Place:
    return replace(place, before=place.before + typed)


DOCUMENT = inspect.getsource(json.decoder)
OTHER = inspect.getsource(shlex)
HERE = at_line(DOCUMENT, 190, 12)
THERE = at_line(DOCUMENT, 320, 8)
ELSEWHERE = at_line(OTHER, 180, 10)

SCRIPT = [
    HERE,
    replace(HERE, before=HERE.before.replace("JSON", "YAML", 1)),  # far above, of equal length
    HERE,
    insert_above(HERE, FAR),
    HERE,
    insert_above(HERE, 5),
    HERE,
    insert_below(HERE, 3),
    HERE,
    insert_below(HERE, FAR),
    THERE,
    HERE,
    ELSEWHERE,
    type_on(HERE, "s"),
    type_on(ELSEWHERE, "s"),
    HERE,
    to_crlf(HERE),
    Place(HERE.before, ""),
    Place("", HERE.after),
    ELSEWHERE,  # in the same document: all of it replaced
    HERE,
]


def test_edits_and_jumps_with_their_undoing(default_model: Model, fresh: Fresh) -> None:
    session = Session(default_model, WIDE)
    cached = []
    for number, place in enumerate(SCRIPT):
        suggestion = session.suggestion(place)
        assert said(suggestion) == fresh.ask(place), f"step {number}"
        cost = suggestion.statistics
        cached.append(cost.cached_tokens / cost.prompt_tokens)
    assert max(len(each.before.splitlines()) for each in SCRIPT) > FAR
    # The comparison would show nothing if nothing were reused.
    assert cached[0] == 0
    assert cached[2] > 0.99  # an undone edit above the window
    assert cached[10] < 0.99 < cached[11]  # a jump, and the jump back
    assert sum(share > 0.9 for share in cached) > len(SCRIPT) // 3


@pytest.mark.parametrize("prompts", [0, 3])
def test_whatever_the_budget(default_model: Model, fresh: Fresh, prompts: int) -> None:
    budget = prompts * Session(default_model, NARROW).bytes_of_one + 1
    session = Session(default_model, NARROW, budget)
    kept = []
    for number, place in enumerate(SCRIPT[5:16]):
        assert session.ask(place) == fresh.ask(place, NARROW), f"step {number}"
        kept.append(len(session.decoder.sequences))
        assert session.decoder.sequences.num_bytes <= max(budget, session.bytes_of_one)
    assert max(kept) == max(prompts, 1)


@pytest.mark.parametrize("passes", [1, 2, 4])
@pytest.mark.parametrize("after", [type_on(HERE, "s"), insert_above(HERE, 5)])
def test_after_a_cancelled_request(
    default_model: Model, fresh: Fresh, passes: int, after: Place
) -> None:
    session = Session(default_model, WIDE)
    suggestion = session.suggestion(HERE, cancelled_in_pass(session.decoder, passes))
    assert suggestion.reason is Reason.CANCELLED
    assert suggestion.statistics.passes == passes
    assert len(session.decoder.cache.ids) >= min(passes, 2) * PREFILL_CHUNK
    again = session.suggestion(after)
    assert said(again) == fresh.ask(after)
    assert again.statistics.cached_tokens > 0


def cancelled_in_pass(decoder: LeanDecoder, number: int) -> threading.Event:
    """A flag that another thread sets while pass `number` from now on is under way."""
    cancel, begun, passes = threading.Event(), threading.Event(), list[int]()
    forward = decoder.forward

    def watched(ids: list[int], num_logits: int) -> torch.Tensor:
        passes.append(len(ids))
        if len(passes) == number:
            begun.set()
            assert cancel.wait(30)
        return forward(ids, num_logits)

    def set_when_begun() -> None:
        begun.wait(30)
        cancel.set()

    decoder.forward = watched  # type: ignore[method-assign]
    threading.Thread(target=set_when_begun, daemon=True).start()
    return cancel


class Walk:
    """An editing session by chance: the same for the same seed and answers."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._documents = {DOCUMENT: [HERE], OTHER: [ELSEWHERE]}  # and all they have been
        self._current = DOCUMENT

    @property
    def place(self) -> Place:
        return self._documents[self._current][-1]

    def step(self, suggested: str, replaces: int) -> None:
        """Do one of the things that users do."""
        place, chance = self.place, self._random
        lines_above = place.before.count("\n")
        typed = chance.choice(["s", "self.", " ", "\n", "(", "return ", "é"])
        accepted = Place(place.before + suggested, place.after[replaces:])
        near = min(chance.randint(1, 8), lines_above)
        actions: Sequence[Callable[[], Place]] = (
            lambda: type_on(place, typed),
            lambda: accepted,
            lambda: accepted,
            lambda: type_on(place, suggested[:2] or "x"),
            lambda: replace(place, before=place.before[: -chance.randint(1, 4)]),
            lambda: insert_above(place, near),
            lambda: insert_above(place, min(FAR, lines_above)),
            lambda: insert_below(place, chance.randint(1, 5)),
            lambda: insert_below(place, FAR),
            lambda: at_line(place.text, chance.randint(0, 250), chance.randint(3, 12)),
            self._undo,
            self._undo,
            self._switch,
            self._switch,
            lambda: replace(ELSEWHERE if self._current == DOCUMENT else HERE),
        )
        done = chance.choice(actions)()
        self._documents[self._current].append(done)

    def _undo(self) -> Place:
        been = self._documents[self._current]
        if len(been) > 1:
            been.pop()
        return been.pop()

    def _switch(self) -> Place:
        self._current = OTHER if self._current == DOCUMENT else DOCUMENT
        return self._documents[self._current].pop()


def test_any_session(default_model: Model, fresh: Fresh) -> None:
    walk, visited = Walk(5), list[Place]()
    session = Session(default_model, NARROW)
    texts = 0
    for number in range(RANDOM_STEPS):
        visited.append(walk.place)
        expected = fresh.ask(walk.place, NARROW)
        assert session.ask(walk.place) == expected, f"step {number}"
        texts += bool(expected[0])
        walk.step(*expected[:2])
    assert len(set(visited)) > RANDOM_STEPS // 2
    assert texts > RANDOM_STEPS // 4
