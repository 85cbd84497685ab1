"""What a client sees of an index that is being built."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from codegen_lsp.server import index_events
from codegen_lsp.server.client import read_client
from codegen_lsp.server.index_events import IndexEvents
from codegen_lsp.worker.messages import Indexing

SHOWS = {"capabilities": {"window": {"workDoneProgress": True}}}
STORE = Path("/store")
BEGUN = Indexing(STORE, 0, 0, is_over=False)
HALF = Indexing(STORE, 50, 100, is_over=False)
OVER = Indexing(STORE, 100, 100, is_over=True)


@dataclass
class Bar:
    """Stands for a server's progress bars; `said` is all that a client was told."""

    said: list[tuple[str, Any]] = field(default_factory=list)
    refuses: bool = False

    async def create_async(self, _token: str) -> None:
        if self.refuses:
            raise JsonRpcException("no")

    def begin(self, _token: str, value: Any) -> None:
        self.said.append(("begin", value.title))

    def report(self, _token: str, value: Any) -> None:
        self.said.append(("report", value.percentage))

    def end(self, _token: str, _value: Any) -> None:
        self.said.append(("end", None))


@dataclass
class Server:
    work_done_progress: Bar


def events(bar: Bar, params: Any = SHOWS) -> IndexEvents:
    return IndexEvents(cast("LanguageServer", Server(bar)), read_client(params))


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_events, "_QUIET_S", 0)
    monkeypatch.setattr(index_events, "_REPORT_S", 0)


@pytest.mark.usefixtures("at_once")
async def test_a_long_build_is_shown_until_it_is_over() -> None:
    bar = Bar()
    told = events(bar)
    told.on_indexing(BEGUN)
    await settle()
    told.on_indexing(HALF)
    await settle()
    told.on_indexing(OVER)
    await settle()
    kinds = [kind for kind, _ in bar.said]
    assert kinds == ["begin", *["report"] * (len(kinds) - 2), "end"]
    assert {value for kind, value in bar.said if kind == "report"} == {None, 50}
    assert told.latest == {STORE: OVER}


@pytest.mark.usefixtures("at_once")
async def test_what_is_over_before_anyone_looks_is_not_shown() -> None:
    bar = Bar()
    told = events(bar)
    told.on_indexing(BEGUN)
    told.on_indexing(OVER)
    await settle()
    assert bar.said == []
    told.on_indexing(HALF)  # the next one may be longer
    await settle()
    assert bar.said[0][0] == "begin"
    told.close()


@pytest.mark.usefixtures("at_once")
async def test_a_client_without_bars_is_told_nothing() -> None:
    for bar, params in ((Bar(), {}), (Bar(refuses=True), SHOWS)):
        told = events(bar, params)
        told.on_indexing(HALF)
        await settle()
        assert bar.said == []
        assert told.latest == {STORE: HALF}
        told.close()
