"""Loading, fetching and restarting, with scripted workers."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from codegen_lsp.completion.options import CompletionOptions
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.errors import UsageError
from codegen_lsp.models.catalogue import DEFAULT_MODEL
from codegen_lsp.models.folders import installed_folder
from codegen_lsp.worker.client import WorkerProcess
from codegen_lsp.worker.messages import Load, Progress
from codegen_lsp.worker.status import ModelState, ModelStatus, NotReadyError
from codegen_lsp.worker.supervisor import Supervisor
from tests.worker.conftest import exists, scripted
from tests.worker.scripted_worker import COMMAND, PULL_TOTAL

OPTIONS = CompletionOptions()
LOADING, READY, MISSING = ModelState.LOADING, ModelState.READY, ModelState.MISSING
FETCHING, FAILED, STOPPED = ModelState.FETCHING, ModelState.FAILED, ModelState.STOPPED


class Scene:
    """A supervisor and every status that it has told."""

    def __init__(self, first_delay: float = 0.01) -> None:
        self.told: list[ModelStatus] = []
        self._changed = asyncio.Event()
        self.now = 0.0
        self.supervisor = Supervisor(
            self._take, COMMAND, first_delay=first_delay, clock=lambda: self.now
        )

    def _take(self, status: ModelStatus) -> None:
        self.told.append(status)
        self._changed.set()

    @property
    def states(self) -> list[ModelState]:
        """What it went through; reports of progress are one."""
        states = [status.state for status in self.told]
        return [
            state
            for state, before in zip(states, [None, *states], strict=False)
            if state is not before
        ]

    def start(self, model: str = "scripted") -> None:
        self.supervisor.start(Load(model, "auto", "auto"))

    async def reach(self, *states: ModelState) -> ModelStatus:
        """Wait until it has gone through exactly `states`."""
        return await self.until(lambda: self.states == list(states))

    async def until(self, condition: Callable[[], bool]) -> ModelStatus:
        while not condition():
            self._changed.clear()
            await self._changed.wait()
        return self.told[-1]

    async def ask(self, directive: str) -> str:
        (suggestion,) = await self.supervisor.complete(*scripted(directive), OPTIONS)
        return suggestion.text

    async def refused(self, directive: str = "text=a") -> Reason:
        with pytest.raises(NotReadyError) as caught:
            await self.ask(directive)
        return caught.value.reason

    async def pid(self) -> int:
        request: dict[str, Any] = json.loads(await self.ask("report=request"))
        return int(request["pid"])


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    scene = Scene()
    yield scene
    await scene.supervisor.close()


async def test_it_loads_and_completes(scene: Scene) -> None:
    assert await scene.refused() is Reason.MODEL_LOADING
    scene.start()
    assert scene.supervisor.status == ModelStatus(LOADING)
    assert await scene.refused() is Reason.MODEL_LOADING
    await scene.reach(LOADING, READY)
    assert await scene.ask("text=a") == "a"


async def test_a_process_started_ahead_is_the_first_one(scene: Scene) -> None:
    worker = await WorkerProcess.start(COMMAND)
    scene.supervisor.adopt(worker)
    scene.start()
    await scene.reach(LOADING, READY)
    assert await scene.pid() == worker.pid
    await scene.refused("exit=1")
    await scene.reach(LOADING, READY, FAILED, LOADING, READY)
    assert await scene.pid() != worker.pid


async def test_a_process_started_ahead_in_vain_ends_with_the_supervisor(scene: Scene) -> None:
    worker = await WorkerProcess.start(COMMAND)
    scene.supervisor.adopt(worker)
    await scene.supervisor.close()
    assert not psutil.pid_exists(worker.pid)


async def test_the_same_model_is_not_loaded_twice_but_another_is(scene: Scene) -> None:
    scene.start()
    await scene.reach(LOADING, READY)
    before = await scene.pid()
    scene.start()
    assert await scene.pid() == before
    scene.start("another")
    await scene.reach(LOADING, READY, LOADING, READY)
    assert not psutil.pid_exists(before)
    assert await scene.pid() != before


async def test_starts_in_quick_succession_leave_one_process(scene: Scene) -> None:
    for name in "abcde":
        scene.start(name)
        await asyncio.sleep(0.02)
    await scene.until(lambda: scene.supervisor.status.state is READY)
    children = psutil.Process().children()
    workers = [child for child in children if COMMAND[-1] in child.cmdline()]
    assert [child.pid for child in workers] == [await scene.pid()]


async def test_a_request_under_way_hears_of_a_restart(scene: Scene, tmp_path: Path) -> None:
    scene.start()
    await scene.reach(LOADING, READY)
    begun = tmp_path / "begun"
    asked = asyncio.create_task(scene.refused(f"touch={begun} wait_for={tmp_path}/never"))
    await exists(begun)
    scene.start("another")
    assert await asked is Reason.MODEL_LOADING


@pytest.mark.parametrize("directive", ["raise=RuntimeError", "raise=MemoryError", "exit=137"])
async def test_a_failed_engine_is_restarted(scene: Scene, directive: str) -> None:
    scene.start()
    await scene.reach(LOADING, READY)
    assert await scene.refused(directive) is Reason.ENGINE_FAILED
    await scene.reach(LOADING, READY, FAILED, LOADING, READY)
    cause = {"exit=137": "ended with exit status 137"}.get(directive, directive[6:])
    assert cause in scene.told[2].message
    assert scene.told[2].message.endswith("; restarting in 0.01 s")
    assert await scene.ask("text=a") == "a"


async def test_an_idle_worker_that_is_killed_is_restarted(scene: Scene) -> None:
    scene.start()
    await scene.reach(LOADING, READY)
    psutil.Process(await scene.pid()).kill()
    await scene.reach(LOADING, READY, FAILED, LOADING, READY)
    assert "out of memory?" in scene.told[2].message


async def test_each_restart_waits_longer_until_a_completion_succeeds(scene: Scene) -> None:
    scene.start()
    await scene.until(lambda: scene.supervisor.status.state is READY)
    for _ in range(3):
        await scene.refused("exit=1")
        await scene.until(lambda: scene.supervisor.status.state is FAILED)
        await scene.until(lambda: scene.supervisor.status.state is READY)
    await scene.ask("text=a")
    await scene.refused("exit=1")
    await scene.until(lambda: scene.supervisor.status.state is FAILED)
    delays = [
        status.message.rpartition("restarting in ")[2]
        for status in scene.told
        if status.state is FAILED
    ]
    assert delays == ["0.01 s", "0.02 s", "0.04 s", "0.01 s"]


async def test_no_restart_waits_longer_than_a_minute() -> None:
    supervisor = Supervisor(lambda status: None)
    delays = [supervisor._next_delay() for _ in range(8)]
    assert delays == [1, 2, 4, 8, 16, 32, 60, 60]


async def test_while_it_waits_for_a_restart_the_reason_says_so(tmp_path: Path) -> None:
    scene = Scene(first_delay=600)
    scene.start()
    await scene.reach(LOADING, READY)
    await scene.refused("exit=1")
    await scene.reach(LOADING, READY, FAILED)
    assert await scene.refused() is Reason.ENGINE_FAILED
    await scene.supervisor.close()
    assert scene.states[-1] is STOPPED


async def test_loading_that_crashes_is_tried_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCRIPTED_LOAD", "exit")
    scene.start()
    await scene.reach(LOADING, FAILED, LOADING, FAILED)
    monkeypatch.delenv("SCRIPTED_LOAD")
    await scene.until(lambda: scene.supervisor.status.state is READY)


async def test_a_command_that_cannot_be_started_is_a_failure() -> None:
    told: list[ModelStatus] = []
    supervisor = Supervisor(told.append, ["no-such-program"], first_delay=600)
    supervisor.start(Load("scripted", "auto", "auto"))
    while supervisor.status.state is not FAILED:
        await asyncio.sleep(0.005)
    assert "cannot be started" in told[-1].message
    await supervisor.close()


@pytest.mark.parametrize("name", ["UnknownModelError", "UsageError", "DamagedModelError"])
async def test_a_model_that_cannot_be_had_is_not_tried_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("SCRIPTED_LOAD", name)
    scene.start()
    assert (await scene.reach(LOADING, MISSING)).message == "as the script says"
    assert await scene.refused() is Reason.MODEL_MISSING
    assert scene.supervisor._task is not None
    await scene.supervisor._task  # nothing goes on in the background
    monkeypatch.delenv("SCRIPTED_LOAD")
    scene.start()  # tries again, because it was asked to
    await scene.reach(LOADING, MISSING, LOADING, READY)


async def test_a_missing_model_is_fetched_and_loaded(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SCRIPTED_FETCHED", str(tmp_path / "fetched"))
    scene.start()
    assert "not on this machine" in (await scene.reach(LOADING, MISSING)).message
    scene.supervisor.fetch(["mirror"])
    assert await scene.refused() is Reason.MODEL_FETCHING
    await scene.reach(LOADING, MISSING, FETCHING, LOADING, READY)
    fetching = [status for status in scene.told if status.state is FETCHING]
    assert ("scripted (mirror)", 0, PULL_TOTAL) in [status.progress for status in fetching]
    last = ("scripted (mirror)", PULL_TOTAL, PULL_TOTAL)
    assert fetching[-1] == ModelStatus(FETCHING, "half of it is here", last)
    assert await scene.ask("text=a") == "a"


async def missing(scene: Scene, model: str) -> None:
    """Let `model` be missing, and nothing go on in the background."""
    scene.start(model)
    await scene.reach(LOADING, MISSING)
    assert scene.supervisor._task is not None
    await scene.supervisor._task


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The file without which loading raises NotFetchedError; the cache is empty."""
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("SCRIPTED_FETCHED", str(tmp_path / "fetched"))
    return tmp_path / "fetched"


