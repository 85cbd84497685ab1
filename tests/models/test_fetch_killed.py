"""Pulls in processes of their own: killed at every step, and two at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from codegen_lsp.models import store
from codegen_lsp.models.catalogue import CatalogueEntry

if TYPE_CHECKING:
    from tests.models.conftest import Hub

PREAMBLE = """
import json, os, signal, sys
from codegen_lsp.errors import DamagedModelError, ModelUnavailableError
from codegen_lsp.models import catalogue, store
from codegen_lsp.models.catalogue import CatalogueEntry, MirrorPart
from codegen_lsp.models.fetch import pull

entry, sources, cache = json.loads(sys.argv[1]), sys.argv[2].split(","), sys.argv[3]
entry["mirror"] = tuple(MirrorPart(**part) for part in entry["mirror"])
catalogue.CATALOGUE = (CatalogueEntry(**entry),)

class Progress:
    def start(self, title, total, done=0): step()
    def advance(self, count): step()
    def say(self, remark): print(remark, flush=True)

def step():
    pass
"""

PULL = (
    PREAMBLE
    + """
pull("tiny", sources, Progress())
"""
)

# A child is killed before its n-th change to the cache or step of progress, for every n-th step
# until one finishes. Then the model must be absent or whole, and another pull must succeed.
KILL = (
    PREAMBLE
    + """
CHANGES = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir"}

def forked(work):
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

def pull_until(limit):
    global step
    steps = 0
    def step():
        nonlocal steps
        steps += 1
        if steps == limit:
            os.kill(os.getpid(), signal.SIGKILL)
    def watch(event, arguments):
        if event in CHANGES and str(arguments[0]).startswith(cache):
            step()
    sys.addaudithook(watch)
    pull("tiny", sources, Progress())

def check():
    try:
        store.verify(store.resolve("tiny").folder)
    except ModelUnavailableError as error:
        assert not isinstance(error, DamagedModelError), error

def mend():
    pull("tiny", sources, Progress())
    store.verify(store.resolve("tiny").folder)
    models = store.installed_folder("tiny").parent
    assert sorted(os.listdir(models)) == [".tiny.lock", "tiny"], os.listdir(models)
    store.remove("tiny", print)

kills = 0
for limit in range(1, 1000, int(sys.argv[4])):
    outcome = forked(lambda: pull_until(limit))
    assert outcome in (0, -signal.SIGKILL), outcome
    check()
    assert forked(mend) == 0, limit
    if outcome == 0:
        break
    kills += 1
print(kills)
"""
)


def command(script: str, entry: CatalogueEntry, sources: str, *arguments: str) -> list[str]:
    cache = str(store.cache_folder())
    return [sys.executable, "-c", script, json.dumps(asdict(entry)), sources, cache, *arguments]


@pytest.fixture(autouse=True)
def import_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path for path in sys.path if path))


@pytest.mark.usefixtures("hub", "wheels")
@pytest.mark.parametrize(("source", "stride", "at_least"), [("hub", 1, 20), ("mirror", 8, 4)])
def test_a_kill_at_any_moment_does_no_harm(
    entry: CatalogueEntry, source: str, stride: int, at_least: int
) -> None:
    done = subprocess.run(
        command(KILL, entry, source, str(stride)), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout.split()[-1]) >= at_least


def test_two_pulls_at_once_fetch_once(entry: CatalogueEntry, gguf_file: Path, hub: Hub) -> None:
    pulls = [subprocess.Popen(command(PULL, entry, "hub")) for _ in range(2)]
    assert [process.wait(120) for process in pulls] == [0, 0]
    assert hub.ranges == [None]
    folder = store.resolve("tiny").folder
    store.verify(folder)
    assert (folder / entry.file_name).read_bytes() == gguf_file.read_bytes()
