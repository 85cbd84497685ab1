"""How fast, small and reliable the language server is, seen from an editor.

It starts the real server process with the real model and speaks to it as an editor does; what it
takes is read from the operating system.
"""

import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import psutil

from codegen_lsp.errors import CodegenError, ModelUnavailableError
from codegen_lsp.evaluate.bench_code import function_heads, holes, source
from codegen_lsp.evaluate.buffer import Buffer
from codegen_lsp.evaluate.json_rpc import LspError, Pending
from codegen_lsp.evaluate.lsp_client import LspClient, items_of
from codegen_lsp.evaluate.server_figures import (
    Latencies,
    Process,
    ServerReport,
    growth_percent,
    latencies,
)

TYPED_ALONG = 200
EXPLAINED = 100
DOCUMENTS = 50
_STARTS = 5
_IDLE_S = 5.0
_READY_S = 120.0
_GENERATION_S = 60.0
_DRAIN_S = 900.0
_KEYS = "total = sum(values)\n"  # are typed in one document before the next one's turn
_PAUSE_S = 0.05  # between questions while it generates

Say = Callable[[str], object]


def measure(command: Sequence[str], keystrokes: int, say: Say) -> ServerReport:
    """Measure the server that `command` starts; `say` hears what is being done.

    Raises:
        ModelUnavailableError: the server says that it has no model.
        CodegenError: the server ended, starts no worker, or suggests nothing.
        TimeoutError: it does not answer at all.
    """
    say(f"starting it {_STARTS} times")
    initialize_ms = statistics.median(_initialize_ms(command) for _ in range(_STARTS))
    with LspClient(command, stderr=subprocess.DEVNULL) as client:
        server = psutil.Process(client.pid)
        client.initialize()
        rss_at_initialize = server.memory_info().rss
        say("waiting for the model")
        ready_s = wait_until_ready(client)
        worker = worker_of(server)
        say("watching it idle")
        figures = _watch_idle(server, worker)
        say("typing along")
        typed, kept = type_along(client, TYPED_ALONG)
        say("asking while it generates")
        explained, generations = explain_while_generating(client, EXPLAINED)
        say(f"typing {keystrokes} keys")
        growth = type_everywhere(client, (server, worker), keystrokes)
        asked = time.perf_counter()
        status = client.shutdown()
        return ServerReport(
            initialize_ms=initialize_ms,
            server_rss_at_initialize_mb=rss_at_initialize / 1e6,
            model_ready_s=ready_s,
            server=figures[0],
            worker=figures[1],
            typed_along=typed,
            typed_along_kept_percent=kept,
            explain_while_generating=explained,
            generations=generations,
            keystrokes=keystrokes,
            server_growth_percent=growth[0],
            worker_growth_percent=growth[1],
            unanswered=client.unanswered().total(),
            answered_twice=client.surplus().total(),
            shutdown_s=time.perf_counter() - asked,
            exit_status=status,
        )


def wait_until_ready(client: LspClient, timeout: float = _READY_S) -> float:
    """Seconds from the start of the process until the server says that the model is ready.

    Raises:
        ModelUnavailableError: it says instead that there will be none.
        TimeoutError: it says neither within `timeout` seconds.
    """

    def is_settled(method: str, params: Any) -> bool:
        return method == "didChangeStatus" and not params["busy"]

    _, status = client.wait_for(is_settled, timeout)
    if status["kind"] != "Normal":
        raise ModelUnavailableError(f"the server has no model: {status['message']}")
    return time.perf_counter() - client.started_at


def type_along(client: LspClient, samples: int) -> tuple[Latencies, float]:
    """Type suggestions key by key, with a change and a request for each key.

    Returns:
        The times from sending both to the answer, and how many per cent of the answers were the
        rest of what is being typed along, and given without the model.

    Raises:
        CodegenError: there are not enough suggestions.
    """
    seconds: list[float] = []
    kept = 0
    for number, (before, after) in enumerate(holes(source(150, 300))):
        if len(seconds) >= samples:
            break
        buffer = Buffer(client, f"file:///typed-along/{number}.py", before, after)
        rest = _suggestion(buffer)
        while len(rest) > 1:
            sent = time.perf_counter()
            buffer.type(rest[0])
            rest = rest[1:]
            pending = buffer.complete()
            seconds.append(_answered_after(sent, pending))
            is_rest = any(item["insertText"] == rest for item in items_of(pending.wait()))
            kept += is_rest and client.explain(buffer.uri).wait()["source"] == "cache"
        buffer.close()
    if len(seconds) < samples:
        raise CodegenError(f"only {len(seconds)} characters were suggested: too few to type along")
    return latencies(seconds), kept / len(seconds) * 100


