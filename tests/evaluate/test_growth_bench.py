"""The growth benchmark on the real server with a scripted model, which suggests "scripted"."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from codegen_lsp.cli import bench_growth, main
from codegen_lsp.engine.sequences import DEFAULT_CACHE_BYTES
from codegen_lsp.errors import CodegenError
from codegen_lsp.evaluate import growth_bench
from codegen_lsp.evaluate.buffer import Buffer
from codegen_lsp.evaluate.growth_bench import (
    OPTIONS,
    jump_about,
    measure,
    requests,
    type_in_turns,
)
from codegen_lsp.evaluate.growth_code import FEWEST_LINES, around_cursor, unforeseen_keys
from codegen_lsp.evaluate.growth_report import Answered, report
from codegen_lsp.evaluate.lsp_client import LspClient
from codegen_lsp.evaluate.server_bench import wait_until_ready

SERVER = [sys.executable, str(Path(__file__).parents[1] / "e2e" / "scripted_server.py")]


class Worker:
    """A process that has so much memory, in MB, each time it is looked at."""

    def __init__(self, *megabytes: float) -> None:
        self._megabytes = iter(megabytes)

    def memory_info(self) -> SimpleNamespace:
        return SimpleNamespace(rss=next(self._megabytes) * 1e6)


@pytest.fixture
def client() -> Iterator[LspClient]:
    with LspClient([*SERVER, *OPTIONS]) as started:
        started.initialize()
        wait_until_ready(started)
        yield started


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """`measured(*megabytes)` is the report of three jumps of a worker that has so much memory."""

    def run(*megabytes: float, options: tuple[str, ...] = ()) -> Any:
        monkeypatch.setattr(growth_bench, "worker_of", lambda server: Worker(*megabytes))
        return measure([*SERVER, *options], [50, 200], 3, 3, lambda: None).as_json()

    return run


@pytest.mark.parametrize("lines", [FEWEST_LINES, 41, 50, 179, 180, 181, 200, 1000])
def test_a_file_is_python_of_the_length_that_was_asked_for(lines: int) -> None:
    before, after = around_cursor(lines, 0)
    assert (before + after).count("\n") == lines
    assert before.endswith('"""\n    ')
    assert after.startswith("\n    ")
    compile(before + "pass" + after, "made", "exec")


@pytest.mark.parametrize("lines", [180, 200, 1000])
def test_the_cursor_is_near_the_end_of_a_longer_file(lines: int) -> None:
    assert 50 <= around_cursor(lines, 0)[1].count("\n") <= 70


def test_files_of_all_lengths_are_alike_but_for_their_numbers() -> None:
    (short, below), (long, also_below) = around_cursor(200, 0), around_cursor(2000, 1)
    near = short[short.index("\n\n\n") :]  # without the lines that fill up the file
    far = long[-len(near) :]
    assert (near, below) != (far, also_below)
    assert re.sub(r"\d{6}", "", near) == re.sub(r"\d{6}", "", far)
    assert re.sub(r"\d{6}", "", below) == re.sub(r"\d{6}", "", also_below)
    assert not set(re.findall(r"\d{6}", short + below)) & set(re.findall(r"\d{6}", long))


def test_no_function_comes_twice() -> None:
    heads = re.findall(r"^(?:def|class) (\w+)", around_cursor(2000, 0)[0], re.MULTILINE)
    assert len(heads) == len(set(heads)) > 150


def test_the_keys_are_always_the_same_and_no_name_comes_twice() -> None:
    keys = list(islice(unforeseen_keys(), 3000))
    assert keys == list(islice(unforeseen_keys(), 3000))
    assert {len(key) for key in keys if not key.startswith("\n")} == {1}
    assert {key for key in keys if key.startswith("\n")} == {"\n    "}
    names = re.findall(r"\w+", "".join(keys))
    assert len(names) == len(set(names)) > 200


def test_files_take_turns_in_being_the_first(client: LspClient) -> None:
    buffers = [Buffer(client, f"file:///{name}.py", "x = ") for name in "ab"]
    asked: list[str] = []
    ask = client.inline_completion
    client.inline_completion = lambda uri, *place, **how: (  # type: ignore[method-assign]
        asked.append(uri[-4]) or ask(uri, *place, **how)  # type: ignore[func-returns-value]
    )
    advanced: list[None] = []
    answers = type_in_turns(client, buffers, 3, lambda: advanced.append(None))
    assert "".join(asked) == "abbaabba"
    assert [len(each) for each in answers] == [4, 4]
    assert len(advanced) == 8
    typed = "".join(islice(unforeseen_keys(), 3))
    assert [buffer.text for buffer in buffers] == ["x = " + typed] * 2