async def test_a_missing_model_that_has_come_is_loaded_at_the_next_request(
    scene: Scene, fetched: Path
) -> None:
    await missing(scene, DEFAULT_MODEL)
    scene.now = 60.0
    assert await scene.refused() is Reason.MODEL_MISSING  # it has not come
    installed_folder(DEFAULT_MODEL).mkdir(parents=True)
    fetched.touch()
    scene.now = 61.9
    assert await scene.refused() is Reason.MODEL_MISSING  # too soon to look again
    assert scene.states == [LOADING, MISSING]
    scene.now = 62.0
    assert await scene.refused() is Reason.MODEL_LOADING
    await scene.reach(LOADING, MISSING, LOADING, READY)
    assert await scene.ask("text=a") == "a"


async def test_a_model_that_is_there_but_damaged_is_loaded_again_only_when_it_changes(
    scene: Scene, fetched: Path
) -> None:
    folder = installed_folder(DEFAULT_MODEL)
    folder.mkdir(parents=True)
    await missing(scene, DEFAULT_MODEL)
    scene.now = 60.0
    assert await scene.refused() is Reason.MODEL_MISSING
    os.utime(folder, ns=(0, 0))
    fetched.touch()
    scene.now = 120.0
    assert await scene.refused() is Reason.MODEL_LOADING
    await scene.reach(LOADING, MISSING, LOADING, READY)


