"""One worker process, with a scripted model and once with the real one."""

import asyncio
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import psutil
import pytest

from codegen_lsp.completion.options import CompletionOptions
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.errors import (
    EngineError,
    FetchError,
    NotFetchedError,
    UnknownModelError,
    UsageError,
    WorkerDiedError,
)
from codegen_lsp.models.catalogue import DEFAULT_MODEL
from codegen_lsp.text import Snapshot
from codegen_lsp.worker.client import DEFAULT_COMMAND, WorkerProcess
from codegen_lsp.worker.messages import Load, Progress, Remark
from tests.worker.conftest import exists, scripted
from tests.worker.scripted_worker import COMMAND, PULL_TOTAL

OPTIONS = CompletionOptions()


async def complete(worker: WorkerProcess, directive: str) -> str:
    """Text of the only suggestion that `directive` leads to."""
    (suggestion,) = await worker.complete(*scripted(directive), OPTIONS)
    return suggestion.text


async def log(worker: WorkerProcess) -> list[Any]:
    """What the worker has carried out: [text, steps, finish] each."""
    entries: list[Any] = json.loads(await complete(worker, "report=log"))
    return entries


async def test_suggestions_come_back(worker: WorkerProcess) -> None:
    options = CompletionOptions("always", 7, 2, 0.5)
    directive = r'text="return \"é\"\n" text=second text=third replaces=2'
    suggestions = await worker.complete(*scripted(directive), options)
    assert [each.text for each in suggestions] == ['return "é"\n', "second"]
    assert [each.replaces for each in suggestions] == [2, 2]
    assert suggestions[0].reason is None
    asked = json.loads((await worker.complete(*scripted("report=request"), options))[0].text)
    assert asked["options"] == json.loads(json.dumps(asdict(options)))
    assert (asked["uri"], asked["version"], asked["language"]) == ("file:///a.py", 1, "python")
    assert asked["pid"] == worker.pid


async def test_silence_keeps_its_reason(worker: WorkerProcess) -> None:
    (suggestion,) = await worker.complete(*scripted("reason=leaves_block"), OPTIONS)
    assert (suggestion.text, suggestion.reason) == ("", Reason.LEAVES_BLOCK)


async def test_what_prints_does_not_disturb(worker: WorkerProcess) -> None:
    assert await complete(worker, "print=noise text=fine") == "fine"


