"""Workers with a scripted model, and what to ask them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from codegen_lsp.text import Snapshot
from codegen_lsp.worker.client import WorkerProcess
from codegen_lsp.worker.messages import Load
from tests.worker.scripted_worker import COMMAND


def scripted(directive: str) -> tuple[Snapshot, int]:
    """A snapshot that makes a scripted worker follow `directive`, and the offset of its end."""
    text = f"# scripted: {directive}\n"
    return Snapshot("file:///a.py", 1, "python", text), len(text)


async def exists(file: Path) -> None:
    """Wait until `file` exists: what makes it has begun."""
    while not file.exists():
        await asyncio.sleep(0.005)


@pytest.fixture
async def worker() -> AsyncIterator[WorkerProcess]:
    """A scripted worker that has loaded its model."""
    process = await WorkerProcess.start(COMMAND)
    try:
        await process.load(Load("scripted", "auto", "auto"))
        yield process
    finally:
        process.kill()
        await process.wait()
