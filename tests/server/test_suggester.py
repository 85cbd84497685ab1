"""How requests and the work ahead of them meet in the suggester."""

import asyncio
import time
from typing import Any, cast

import psutil
import pytest

from codegen_lsp.completion.reasons import Reason
from codegen_lsp.completion.suggestion import Suggestion, silence
from codegen_lsp.config import Settings
from codegen_lsp.server import suggester
from codegen_lsp.server.asking import Query
from codegen_lsp.server.debounce import TypingRhythm
from codegen_lsp.server.documents import Change, Documents
from codegen_lsp.server.history import Answer, History
from codegen_lsp.server.suggester import Suggester
from codegen_lsp.statistics.records import Outcome
from codegen_lsp.text import Encoding, Position, Snapshot
from codegen_lsp.worker.status import ModelState, ModelStatus
from codegen_lsp.worker.supervisor import Supervisor
from tests.server.test_prefetch import Model, settle

URI, OTHER = "file:///x.py", "file:///y.py"
DELAY_S = 0.001


class ReadyModel(Model):
    """Stands for a supervisor whose model is loaded.

    Attributes:
        options: what each request was made with.
    """

    def __init__(self, *texts: str) -> None:
        super().__init__(*texts)
        self.status = ModelStatus(ModelState.READY)
        self.options: list[Any] = []

    async def complete(self, snapshot: Snapshot, offset: int, options: Any) -> list[Suggestion]:
        self.options.append(options)
        return await super().complete(snapshot, offset, options)


class Scene:
    """A suggester with documents, each of them with the cursor at its end."""

    def __init__(self, *texts: str) -> None:
        """Have the model suggest `texts`, then nothing."""
        self.model, self.documents = ReadyModel(*texts), Documents(Encoding.UTF16)
        supervisor = cast("Supervisor", self.model)
        self.suggester = Suggester(
            self.documents, supervisor, History(), lambda busy: None, Settings()
        )

    def open(self, text: str, uri: str = URI) -> None:
        self.documents.open(uri, "python", 1, text)

    def type(self, text: str) -> None:
        self.suggester.changed(URI)
        self.documents.change(URI, 2, [Change(None, text)])

    def ask(self, uri: str = URI, *, invoked: bool = False) -> "asyncio.Task[Answer]":
        document = self.documents.get(uri)
        assert document is not None
        snapshot = document.snapshot()
        offset = len(snapshot.text)
        query = Query(snapshot, offset, Position(0, offset), "method", invoked, 0.0)
        return asyncio.ensure_future(self.suggester.suggest(query))

    @property
    def asked(self) -> list[str]:
        """The text before the cursor of each request to the model."""
        return [prefix for prefix, _ in self.model.asked]


def texts_of(answer: Answer) -> list[str]:
    return [each.text for each in answer.suggestions]


async def ahead_of(before: str, *texts: str) -> Scene:
    """`texts[0]` was suggested behind `before`, and what follows it is under way."""
    scene = Scene(*texts)
    scene.open(before)
    answer = await scene.ask()
    scene.model.gate.clear()
    await settle()
    assert texts_of(answer) == [texts[0]]
    assert scene.asked == [before, before + texts[0]]
    return scene


@pytest.fixture(autouse=True)
def _plugged_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "sensors_battery", lambda: None)


async def test_a_request_for_what_is_completed_ahead_gets_that() -> None:
    scene = await ahead_of("x = ", "f()", " + 1")
    scene.type("x = f()")
    request = scene.ask()
    await settle()
    scene.model.gate.set()
    answer = await request
    assert (texts_of(answer), answer.source) == ([" + 1"], "model")
    assert scene.asked[:2] == ["x = ", "x = f()"]
    assert "x = f()" not in scene.asked[2:]
    assert scene.model.cancelled == 0


async def test_whoever_asks_for_more_to_choose_from_does_not_get_what_was_begun() -> None:
    scene = await ahead_of("x = ", "f()", " + 1")
    scene.type("x = f()")
    request = scene.ask(invoked=True)
    await settle()
    assert scene.asked == ["x = ", "x = f()", "x = f()"]
    candidates = [options.candidates for options in scene.model.options]
    assert candidates == [1, 1, Settings().candidates]
    assert scene.model.cancelled == 1
    scene.model.gate.set()
    assert texts_of(await request) == [" + 1"]