async def test_cancelling_stops_the_engine(worker: WorkerProcess, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    hanging = asyncio.create_task(
        complete(worker, f"touch={begun} wait_for={tmp_path}/never text=a")
    )
    await exists(begun)
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging
    assert await complete(worker, "text=b") == "b"
    assert [(text, finish) for text, _, finish in await log(worker)] == [
        ("a", "cancelled"),
        ("b", "stop"),
    ]


async def test_the_newest_goes_first_and_cancelled_ones_are_dropped(
    worker: WorkerProcess, tmp_path: Path
) -> None:
    begun = tmp_path / "begun"
    busy = asyncio.create_task(complete(worker, f"touch={begun} wait_for={tmp_path}/never text=0"))
    await exists(begun)
    waiting = [asyncio.create_task(complete(worker, f"text={name}")) for name in "abcd"]
    await asyncio.sleep(0)  # all are sent
    waiting[1].cancel()
    await asyncio.wait([waiting[1]])
    busy.cancel()  # the worker reads this last, and goes on only then
    await asyncio.wait([busy, *waiting])
    assert [text for text, *_ in await log(worker)] == ["0", "d", "c", "a"]


async def test_a_large_document_goes_through_while_the_loop_runs(worker: WorkerProcess) -> None:
    text = "# scripted: report=request\n" + "é = 'x' * 10\n" * 400_000
    snapshot = Snapshot("file:///big.py", 3, "python", text)
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    counting = asyncio.create_task(count())
    (suggestion,) = await worker.complete(snapshot, 27, OPTIONS)
    counting.cancel()
    assert json.loads(suggestion.text)["characters"] == len(text)
    assert turns > 10


@pytest.mark.parametrize("name", ["RuntimeError", "MemoryError", "ValueError", "SystemExit"])
async def test_an_engine_that_raises_is_given_up(worker: WorkerProcess, name: str) -> None:
    with pytest.raises(EngineError, match=name):
        await complete(worker, f"raise={name}")
    assert (await worker.wait()).startswith(f"failed: {name}")
    with pytest.raises(WorkerDiedError, match=name):
        await complete(worker, "text=a")


@pytest.mark.parametrize("name", ["ValueError", "RuntimeError", "SystemExit"])
async def test_the_log_of_a_failure_quotes_no_document(tmp_path: Path, name: str) -> None:
    with (tmp_path / "log").open("w+") as stderr:
        worker = await WorkerProcess.start(COMMAND, stderr)
        await worker.load(Load("scripted", "auto", "auto"))
        with pytest.raises(EngineError) as caught:
            await complete(worker, f"raise={name} text=secret")
        await worker.wait()
        stderr.seek(0)
        written = stderr.read()
    assert f"Complete raised {name}\n" in written
    assert "in _fail" in written
    assert "as the script says" not in written + str(caught.value)


async def test_an_expected_error_leaves_the_worker_alive(worker: WorkerProcess) -> None:
    with pytest.raises(UsageError, match="as the script says"):
        await complete(worker, "raise=UsageError")
    assert await complete(worker, "text=a") == "a"


async def test_all_calls_fail_when_the_process_crashes(
    worker: WorkerProcess, tmp_path: Path
) -> None:
    begun, go = tmp_path / "begun", tmp_path / "go"
    crashing = asyncio.create_task(complete(worker, f"touch={begun} wait_for={go} exit=137"))
    await exists(begun)
    waiting = asyncio.create_task(complete(worker, "text=a"))
    go.touch()
    for task in (crashing, waiting):
        with pytest.raises(WorkerDiedError, match="exit status 137"):
            await task
    assert await worker.wait() == "ended with exit status 137"


async def test_killing_is_told_apart(worker: WorkerProcess) -> None:
    psutil.Process(worker.pid).kill()
    assert await worker.wait() == "was killed by SIGKILL (out of memory?)"
    worker.kill()  # does no harm


async def test_memory_is_not_blamed_for_what_we_kill(worker: WorkerProcess) -> None:
    worker.kill()
    assert await worker.wait() == "was ended"


async def test_a_process_that_closes_its_output_and_stays_is_ended() -> None:
    program = "import os, time; os.close(1); time.sleep(600)"
    worker = await WorkerProcess.start([sys.executable, "-c", program])
    assert await worker.wait() == "was ended"
    assert not psutil.pid_exists(worker.pid)


async def test_kill_while_loading(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SCRIPTED_LOAD_TOUCH", str(tmp_path / "loading"))
    monkeypatch.setenv("SCRIPTED_LOAD_WAIT_FOR", str(tmp_path / "never"))
    worker = await WorkerProcess.start(COMMAND)
    loading = asyncio.create_task(worker.load(Load("scripted", "auto", "auto")))
    await exists(tmp_path / "loading")
    worker.kill()
    await worker.wait()
    assert not psutil.pid_exists(worker.pid)
    with pytest.raises(WorkerDiedError):
        await loading


@pytest.mark.parametrize("error", [NotFetchedError, UnknownModelError, EngineError])
async def test_loading_fails_as_it_says(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    name = "OSError" if error is EngineError else error.__name__
    monkeypatch.setenv("SCRIPTED_LOAD", name)
    worker = await WorkerProcess.start(COMMAND)
    with pytest.raises(error, match="as the script says"):
        await worker.load(Load("scripted", "auto", "auto"))
    worker.kill()
    await worker.wait()


async def test_completing_without_a_model_is_refused() -> None:
    worker = await WorkerProcess.start(COMMAND)
    with pytest.raises(UsageError):
        await complete(worker, "text=a")
    worker.kill()
    await worker.wait()


async def test_progress_of_a_pull_is_told(
    worker: WorkerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports: list[Progress | Remark] = []
    await worker.pull("tiny", ["hub", "mirror"], reports.append)
    told = [report for report in reports if isinstance(report, Progress)]
    assert {(report.title, report.total) for report in told} == {("tiny (hub,mirror)", PULL_TOTAL)}
    assert (told[0].done, told[-1].done) == (0, PULL_TOTAL)
    assert [report.text for report in reports if isinstance(report, Remark)] == [
        "half of it is here"
    ]


async def test_a_failed_pull_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRIPTED_PULL", "FetchError")
    worker = await WorkerProcess.start(COMMAND)
    with pytest.raises(FetchError):
        await worker.pull("tiny", ["hub"], lambda report: None)
    worker.kill()
    await worker.wait()


async def test_a_command_that_is_not_there() -> None:
    with pytest.raises(WorkerDiedError, match="cannot be started"):
        await WorkerProcess.start(["no-such-program"])


async def test_a_command_that_is_no_worker() -> None:
    worker = await WorkerProcess.start([sys.executable, "-c", "raise SystemExit(3)"])
    with pytest.raises(WorkerDiedError, match="exit status 3"):
        await worker.load(Load("scripted", "auto", "auto"))


@pytest.mark.model
async def test_the_real_model_completes_and_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    root = str(Path(__file__).parents[2])
    monkeypatch.setenv("PYTHONPATH", root)  # where the package is not installed
    worker = await WorkerProcess.start(DEFAULT_COMMAND)
    try:
        await worker.load(Load(DEFAULT_MODEL, "auto", "auto"))
        text = 'def is_even(number: int) -> bool:\n    """Whether number is even."""\n    return '
        snapshot = Snapshot("file:///even.py", 0, "python", text)
        (suggestion,) = await worker.complete(snapshot, len(text), OPTIONS)
        assert "number % 2 == 0" in suggestion.text
        hanging = asyncio.create_task(worker.complete(snapshot, 0, CompletionOptions("always")))
        await asyncio.sleep(0)  # it is sent; an answer cannot have been read yet
        hanging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hanging
        (again,) = await worker.complete(snapshot, len(text), OPTIONS)
        assert again.text == suggestion.text
    finally:
        worker.kill()
        await worker.wait()
