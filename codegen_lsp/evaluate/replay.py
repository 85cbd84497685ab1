"""Honest keystroke replay: type real files into the real language server, key by key.

The text still to be typed is in no buffer and on no disk that the server is told of, and each
condition has a server of its own, which has never seen that text. If it is to know the context, it
sees those files of the project that none of is typed.
"""

import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import psutil

from codegen_lsp.evaluate.lsp_client import LspClient
from codegen_lsp.evaluate.replay_folder import wait_until_indexed, workspace
from codegen_lsp.evaluate.replay_keys import Keystroke, PeerAnswer
from codegen_lsp.evaluate.replay_peer import Peer
from codegen_lsp.evaluate.replay_text import Condition, Piece, Source, keys_for
from codegen_lsp.evaluate.replay_typist import AskPeer, Typist, at_leisure, at_pace
from codegen_lsp.evaluate.server_bench import wait_until_ready

PEER_MAX_NEW_TOKENS = 16
_QUIET_S = 0.05
_LONGEST_WAIT_S = 3.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How to type.

    Attributes:
        conditions: what is below the cursor; every piece is typed in each.
        typist_ms: from key to key; 0: the next key waits for the answer.
        most_keys: of a piece; the rest of it is not typed.
        max_new_tokens: limit for one suggestion; None: the server's own.
        peer_url: a llama-server to compare with, which needs `typist_ms` 0.
        project: name of the folder in which the files lie.
        others: files of it that nothing is typed of; None: no other file is ever shown.
    """

    conditions: tuple[Condition, ...]
    typist_ms: int
    most_keys: int
    max_new_tokens: int | None
    peer_url: str | None
    project: str = "replay"
    others: tuple[Source, ...] | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """A piece that was typed.

    Attributes:
        condition: it was typed in.
        characters: that are there now.
        plain_keys: it takes to type them without any help.
        keystrokes: requests in their order; the first one is before the first key.
        cpu_s: processor time that the server and its worker took.
    """

    condition: Condition
    characters: int
    plain_keys: int
    keystrokes: list[Keystroke]
    cpu_s: float


def replay(command: Sequence[str], pieces: Sequence[Piece], plan: Plan) -> Iterator[Typed]:
    """Type every piece in every condition into servers that `command` starts.

    Raises:
        ModelUnavailableError: the server says that it has no model.
        CodegenError: the server or the peer fails.
        TimeoutError: the server does not answer.
    """
    options = []
    if plan.max_new_tokens:
        options += ["--max-new-tokens", str(plan.max_new_tokens)]
    if not plan.typist_ms:
        options += ["--debounce-ms", "0"]  # keys as fast as answers are nobody's rhythm
    options += ["--context", "false" if plan.others is None else "true"]
    for condition in plan.conditions:
        with (
            workspace(plan.project, plan.others or ()) as folder,
            LspClient([*command, *options], stderr=subprocess.DEVNULL) as client,
        ):
            client.initialize(folder=folder)
            wait_until_ready(client)
            if plan.others is not None:
                wait_until_indexed(client)
            for number, piece in enumerate(pieces):
                uri = (folder / piece.source.name).as_uri()
                yield _type(client, Typist(client, uri, piece, condition), number, condition, plan)
            client.shutdown()


def _type(
    client: LspClient, typist: Typist, number: int, condition: Condition, plan: Plan
) -> Typed:
    before = typist.buffer.before
    server = psutil.Process(client.pid)
    used = _cpu_seconds(server)
    if plan.typist_ms:
        at_pace(typist, plan.most_keys, plan.typist_ms / 1000)
    else:
        at_leisure(typist, plan.most_keys, _quiet_peer(server, plan))
    return Typed(
        condition=condition,
        characters=len(typist.typed),
        plain_keys=keys_for(before, typist.typed),
        keystrokes=typist.close(number),
        cpu_s=_cpu_seconds(server) - used,
    )


def _quiet_peer(server: psutil.Process, plan: Plan) -> AskPeer | None:
    """Asks the peer once our server rests: neither is measured beside the other's work."""
    if not plan.peer_url:
        return None
    peer = Peer(plan.peer_url, plan.max_new_tokens or PEER_MAX_NEW_TOKENS)

    def ask(before: str, after: str) -> PeerAnswer:
        wait_until_quiet(lambda: _cpu_seconds(server))
        return peer.ask(before, after)

    return ask


def wait_until_quiet(cpu_seconds: Callable[[], float]) -> None:
    """Wait until no processor time is taken, but not for more than 3 s."""
    end = time.perf_counter() + _LONGEST_WAIT_S
    used = cpu_seconds()
    while time.perf_counter() < end:
        time.sleep(_QUIET_S)
        now = cpu_seconds()
        if now - used < _QUIET_S / 4:
            return
        used = now


def _cpu_seconds(server: psutil.Process) -> float:
    """Processor time of a process and its children so far."""
    total = 0.0
    for process in (server, *server.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system
    return total