async def test_what_was_begun_is_not_waited_for_the_next_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scene = await ahead_of("x = ", "f()", " + 1")
    monkeypatch.setattr(TypingRhythm, "delay", lambda *_: DELAY_S)
    scene.type("x = f()")
    request = scene.ask()
    await settle()
    scene.model.gate.set()
    assert (await request).waited_ms == 0
    scene.open("y = ", OTHER)
    assert (await scene.ask(OTHER)).waited_ms == DELAY_S * 1000


async def test_after_a_silence_the_model_prepares_for_typing_on() -> None:
    scene = Scene()
    scene.open("x = ")
    assert texts_of(await scene.ask()) == []
    await settle()
    assert (scene.asked, scene.model.prepared) == (["x = "], ["x = "])


async def test_nothing_is_done_ahead_behind_what_is_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(suggester, "sure_ones", lambda *_: ())
    scene = Scene("f()", " + 1")
    scene.open("x = ")
    assert (await scene.ask()).reason is Reason.LOW_CONFIDENCE
    await settle()
    assert (scene.asked, scene.model.prepared) == (["x = "], ["x = "])


@pytest.mark.parametrize("reason", [Reason.JUST_DELETED, Reason.JUST_REJECTED])
async def test_silence_about_what_was_taken_away_is_not_remembered_longer_than_that(
    monkeypatch: pytest.MonkeyPatch, reason: Reason
) -> None:
    scene = Scene()

    async def refuse(_snapshot: Snapshot, offset: int, _options: object) -> list[Suggestion]:
        return [silence(offset, reason)]

    scene.open("x = ")
    with monkeypatch.context() as patch:
        patch.setattr(scene.model, "complete", refuse)
        assert (await scene.ask()).reason is reason
    await scene.ask()
    assert scene.asked == ["x = "]


async def test_nothing_is_done_ahead_in_a_document_that_has_gone() -> None:
    scene = Scene("f()", " + 1")
    scene.open("x = ")
    scene.model.gate.clear()
    request = scene.ask()
    await settle()
    scene.documents.close(URI)
    scene.model.gate.set()
    assert texts_of(await request) == []
    await settle()
    assert (scene.asked, scene.model.prepared) == (["x = "], [])


async def test_closing_the_document_ends_the_work_ahead() -> None:
    scene = await ahead_of("x = ", "f()", " + 1")
    scene.suggester.closed(URI)
    scene.documents.close(URI)
    await settle()
    assert scene.model.cancelled == 1


async def test_what_was_begun_under_other_settings_is_not_taken_over() -> None:
    scene = await ahead_of("x = ", "f()", " + 1")
    scene.suggester.change_settings(Settings(max_new_tokens=7))
    await settle()
    assert scene.model.cancelled == 1
    scene.type("x = f()")
    request = scene.ask()
    await settle()
    assert scene.asked == ["x = ", "x = f()", "x = f()"]
    assert [options.max_new_tokens for options in scene.model.options] == [None, None, 7]
    scene.model.gate.set()
    assert texts_of(await request) == [" + 1"]


async def test_nothing_is_done_ahead_while_another_request_waits() -> None:
    scene = await ahead_of("x = ", "f()", " + 1")
    scene.open("y = ", OTHER)
    waits = scene.ask(OTHER)
    await settle()
    assert scene.model.cancelled == 1
    remembered = await scene.ask()
    await settle()
    assert (texts_of(remembered), remembered.source) == (["f()"], "cache")
    assert scene.asked == ["x = ", "x = f()", "y = "]
    scene.model.gate.set()
    assert texts_of(await waits) == [" + 1"]


async def test_after_rejections_the_wait_for_the_next_key_is_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    longest: list[float] = []

    def delay(_: TypingRhythm, now: float, most: float) -> float:
        longest.append(most)
        return 0.0

    monkeypatch.setattr(TypingRhythm, "delay", delay)
    scene = Scene("f()", "g()", "h()")
    scene.open("x = ")
    await scene.ask()
    for _ in range(9):
        scene.suggester.backoff.note(Outcome.REJECTED, time.monotonic())
    scene.open("y = ")
    await scene.ask()
    assert longest[0] == pytest.approx(0.075)
    assert longest[1] == pytest.approx(4 * 0.075, rel=0.1)


async def test_what_was_made_ahead_is_known_whatever_is_typed_along() -> None:
    scene = Scene("f()", " + 1")
    scene.open("x = ")
    first = await scene.ask()
    await settle()
    answers = []
    for text in ("x = f()", "x = f() "):
        scene.type(text)
        answers.append(await scene.ask())
    assert [texts_of(each) for each in answers] == [[" + 1"], ["+ 1"]]
    assert [each.is_ahead for each in (first, *answers)] == [False, True, True]
