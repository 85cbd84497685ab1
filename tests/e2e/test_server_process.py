"""The process: what it logs, and how it listens."""

import os
import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from codegen_lsp.evaluate.json_rpc import LspError, frame, parse, read_body
from codegen_lsp.evaluate.lsp_client import LspClient
from tests.e2e.conftest import Command, Start
from tests.e2e.editor import CARET, SCRIPTED, Editor
from tests.e2e.hostile import call

SECRET = "xyzzy_4711"  # noqa: S105 - stands for the user's code


@pytest.mark.parametrize("arguments", [[], ["-v"]])
def test_logs_hold_no_code(tmp_path: Path, arguments: list[str]) -> None:
    log = _work_on_a_secret(tmp_path, *arguments).stderr.read_text("utf-8")
    assert SECRET not in log
    assert "refused the parameters" in log


def test_the_verbose_log_tells_of_the_model_and_of_every_answer(tmp_path: Path) -> None:
    log = _work_on_a_secret(tmp_path, "-v").stderr.read_text("utf-8")
    states = re.findall(r"the model is (\w+)", log)
    assert states[:2] == ["loading", "ready"]
    assert states[-4:] == ["failed", "loading", "ready", "stopped"]
    answers = re.findall(r"answered (\S+): (\w+) in [\d.]+ ms", log)
    assert [answer for _, answer in answers] == ["model", "model", "engine_failed"]
    assert all(uri.startswith("file:///documents/") for uri, _ in answers)
    assert SECRET not in log