def test_what_is_typed_along_is_told_from_what_the_model_answers(client: LspClient) -> None:
    foreseen = json.dumps("".join(islice(unforeseen_keys(), 3)))
    buffer = Buffer(client, "file:///foreseen.py", f"# scripted: text={foreseen}\n")
    (answers,) = type_in_turns(client, [buffer], 4, lambda: None)
    assert [each.source for each in answers] == ["model", "cache", "cache", "model", "model"]
    assert all(each.reason is None for each in answers)
    first = answers[0]
    assert first.prefilled == 6
    assert sum(first.parts_ms.values()) == pytest.approx(first.ms)


def test_jumps_are_far_from_each_other_and_the_most_memory_is_kept(client: LspClient) -> None:
    buffers = [Buffer(client, f"file:///{count}.py", "x = 1\n" * count) for count in (12, 1200)]
    asked: list[tuple[str, int]] = []
    ask = client.inline_completion
    client.inline_completion = lambda uri, line, *place: (  # type: ignore[method-assign]
        asked.append((uri, line)) or ask(uri, line, *place)  # type: ignore[func-returns-value]
    )
    worker: Any = Worker(5, 9, 7, 6)
    answers, most = jump_about(client, buffers, 4, worker, lambda: None)
    assert most == 9e6
    assert asked == [
        ("file:///12.py", 1),
        ("file:///1200.py", 450),
        ("file:///12.py", 7),
        ("file:///1200.py", 1050),
    ]
    assert {each.source for each in answers} == {"model"}


def test_the_report_divides_the_longest_file_by_the_shortest(
    measured: Callable[..., Any],
) -> None:
    found = measured(1000, 1100, 1300, 1200)
    short, long = (found["sizes"][lines]["model"] for lines in (50, 200))
    assert (short["count"], long["count"]) == (3, 3)  # the first request is no key
    assert found["growth_p50"] == pytest.approx(long["p50_ms"] / short["p50_ms"], rel=0.05)
    assert found["growth_p95"] == pytest.approx(long["p95_ms"] / short["p95_ms"], rel=0.05)
    assert found["sizes"][50]["without_model"]["count"] == 0
    assert found["sizes"][50]["prefilled_p50"] == 6
    assert (found["worker_mb"], found["worker_growth_mb"]) == (1000, 300)
    assert (found["jumps"], found["jumps_by_model"]) == (3, 3)


@pytest.mark.parametrize("when", ["typed", "jumped"])
@pytest.mark.parametrize(("surplus", "is_within"), [(0, True), (1, False)])
def test_the_cache_is_never_to_take_more_than_its_budget(
    when: str, surplus: int, is_within: bool
) -> None:
    parts = {"context": 1.0, "prefill": 2.0, "decode": 3.0, "rest": 4.0}
    modest = Answered(10.0, "model", None, 5, 5, 1000, parts)
    large = replace(modest, cache_bytes=DEFAULT_CACHE_BYTES + surplus)
    typed = {50: [modest] * 3, 200: [modest, large if when == "typed" else modest, modest]}
    jumped = [modest, large if when == "jumped" else modest, modest]
    found = report(typed, jumped, (10, 20), None)
    assert found.cache_within_budget is is_within
    assert found.cache_mb == round(large.cache_bytes / 1e6, 1)
    assert found.cache_budget_mb == round(DEFAULT_CACHE_BYTES / 1e6, 1)


def test_a_file_that_gets_no_suggestions_is_an_error_with_its_reason(
    measured: Callable[..., Any],
) -> None:
    options = ("--max-document-kb", "1")
    with pytest.raises(CodegenError, match=r"no key in the file of 50 lines: .*max_document_kb"):
        measured(*[1000] * 4, options=options)


def test_the_progress_adds_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth_bench, "worker_of", lambda server: Worker(*[1] * 9))
    advanced: list[None] = []
    measure(SERVER, [40, 41, 42], 2, 5, lambda: advanced.append(None))
    assert len(advanced) == requests([40, 41, 42], 2, 5)


def test_the_table_ends_with_a_line_of_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench_growth, "SERVER", SERVER)
    monkeypatch.setattr(growth_bench, "worker_of", lambda server: Worker(1, 999))
    arguments = ["--lines", "1000,50", "--keys", "2", "--jumps", "1"]
    assert main(["bench", "growth", *arguments]) == 0
    printed = capsys.readouterr()
    *table, last = printed.out.splitlines()
    assert list(json.loads(last)["sizes"]) == ["50", "1000"]
    assert table[0].split() == ["50", "lines", "1,000", "lines"]
    text = "\n".join(table)
    assert re.search(r"^keys answered by the model +2 +2$", text, re.MULTILINE)
    assert re.search(r"^keys answered without the model +0 +0$", text, re.MULTILINE)
    assert re.search(r"^  its budget +268 MB: within$", text, re.MULTILINE)
    assert "8/8" in printed.err
    assert main(["bench", "growth", "--json", *arguments]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_no_model_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench_growth, "SERVER", SERVER)
    monkeypatch.setenv("SCRIPTED_LOAD", "NotFetchedError")
    assert main(["bench", "growth"]) == 3
    said = capfd.readouterr().err.splitlines()[-1]
    assert said.startswith("codegen-lsp: error: the server has no model: ")
