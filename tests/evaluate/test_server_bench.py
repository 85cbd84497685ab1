"""The server benchmark on servers that know one suggestion, or have one fault."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from codegen_lsp.cli import main
from codegen_lsp.errors import CodegenError, ModelUnavailableError
from codegen_lsp.evaluate import server_bench
from codegen_lsp.evaluate.bench_code import function_heads, holes, source
from codegen_lsp.evaluate.buffer import Buffer
from codegen_lsp.evaluate.lsp_client import LspClient
from codegen_lsp.evaluate.server_bench import (
    DOCUMENTS,
    explain_while_generating,
    measure,
    type_along,
    type_everywhere,
    wait_until_ready,
    worker_of,
)
from codegen_lsp.evaluate.server_figures import (
    Latencies,
    ServerReport,
    growth_percent,
    latencies,
    percentile,
)

Start = Callable[[str], LspClient]
SERVER = [sys.executable, str(Path(__file__).with_name("suggesting_server.py"))]


@pytest.fixture
def start() -> Iterator[Start]:
    """`start(fault)` starts a server and shakes hands."""
    clients = []

    def start(fault: str = "none") -> LspClient:
        client = LspClient([*SERVER, fault])
        clients.append(client)
        client.initialize()
        return client

    yield start
    for client in clients:
        client.kill()


@pytest.fixture
def in_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"_STARTS": 1, "_IDLE_S": 0.01, "_PAUSE_S": 0.0, "EXPLAINED": 4}.items():
        monkeypatch.setattr(server_bench, name, value)


@pytest.mark.parametrize(
    ("percent", "value"), [(0, 1), (1, 1), (50, 50), (50.5, 51), (95, 95), (99.9, 100), (100, 100)]
)
def test_a_percentile_is_one_of_the_values(percent: float, value: float) -> None:
    assert percentile([float(number) for number in range(100, 0, -1)], percent) == value
    assert percentile([7.0], percent) == 7.0


def test_latencies_are_told_in_milliseconds() -> None:
    assert latencies([0.003, 0.001, 0.002]) == Latencies(count=3, p50_ms=2.0, p95_ms=3.0)


def test_growth_is_relative_to_the_start() -> None:
    assert growth_percent(200, 210) == pytest.approx(5)
    assert growth_percent(200, 190) == pytest.approx(-5)


def test_holes_lack_the_second_half_of_a_line() -> None:
    text = "x = 1\n    first = second + third_of_them\n# and a comment that is long\n"
    assert list(holes(text)) == [("x = 1\n    first = second ", "\n# and a comment that is long\n")]


def test_function_heads_end_where_the_body_begins() -> None:
    text = "def f():\n    pass\nclass C:\n    def g(self):\n        pass\n"
    body = " " * 4
    assert list(function_heads(text)) == [
        "def f():\n" + body,
        text[: text.index("        pass")] + 2 * body,
    ]


def test_the_code_to_complete_is_enough_for_every_document() -> None:
    assert source(150, 300).count("\n") == 300
    assert source(50 * (DOCUMENTS - 1), 40).count("\n") == 40
    assert len(list(holes(source(150, 300)))) > 40
    assert list(function_heads(source(150, 300)))


def test_a_buffer_tells_the_server_where_it_is_typed_into(start: Start) -> None:
    client = start("none")
    sent: list[object] = []
    client.change = lambda *change: sent.append(change)  # type: ignore[method-assign]
    buffer = Buffer(client, "file:///b.py", "a\né😀", ")\n")
    buffer.type("x\n")
    buffer.type("y")
    places = [{"line": 1, "character": 3}, {"line": 2, "character": 0}]
    assert sent == [
        ("file:///b.py", version, {"start": place, "end": place}, text)
        for version, place, text in zip((2, 3), places, ("x\n", "y"), strict=True)
    ]
    assert buffer.text == "a\né😀x\ny)\n"
    assert buffer.cursor == {"line": 2, "character": 1}


def test_typing_along_counts_what_the_server_kept(start: Start) -> None:
    client = start("none")
    figures, kept = type_along(client, samples=20)
    assert figures.count == 30  # two suggestions of 16 characters, the last of each not asked for
    assert kept == 100
    assert client.answers.total() == 1 + 2 + 2 * 30  # each key's answer is asked about


@pytest.mark.parametrize("fault", ["forgetful", "slow"])
def test_what_the_model_had_to_say_again_was_not_kept(start: Start, fault: str) -> None:
    assert type_along(start(fault), samples=1)[1] == 0


def test_a_server_that_suggests_nothing_cannot_be_typed_along(start: Start) -> None:
    with pytest.raises(CodegenError, match="only 0 characters"):
        type_along(start("mute"), samples=1)


def test_questions_are_timed_also_when_they_are_refused(start: Start, in_haste: None) -> None:
    client = start("none")
    figures, generations = explain_while_generating(client, samples=6)
    assert figures.count == 6
    assert client.answers.total() == 1 + 6 + generations
    assert not client.unanswered()


def test_every_key_is_a_request(start: Start) -> None:
    client = start("none")
    growth = type_everywhere(client, [psutil.Process(client.pid)], 50)
    assert len(growth) == 1
    assert client.answers.total() == 1 + 50
    assert not client.unanswered()


def test_no_model_and_no_worker_are_errors(start: Start) -> None:
    with pytest.raises(ModelUnavailableError, match="not fetched"):
        wait_until_ready(start("bare"))
    with pytest.raises(CodegenError, match="started no"):
        worker_of(psutil.Process(start("alone").pid))


@pytest.fixture
def scripted(in_haste: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command measures the scripted server."""

    def measure_scripted(
        command: list[str], keystrokes: int, say: Callable[[str], object]
    ) -> object:
        assert command[1:] == ["-P", "-m", "codegen_lsp", "lsp"]
        return measure(SERVER, keystrokes, say)

    monkeypatch.setattr(server_bench, "measure", measure_scripted)


@pytest.mark.usefixtures("scripted")
def test_the_report_of_a_server_without_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "server", "--json", "--keystrokes", "40"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert set(report) == set(ServerReport.__dataclass_fields__)
    assert (report["unanswered"], report["answered_twice"], report["exit_status"]) == (0, 0, 0)
    assert report["keystrokes"] == 40
    assert report["typed_along"]["count"] >= 200
    assert report["explain_while_generating"]["count"] == 4
    assert report["server"]["rss_mb"] > report["worker"]["rss_mb"] / 2 > 1
    assert report["initialize_ms"] > 0


@pytest.mark.usefixtures("scripted")
def test_the_table_of_the_server_ends_with_a_line_of_json(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["bench", "server", "--keystrokes", "20"]) == 0
    printed = capsys.readouterr()
    *table, last = printed.out.splitlines()
    assert json.loads(last)["keystrokes"] == 20
    text = "\n".join(table)
    for words in ("typed along, p95", "explain while generating, p95", "requests unanswered"):
        assert words in text
    assert "typing along ..." in printed.err
