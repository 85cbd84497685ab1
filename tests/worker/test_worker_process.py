"""The child's side as its parent's pipes see it: how it ends, what it loads."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil
import pytest

from codegen_lsp.completion.options import CompletionOptions
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.completion.suggestion import silence
from codegen_lsp.errors import UsageError
from codegen_lsp.models import fetch
from codegen_lsp.text import Snapshot
from codegen_lsp.worker.messages import (
    HEADER_BYTES,
    Complete,
    Done,
    Job,
    Load,
    Message,
    Prepare,
    Pull,
    Remark,
    decode,
    encode,
    payload_size,
)
from codegen_lsp.worker.process import pull_model
from codegen_lsp.worker.reporter import Reporter
from tests.test_imports import modules_after
from tests.worker.scripted_worker import COMMAND

LOAD = Job(1, Load("scripted", "auto", "auto"))


def receive(process: subprocess.Popen[bytes]) -> Message:
    assert process.stdout is not None
    size = payload_size(process.stdout.read(HEADER_BYTES))
    return decode(process.stdout.read(size))


def send(process: subprocess.Popen[bytes], data: bytes) -> None:
    assert process.stdin is not None
    process.stdin.write(data)
    process.stdin.flush()


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        send(process, encode(LOAD))
        assert receive(process) == Done(1, "")
        yield process
        process.kill()


def hang(process: subprocess.Popen[bytes], tmp_path: Path) -> None:
    """Let the worker generate for ever; returns once it does."""
    begun = tmp_path / "begun"
    text = f"# scripted: touch={begun} wait_for={tmp_path}/never"
    snapshot = Snapshot("file:///a.py", 0, "python", text)
    send(process, encode(Job(2, Complete(snapshot, 0, CompletionOptions()))))
    while not begun.exists():
        time.sleep(0.005)


def test_it_ends_with_its_standard_input(child: subprocess.Popen[bytes]) -> None:
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(30) == 0


def test_it_ends_while_it_generates(child: subprocess.Popen[bytes], tmp_path: Path) -> None:
    hang(child, tmp_path)
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(30) == 0


def test_it_ends_in_the_middle_of_a_frame(child: subprocess.Popen[bytes]) -> None:
    send(child, encode(LOAD)[:-3])
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(30) == 0


def test_a_denied_document_is_neither_completed_nor_read_ahead(
    child: subprocess.Popen[bytes],
) -> None:
    denied = Snapshot("file:///shop/.env", 0, "plaintext", "# scripted: text=abc")
    send(child, encode(Job(2, Complete(denied, 3, CompletionOptions()))))
    answer = receive(child)
    assert isinstance(answer, Done)
    assert answer.result == [silence(3, Reason.DENIED_FILE)]
    report = Snapshot("file:///shop/a.py", 0, "python", "# scripted: report=prepared")
    for id_, snapshot in enumerate((denied, report), start=3):
        send(child, encode(Job(id_, Prepare(snapshot, 0))))
        assert receive(child) == Done(id_, None)
    send(child, encode(Job(5, Complete(report, 0, CompletionOptions()))))
    answer = receive(child)
    assert isinstance(answer, Done)
    assert json.loads(answer.result[0].text) == [[report.uri, 0]]


PARENT = """
import asyncio, os, signal, sys
from codegen_lsp.worker.client import WorkerProcess
from codegen_lsp.worker.messages import Load

async def main():
    worker = await WorkerProcess.start(sys.argv[1:])
    loading = asyncio.create_task(worker.load(Load("scripted", "auto", "auto")))
    await asyncio.sleep(0)
    print(worker.pid, flush=True)
    await loading

asyncio.run(main())
"""


def test_a_killed_parent_leaves_no_orphan_even_while_loading(tmp_path: Path) -> None:
    environment = os.environ | {
        "SCRIPTED_LOAD_WAIT_FOR": str(tmp_path / "never"),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, *COMMAND], stdout=subprocess.PIPE, env=environment
    ) as parent:
        assert parent.stdout is not None
        worker = psutil.Process(int(parent.stdout.readline()))
        parent.send_signal(signal.SIGKILL)
    psutil.wait_procs([worker], timeout=30)
    assert not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE


def test_what_the_worker_has_started_ends_with_it(tmp_path: Path) -> None:
    """As pip does that fetches, when the server is gone."""
    program = f"""
import subprocess, sys, time
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from codegen_lsp.worker.process import run, take_standard_streams

def pull(task, progress):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    progress.say(str(child.pid))
    child.wait()

run(*take_standard_streams(), pull=pull)
"""
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        send(process, encode(Job(1, Pull("tiny", ("mirror",)))))
        remark = receive(process)
        assert isinstance(remark, Remark)
        grandchild = psutil.Process(int(remark.text))
        assert process.stdin is not None
        process.stdin.close()
        process.wait(30)
    psutil.wait_procs([grandchild], timeout=30)
    assert not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("module", ["supervisor", "client", "process", "__main__"])
def test_nothing_heavy_is_loaded_before_a_job_needs_it(module: str) -> None:
    heavy = {"torch", "transformers", "tokenizers", "huggingface_hub", "tree_sitter", "numpy"}
    loaded = modules_after(f"import codegen_lsp.worker.{module}")
    assert "codegen_lsp" in loaded
    assert not heavy & loaded


def test_sources_are_read_as_the_command_reads_them(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Sequence[str]] = []
    monkeypatch.setattr(fetch, "pull", lambda name, sources, progress: asked.append(sources))
    progress = Reporter(1, lambda message: None)
    pull_model(Pull("qwen2.5-coder-0.5b", ["mirror", " hub"]), progress)
    assert asked == [("mirror", "hub")]
    with pytest.raises(UsageError, match="no source 'ftp'"):
        pull_model(Pull("qwen2.5-coder-0.5b", ["ftp"]), progress)