def test_the_log_file_takes_everything(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("earlier\n")
    editor = _work_on_a_secret(tmp_path, "--log-file", str(log), "-v")
    assert editor.stderr.read_text("utf-8") == ""
    written = log.read_text("utf-8")
    assert written.startswith("earlier\n")
    assert "refused the parameters" in written
    assert SECRET not in written


def test_the_process_that_was_started_ahead_is_the_models(start: Start) -> None:
    editor = start()
    (worker,) = psutil.Process(editor.pid).children(recursive=True)
    assert editor.report("request")["pid"] == worker.pid


def test_a_log_file_that_cannot_be_written(command: Command, tmp_path: Path) -> None:
    done = command("lsp", "--log-file", str(tmp_path / "no" / "log"))
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize(
    "address",
    [
        "",
        "port",
        "127.0.0.1:",
        "127.0.0.1:70000",
        "127.0.0.1:-1",
        "256.0.0.1:0",
        ".:0",
        "127.0.0.1:٣",
    ],
)
def test_an_address_that_is_none(command: Command, address: str) -> None:
    done = command("lsp", f"--tcp={address}")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.count(b"\n") == 1
    assert done.stderr.startswith(b"codegen-lsp: error: ")


def test_an_address_that_is_taken(command: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = command("lsp", "--tcp", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1


def test_stdio_and_tcp_at_once(command: Command) -> None:
    done = command("lsp", "--stdio", "--tcp", "0")
    assert done.returncode == 2
    assert b"not both" in done.stderr


@pytest.fixture
def unread() -> Iterator[int]:
    """The end to write to of a pipe that nobody reads."""
    reads, writes = os.pipe()
    yield writes
    os.close(reads)
    os.close(writes)


@pytest.fixture
def unheard(tmp_path: Path, unread: int) -> Iterator[LspClient]:
    """A server that has had more to log than its client, which reads nothing of it, lets pass."""
    environ = os.environ | {"CODEGEN_LSP_CONFIG_DIR": str(tmp_path)}
    with LspClient(SCRIPTED, stderr=unread, env=environ) as client:
        client.initialize()
        for version in range(3000):
            client.change("file:///unknown.py", version, None, "x")
        yield client


def test_a_client_that_does_not_read_the_log_is_answered(unheard: LspClient) -> None:
    assert unheard.request("codegen/explain", {})["decision"] == "none"


def test_a_server_ends_whose_log_nobody_reads(unheard: LspClient) -> None:
    assert unheard.shutdown() == 0


def test_a_server_ends_whose_answers_nobody_reads() -> None:
    process = subprocess.Popen(SCRIPTED, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        assert _call_over(process.stdin, process.stdout, 1, "initialize", {"capabilities": {}})
        process.stdout.close()
        process.stdin.write(frame(call(2, "codegen/explain", {})))
        process.stdin.flush()
        try:
            process.wait(20)  # its input stays open
        finally:
            process.kill()


def test_an_address_of_ipv6() -> None:
    process = subprocess.Popen([*SCRIPTED, "--tcp", "[::1]:0"], stderr=subprocess.PIPE)
    assert process.stderr is not None
    with process, process.stderr as stderr:
        line = stderr.readline()
        found = re.search(rb"listening on \[?::1\]?:(\d+)\s", line)
        if found is None:
            with pytest.raises(OSError):  # noqa: PT011 - a machine without it
                socket.create_server(("::1", 0), family=socket.AF_INET6).close()
            assert line.startswith(b"codegen-lsp: error: cannot listen on ::1:0")
            assert (stderr.read(), process.wait(10)) == (b"", 2)
            return
        with (
            socket.create_connection(("::1", int(found[1]))) as client,
            client.makefile("rwb") as stream,
        ):
            assert _call(stream, 1, "initialize", {"capabilities": {}})["capabilities"]
        assert process.wait(10) == 0


@pytest.mark.parametrize("leaves", ["exit", "connection closed"])
def test_a_client_over_tcp(leaves: str) -> None:
    process = subprocess.Popen([*SCRIPTED, "--tcp", "0"], stderr=subprocess.PIPE)
    assert process.stderr is not None
    with process, process.stderr as stderr:
        found = re.search(rb"listening on (127\.0\.0\.1):(\d+)", stderr.readline())
        assert found is not None
        address = (found[1].decode(), int(found[2]))
        with socket.create_connection(address) as client, client.makefile("rwb") as stream:
            assert _call(stream, 1, "initialize", {"capabilities": {}})["capabilities"]
            assert _call(stream, 2, "codegen/explain", {})["decision"] == "none"
            if leaves == "exit":
                assert _call(stream, 3, "shutdown", None) is None
                stream.write(frame({"jsonrpc": "2.0", "method": "exit"}))
                stream.flush()
        assert process.wait(10) == 0


def _call(stream: Any, id_: int, method: str, params: object) -> Any:
    return _call_over(stream, stream, id_, method, params)


def _call_over(writes: Any, reads: Any, id_: int, method: str, params: object) -> Any:
    writes.write(frame({"jsonrpc": "2.0", "id": id_, "method": method, "params": params}))
    writes.flush()
    while (body := read_body(reads, lambda line: None)) is not None:
        message = parse(body)
        if message is not None and message.get("id") == id_:
            return message["result"]
    raise AssertionError("the server has closed the connection")


def _work_on_a_secret(folder: Path, *arguments: str) -> Editor:
    """What an editor and its faults may do, all of it with the user's code in it; it has left."""
    with Editor(folder, *arguments) as editor:
        editor.initialize()
        editor.wait_ready()
        _do_everything(editor)
        editor.leave()
    return editor


def _do_everything(editor: Editor) -> None:
    place = editor.put(f"{SECRET} = 1\n# scripted: text={SECRET}\n{CARET}")
    assert editor.texts(place, invoked=True) == [SECRET]
    place = editor.type(place, 2, f"{place.text}{SECRET}{CARET}")
    editor.texts(place)
    editor.change(place.uri, 1, None, SECRET)
    editor.change("file:///unknown.py", 1, None, SECRET)
    editor.notify("textDocument/didChange", {"contentChanges": [{"text": SECRET}]})
    editor.notify("textDocument/didOpen", {"textDocument": SECRET})
    editor.notify(SECRET, {"code": SECRET})
    for method in ("textDocument/inlineCompletion", "textDocument/completion"):
        with pytest.raises(LspError):
            editor.request(method, {"context": SECRET, SECRET: 1})
    editor.send_raw(frame(SECRET) + frame([SECRET]))
    editor.asked[None] += 2
    since = len(editor.notifications)
    failing = editor.put(f"{SECRET} = 1\n# scripted: raise=ValueError\n{CARET}")
    assert editor.texts(failing) == []
    editor.wait_ready(since)