async def test_a_missing_model_that_is_not_ours_is_tried_now_and_then_without_a_word(
    scene: Scene, fetched: Path
) -> None:
    await missing(scene, "owner/model")
    task = scene.supervisor._task
    scene.now = 29.9
    assert await scene.refused() is Reason.MODEL_MISSING
    assert scene.supervisor._task is task
    scene.now = 30.0
    assert await scene.refused() is Reason.MODEL_MISSING
    assert scene.supervisor._task is not task
    trying = scene.supervisor._task
    scene.now = 90.0
    assert await scene.refused() is Reason.MODEL_MISSING
    assert scene.supervisor._task is trying  # one at a time
    assert trying is not None
    await trying
    assert scene.states == [LOADING, MISSING]
    fetched.touch()
    scene.now = 150.0
    await scene.refused()
    await scene.reach(LOADING, MISSING, READY)


@pytest.mark.parametrize("name", ["UnknownModelError", "UsageError"])
async def test_what_no_fetch_mends_is_not_tried_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("SCRIPTED_LOAD", name)
    await missing(scene, "owner/model")
    task = scene.supervisor._task
    scene.now = 90.0
    assert await scene.refused() is Reason.MODEL_MISSING
    assert scene.supervisor._task is task


@pytest.mark.parametrize("name", ["FetchError", "OSError", "exit"])
async def test_a_fetch_that_fails_says_why(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setenv("SCRIPTED_FETCHED", str(tmp_path / "fetched"))
    monkeypatch.setenv("SCRIPTED_PULL", name)
    scene.start()
    await scene.reach(LOADING, MISSING)
    scene.supervisor.fetch(["hub"])
    status = await scene.reach(LOADING, MISSING, FETCHING, MISSING)
    assert ("137" if name == "exit" else "as the script says") in status.message


async def test_a_cancelled_fetch_ends_its_process(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SCRIPTED_FETCHED", str(tmp_path / "fetched"))
    monkeypatch.setenv("SCRIPTED_PULL_WAIT_FOR", str(tmp_path / "never"))
    scene.start()
    await scene.reach(LOADING, MISSING)
    scene.supervisor.fetch(["hub"])
    await scene.until(lambda: scene.told[-1].message == "half of it is here")
    scene.supervisor.cancel_fetch()
    scene.supervisor._report(Progress(1, "on its way when the fetch was cancelled", 1, 2))
    assert scene.supervisor.status.state is MISSING
    await scene.supervisor.close()
    assert [child for child in psutil.Process().children() if COMMAND[-1] in child.cmdline()] == []
    assert scene.states == [LOADING, MISSING, FETCHING, MISSING, STOPPED]


async def test_there_must_be_a_model_to_fetch(scene: Scene) -> None:
    with pytest.raises(UsageError):
        scene.supervisor.fetch(["hub"])


async def test_closing_ends_the_process_whatever_it_does(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SCRIPTED_LOAD_TOUCH", str(tmp_path / "loading"))
    monkeypatch.setenv("SCRIPTED_LOAD_WAIT_FOR", str(tmp_path / "never"))
    scene = Scene()
    scene.start()
    await exists(tmp_path / "loading")
    (process,) = [child for child in psutil.Process().children() if COMMAND[-1] in child.cmdline()]
    await scene.supervisor.close()
    assert not process.is_running()
    assert scene.states == [LOADING, STOPPED]


async def test_closing_ends_a_request_under_way(tmp_path: Path) -> None:
    scene = Scene()
    scene.start()
    await scene.reach(LOADING, READY)
    begun = tmp_path / "begun"
    asked = asyncio.create_task(scene.refused(f"touch={begun} wait_for={tmp_path}/never"))
    await exists(begun)
    await scene.supervisor.close()
    assert await asked is Reason.MODEL_LOADING