def explain_while_generating(client: LspClient, samples: int) -> tuple[Latencies, int]:
    """Ask `codegen/explain` while completions of many lines run back to back.

    Returns:
        The times, half of them of a change and the question behind it; and how many completions
        were asked for meanwhile.
    """
    stop = threading.Event()
    other = Buffer(client, "file:///explained.py", source(150, 300))
    seconds: list[float] = []
    with ThreadPoolExecutor(1) as pool:
        generations = pool.submit(_generate, client, stop)
        try:
            while len(seconds) < samples:
                time.sleep(_PAUSE_S)
                sent = time.perf_counter()
                if len(seconds) % 2:
                    other.type("x")
                seconds.append(_answered_after(sent, client.explain(other.uri)))
        finally:
            stop.set()
    other.close()
    return latencies(seconds), generations.result()


def type_everywhere(
    client: LspClient, processes: Sequence[psutil.Process], keystrokes: int
) -> list[float]:
    """Type in many documents, without waiting for the model between two keys.

    Returns:
        By how many per cent the memory of each process has grown since a tenth was typed.
    """
    buffers = [
        Buffer(client, f"file:///everywhere/{number}.py", source(50 * number, 40))
        for number in range(DOCUMENTS)
    ]
    _type_keys(buffers, keystrokes // 10)
    before = [process.memory_info().rss for process in processes]
    _type_keys(buffers, keystrokes - keystrokes // 10)
    after = [process.memory_info().rss for process in processes]
    return [growth_percent(*pair) for pair in zip(before, after, strict=True)]


def worker_of(server: psutil.Process) -> psutil.Process:
    """The process that holds the model; raises CodegenError if `server` has started none."""
    for child in server.children(recursive=True):
        if "codegen_lsp.worker" in child.cmdline():
            return child
    raise CodegenError("the server has started no codegen_lsp.worker process")


def _initialize_ms(command: Sequence[str]) -> float:
    with LspClient(command, stderr=subprocess.DEVNULL) as client:
        client.initialize()
        taken = time.perf_counter() - client.started_at
        client.shutdown()
    return taken * 1000


def _watch_idle(*processes: psutil.Process) -> list[Process]:
    """Memory of each process, and the processor time that it takes when nothing is asked of it."""
    before = [_cpu_seconds(process) for process in processes]
    time.sleep(_IDLE_S)
    return [
        Process(
            rss_mb=process.memory_info().rss / 1e6,
            idle_cpu_percent=(_cpu_seconds(process) - earlier) / _IDLE_S * 100,
        )
        for process, earlier in zip(processes, before, strict=True)
    ]


def _cpu_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _suggestion(buffer: Buffer) -> str:
    """The first suggestion that is inserted rather than put in the place of something."""
    here = {"start": buffer.cursor, "end": buffer.cursor}
    items = items_of(buffer.complete(invoked=True).wait(_GENERATION_S))
    texts = [item["insertText"] for item in items if item.get("range") in (None, here)]
    return str(texts[0]) if texts else ""


def _answered_after(sent: float, pending: Pending) -> float:
    """Seconds from `sent` to the answer; an error is one, too."""
    with suppress(LspError):
        pending.wait()
    return pending.answered_at - sent


def _generate(client: LspClient, stop: threading.Event) -> int:
    """Ask for one completion of many lines after the other; returns how many."""
    heads = list(function_heads(source(150, 300)))
    number = 0
    while not stop.is_set():
        text = f"# {number}\n" + heads[number % len(heads)]  # a new text: nothing is cached
        buffer = Buffer(client, f"file:///generated/{number}.py", text)
        buffer.complete(invoked=True).wait(_GENERATION_S)
        buffer.close()
        number += 1
    return number


def _type_keys(buffers: Sequence[Buffer], count: int) -> None:
    """Type `count` keys in turns, with a completion each, then wait until all are answered.

    Nobody waits for the model between keys. But the typist waits at the end of a turn until the
    server has seen it (it then answers all but the newest request): no person gets 9,000 keys
    ahead of the server, and that backlog would be most of the memory that is measured.
    """
    requests: list[Pending] = []
    deadline = time.perf_counter() + _DRAIN_S
    for first in range(0, count, len(_KEYS)):
        buffer = buffers[first // len(_KEYS) % len(buffers)]
        for key in _KEYS[: count - first]:
            buffer.type(key)
            requests.append(buffer.complete())
        for superseded in requests[-2:-1]:
            superseded.finished(max(deadline - time.perf_counter(), 0))
    for request in requests:
        request.finished(max(deadline - time.perf_counter(), 0))
