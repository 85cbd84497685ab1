"""What is completed ahead, and when nothing is."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import psutil
import pytest

from codegen_lsp.completion.options import CompletionOptions
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.completion.suggestion import Suggestion
from codegen_lsp.completion.suggestion_cache import SuggestionCache
from codegen_lsp.engine.base import Statistics
from codegen_lsp.errors import WorkerDiedError
from codegen_lsp.server.prefetch import Prefetcher
from codegen_lsp.text import Snapshot
from codegen_lsp.worker.supervisor import Supervisor

OPTIONS = CompletionOptions()


def suggestion(text: str, offset: int, replaces: int = 0) -> Suggestion:
    reason = None if text else Reason.EMPTY
    return Suggestion(text, offset, replaces, reason, None, Statistics(), None, (), 0.0)


class Model:
    """Stands for a supervisor; suggests the texts given, then nothing.

    Attributes:
        asked: text before and behind the cursor of each request.
        cancelled: how many requests were cancelled while it waited for `gate`.
        prepared: text before the cursor of each place that the model was to prepare for.
    """

    def __init__(self, *texts: str) -> None:
        self._texts = list(texts)
        self.asked: list[tuple[str, str]] = []
        self.cancelled = 0
        self.prepared: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def complete(self, snapshot: Snapshot, offset: int, _options: Any) -> list[Suggestion]:
        self.asked.append((snapshot.text[:offset], snapshot.text[offset:]))
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return [suggestion(self._texts.pop(0) if self._texts else "", offset)]

    async def prepare(self, snapshot: Snapshot, offset: int) -> None:
        self.prepared.append(snapshot.text[:offset])


def prefetcher(model: object) -> Prefetcher:
    return Prefetcher(cast("Supervisor", model))


def start(
    ahead: Prefetcher, text: str, shown: Suggestion, cache: SuggestionCache | None = None
) -> SuggestionCache:
    cache = cache or SuggestionCache()
    ahead.start(Snapshot("file:///x", 1, "python", text), shown, OPTIONS, cache)
    return cache


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


@pytest.fixture(autouse=True)
def _plugged_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "sensors_battery", lambda: None)


async def test_what_follows_the_accepted_text_is_remembered() -> None:
    model = Model(" + c")
    cache = start(prefetcher(model), "x = f()\n", suggestion("a, b)", 6, replaces=1))
    await settle()
    assert model.asked == [("x = f(a, b)", "\n")]
    assert [each.text for each in cache.get("x = f(a, b)", "\n")] == [" + c"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
async def test_where_the_line_is_done_the_next_one_is_completed(line_end: str) -> None:
    model = Model("", "return x")
    before = f"def f():{line_end}    x = "
    cache = start(prefetcher(model), before, suggestion("1", len(before)))
    await settle()
    opened = f"{before}1{line_end}    "
    assert model.asked == [(before + "1", ""), (opened, "")]
    assert [each.text for each in cache.get(opened, "")] == ["return x"]


async def test_in_the_middle_of_a_line_no_new_one_is_expected() -> None:
    model = Model("")
    start(prefetcher(model), "f(, 2)", suggestion("1", 2))
    await settle()
    assert model.asked == [("f(1", ", 2)")]


async def test_what_is_known_or_under_way_is_not_asked_again() -> None:
    model = Model("b", "c")
    ahead = prefetcher(model)
    model.gate.clear()
    cache = start(ahead, "x", suggestion("yz", 1))
    start(ahead, "xy", suggestion("z", 2), cache)  # typed along: the same place when accepted
    await settle()
    model.gate.set()
    await settle()
    start(ahead, "x", suggestion("yz", 1), cache)
    ahead.stop()
    start(ahead, "x", suggestion("yz", 1), cache)
    await settle()
    assert model.asked == [("xyz", "")]
    assert model.cancelled == 0


async def test_a_real_request_ends_it_and_so_does_another_suggestion() -> None:
    model = Model("b")
    ahead = prefetcher(model)
    model.gate.clear()
    cache = start(ahead, "x", suggestion("y", 1))
    await settle()
    start(ahead, "x", suggestion("z", 1), cache)
    await settle()
    assert model.cancelled == 1
    ahead.stop()
    await settle()
    assert model.cancelled == 2
    assert cache.get("xy", "") == []


async def test_the_model_prepares_for_typing_on_when_the_rest_is_done() -> None:
    model = Model(" + c")
    model.gate.clear()
    start(prefetcher(model), "x = f()\n", suggestion("a, b)", 6, replaces=1))
    await settle()
    assert model.prepared == []
    model.gate.set()
    await settle()
    assert model.prepared == ["x = f("]


async def test_after_a_silence_the_model_prepares_for_typing_on() -> None:
    model = Model()
    start(prefetcher(model), "x = f", suggestion("", 5))
    await settle()
    assert (model.asked, model.prepared) == ([], ["x = f"])


async def test_whoever_asks_for_the_place_takes_over_what_is_under_way() -> None:
    model = Model("b")
    ahead = prefetcher(model)
    model.gate.clear()
    start(ahead, "x", suggestion("yz", 1))
    await settle()
    work = ahead.take_over(Snapshot("file:///x", 2, "python", "xyz"), 3)
    await settle()
    model.gate.set()
    assert work is not None
    assert [each.text for each in await work] == ["b"]
    assert (len(model.asked), model.cancelled) == (1, 0)


async def test_what_was_taken_over_ends_with_whoever_awaits_it() -> None:
    model = Model("b")
    ahead = prefetcher(model)
    model.gate.clear()
    start(ahead, "x", suggestion("yz", 1))
    await settle()
    work = ahead.take_over(Snapshot("file:///x", 2, "python", "xyz"), 3)
    ahead.stop()
    await settle()
    assert model.cancelled == 0
    assert work is not None
    work.cancel()
    await settle()
    assert model.cancelled == 1


@pytest.mark.parametrize(
    ("uri", "text", "offset"),
    [("file:///y", "xyz", 3), ("file:///x", "xya", 3), ("file:///x", "xyz", 2)],
)
async def test_at_another_place_there_is_nothing_to_take_over(
    uri: str, text: str, offset: int
) -> None:
    model = Model("b")
    ahead = prefetcher(model)
    model.gate.clear()
    start(ahead, "x", suggestion("yz", 1))
    await settle()
    assert ahead.take_over(Snapshot(uri, 2, "python", text), offset) is None
    await settle()
    assert model.cancelled == 1


async def test_what_has_failed_is_not_taken_over() -> None:
    class Failing:
        async def complete(self, *_: object) -> list[Suggestion]:
            raise WorkerDiedError("gone")

    ahead = prefetcher(Failing())
    start(ahead, "x", suggestion("yz", 1))
    await settle()
    assert ahead.take_over(Snapshot("file:///x", 2, "python", "xyz"), 3) is None


async def test_nothing_is_done_on_battery(monkeypatch: pytest.MonkeyPatch) -> None:
    battery = SimpleNamespace(power_plugged=False)
    monkeypatch.setattr(psutil, "sensors_battery", lambda: battery)
    model = Model("b")
    start(prefetcher(model), "x", suggestion("y", 1))
    await settle()
    assert model.asked == []


async def test_a_failing_model_is_not_this_modules_concern() -> None:
    class Failing:
        async def complete(self, *_: object) -> list[Suggestion]:
            raise WorkerDiedError("gone")

    cache = start(prefetcher(Failing()), "x", suggestion("y", 1))
    await settle()
    assert cache.get("xy", "") == []
