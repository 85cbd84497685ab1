"""The process: what it logs, and how it listens."""

import re
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest

from codegen_lsp.evaluate.json_rpc import LspError, frame, parse, read_body
from tests.e2e.conftest import Command, Start
from tests.e2e.editor import CARET, SCRIPTED, Editor

SECRET = "xyzzy_4711"  # noqa: S105 - stands for the user's code


@pytest.mark.parametrize("arguments", [[], ["-v"]])
def test_logs_hold_no_code(start: Start, arguments: list[str]) -> None:
    editor = start(*arguments)
    _work_on_a_secret(editor)
    log = editor.stderr.read_text("utf-8")
    assert SECRET not in log
    assert "refused the parameters" in log


def test_the_log_file_takes_everything(start: Start, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("earlier\n")
    editor = start("--log-file", str(log), "-v")
    _work_on_a_secret(editor)
    assert editor.stderr.read_text("utf-8") == ""
    written = log.read_text("utf-8")
    assert written.startswith("earlier\n")
    assert "refused the parameters" in written
    assert SECRET not in written


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
    stream.write(frame({"jsonrpc": "2.0", "id": id_, "method": method, "params": params}))
    stream.flush()
    while (body := read_body(stream, lambda line: None)) is not None:
        message = parse(body)
        if message is not None and message.get("id") == id_:
            return message["result"]
    raise AssertionError("the server has closed the connection")


def _work_on_a_secret(editor: Editor) -> None:
    """What an editor and its faults may do, all of it with the user's code in it."""
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
