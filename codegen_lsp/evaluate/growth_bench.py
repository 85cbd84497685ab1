"""What a longer file costs: time per keystroke, and the memory that the KV cache takes.

One real server has a file of each length open, and the same keys are typed into all of them. The
files take turns key by key, and in being the first, so that a noisy moment strikes all; every key
waits for its answer, and there is no debounce. Nothing is prefetched either: what is done ahead for
one file would be timed in another. Suggestions are not accepted.

The memory of the cache is what the engine says, while places far from each other are asked for,
each a prompt of its own: more of them than the budget has room for. Beside it stands the growth of
the worker's resident memory (RSS), which also holds a prefill's own buffers.
"""

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from itertools import islice

import psutil

from codegen_lsp.evaluate.buffer import Buffer
from codegen_lsp.evaluate.growth_code import around_cursor, unforeseen_keys
from codegen_lsp.evaluate.growth_report import Answered, GrowthReport, report
from codegen_lsp.evaluate.json_rpc import Message, Pending
from codegen_lsp.evaluate.lsp_client import LspClient
from codegen_lsp.evaluate.server_bench import wait_until_ready, worker_of

OPTIONS = ("--debounce-ms", "0", "--prefetch", "false")
_ANSWER_S = 60.0
_SMALL_FILE = "def add(first, second):\n    return "
_LAST_COLUMN = 10_000

Advance = Callable[[], object]
"""Hears of each request that is answered."""


def requests(lines: Sequence[int], keys: int, jumps: int) -> int:
    """How many requests `measure` makes."""
    return 1 + len(lines) * (1 + keys) + jumps


def measure(
    command: Sequence[str], lines: Sequence[int], keys: int, jumps: int, advance: Advance
) -> GrowthReport:
    """Measure the server that `command` starts with files of so many `lines`, the shortest first.

    Raises:
        ModelUnavailableError: the server says that it has no model.
        CodegenError: the server fails, or the model answers no key in one of the files.
        TimeoutError: the server does not answer.
    """
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    with LspClient([*command, *OPTIONS], stderr=subprocess.DEVNULL) as client:
        client.initialize()
        wait_until_ready(client)
        _ask(client, Buffer(client, "file:///growth/small.py", _SMALL_FILE))
        advance()
        worker = worker_of(psutil.Process(client.pid))
        before = worker.memory_info().rss
        buffers = [_open(client, count, number) for number, count in enumerate(lines)]
        typed = type_in_turns(client, buffers, keys, advance)
        jumped, most = jump_about(client, buffers, jumps, worker, advance)
        client.shutdown()
    return report(dict(zip(lines, typed, strict=True)), jumped, (before, most), load)


def type_in_turns(
    client: LspClient, buffers: Sequence[Buffer], keys: int, advance: Advance
) -> list[list[Answered]]:
    """Type the same keys into all of `buffers`; returns the answers in each, the first without one.

    Which buffer is the first changes from key to key.
    """
    answers: list[list[Answered]] = [[] for _ in buffers]
    turns = list(zip(buffers, answers, strict=True))
    for key in ("", *islice(unforeseen_keys(), keys)):
        for buffer, heard in turns:
            heard.append(_ask(client, buffer, key))
            advance()
        turns.reverse()
    return answers


def jump_about(
    client: LspClient,
    buffers: Sequence[Buffer],
    jumps: int,
    worker: psutil.Process,
    advance: Advance,
) -> tuple[list[Answered], int]:
    """Ask at ends of lines far from each other, in turns in each of `buffers`.

    Returns:
        The answers, and the most memory in bytes that `worker` had after one.
    """
    answers, most = [], 0
    for jump in range(jumps):
        buffer = buffers[jump % len(buffers)]
        line = int(buffer.text.count("\n") * (jump + 0.5) / jumps)
        sent = time.perf_counter()
        pending = client.inline_completion(buffer.uri, line, _LAST_COLUMN)
        answers.append(_answered(client, buffer, sent, pending))
        most = max(most, worker.memory_info().rss)
        advance()
    return answers, most


def _open(client: LspClient, lines: int, number: int) -> Buffer:
    return Buffer(client, f"file:///growth/{lines}.py", *around_cursor(lines, number))


def _ask(client: LspClient, buffer: Buffer, key: str = "") -> Answered:
    """Type `key`, if there is one, and ask at the cursor."""
    sent = time.perf_counter()
    if key:
        buffer.type(key)
    return _answered(client, buffer, sent, buffer.complete())


def _answered(client: LspClient, buffer: Buffer, sent: float, pending: Pending) -> Answered:
    pending.wait(_ANSWER_S)
    ms = (pending.answered_at - sent) * 1000
    explanation: Message = client.explain(buffer.uri).wait(_ANSWER_S)
    reason, times = explanation["reason"], explanation["timingsMs"]
    parts = {name: times[name] for name in ("context", "prefill", "decode")}
    return Answered(
        ms=ms,
        source=explanation["source"],
        reason=reason and reason["meaning"],
        prefilled=explanation["tokens"]["prefilled"],
        generated=explanation["tokens"]["generated"],
        cache_bytes=explanation["kvCacheBytes"],
        parts_ms=parts | {"rest": ms - sum(parts.values())},
    )
