"""An answer that is ready in the very moment in which what it was for ceases to be."""

import asyncio
from collections.abc import Callable
from typing import cast

import pytest

from codegen_lsp.completion.options import CompletionOptions
from codegen_lsp.completion.suggestion import Suggestion
from codegen_lsp.config import Settings
from codegen_lsp.engine.base import Statistics
from codegen_lsp.server.asking import Query
from codegen_lsp.server.documents import Change, Documents
from codegen_lsp.server.history import Answer, History
from codegen_lsp.server.suggester import Suggester
from codegen_lsp.text import Encoding, Position, Snapshot
from codegen_lsp.worker.status import ModelState, ModelStatus
from codegen_lsp.worker.supervisor import Supervisor

URI = "file:///x.py"
OLD, NEW = "old = ", "other = 1\n"
MOMENTS = range(5)  # turns of the event loop between the model's answer and the change


class Model:
    """Stands for a supervisor whose model answers when the test says so."""

    def __init__(self) -> None:
        self.status = ModelStatus(ModelState.READY)
        self.asked: asyncio.Future[asyncio.Future[list[Suggestion]]] = asyncio.Future()

    async def complete(
        self, snapshot: Snapshot, offset: int, options: CompletionOptions
    ) -> list[Suggestion]:
        del snapshot, offset, options
        answer: asyncio.Future[list[Suggestion]] = asyncio.Future()
        self.asked.set_result(answer)
        return await answer


class Scene:
    """A document with a request under way in it."""

    def __init__(self) -> None:
        self.model, self.documents, self.history = Model(), Documents(Encoding.UTF16), History()
        self.suggester = Suggester(
            self.documents,
            cast("Supervisor", self.model),
            self.history,
            lambda busy: None,
            Settings(prefetch=False),
        )
        self.documents.open(URI, "python", 1, OLD)

    def query(self) -> Query:
        document = self.documents.get(URI)
        assert document is not None
        return Query(document.snapshot(), len(OLD), Position(0, len(OLD)), "method", True, 0.0)

    def reopen(self) -> None:
        self.suggester.closed(URI)
        self.documents.close(URI)
        self.suggester.closed(URI)
        self.documents.open(URI, "python", 1, NEW)

    def replace(self) -> None:
        self.suggester.changed(URI)
        self.documents.change(URI, 2, [Change(None, NEW)])

    def replace_under_the_same_version(self) -> None:
        self.suggester.changed(URI)
        self.documents.change(URI, 1, [Change(None, NEW)])

    def switch(self) -> None:
        self.suggester.change_settings(Settings(prefetch=False, model="another"))


async def answer_to(scene: Scene, change: Callable[[], None], moment: int) -> Answer | None:
    """What is answered if `change` comes so many turns after the model; None: it came too late."""
    request = asyncio.ensure_future(scene.suggester.suggest(scene.query()))
    answered = await scene.model.asked
    answered.set_result([_suggestion()])
    for _ in range(moment):
        await asyncio.sleep(0)
    if request.done():
        return None
    change()
    return await request


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("change", ["reopen", "replace", "replace_under_the_same_version"])
async def test_no_text_is_for_another_document(change: str, moment: int) -> None:
    scene = Scene()
    answer = await answer_to(scene, getattr(scene, change), moment)
    assert answer is None or answer.suggestions == ()


@pytest.mark.parametrize("moment", MOMENTS)
async def test_no_text_is_of_another_model(moment: int) -> None:
    scene = Scene()
    answer = await answer_to(scene, scene.switch, moment)
    assert answer is None or answer.suggestions == ()
    # And nothing of it is remembered.
    if answer is not None:
        scene.model.asked = asyncio.Future()
        again = asyncio.ensure_future(scene.suggester.suggest(scene.query()))
        (await scene.model.asked).set_result([_suggestion()])
        assert (await again).source == "model"


async def test_the_changes_come_before_and_after_the_answer() -> None:
    scenes = [Scene() for _ in MOMENTS]
    answers = [
        await answer_to(scene, scene.reopen, moment)
        for scene, moment in zip(scenes, MOMENTS, strict=True)
    ]
    assert answers[0] is not None
    assert answers[-1] is None


def _suggestion() -> Suggestion:
    return Suggestion("1", len(OLD), 0, None, -0.5, Statistics(), "scripted", (), 0.0)
