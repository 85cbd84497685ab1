"""What is sent to a llama-server, and what is made of its answers."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from codegen_lsp.errors import CodegenError, UsageError
from codegen_lsp.evaluate.replay_peer import Peer, infill_request

asked: list[tuple[str, dict[str, object]]] = []
answers: list[tuple[int, bytes]] = []


class _Infill(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        asked.append((self.path, json.loads(body)))
        status, answer = answers.pop(0)
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def url() -> Iterator[str]:
    asked.clear()
    answers.clear()
    with HTTPServer(("127.0.0.1", 0), _Infill) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_lines_around_the_cursor_go_out_as_llama_vim_sends_them() -> None:
    before = "".join(f"above {number}\n" for number in range(300)) + "    x = f("
    after = ")\n" + "".join(f"below {number}\n" for number in range(100))
    body = infill_request(before, after, 16)
    above, below = str(body["input_prefix"]), str(body["input_suffix"])
    assert above.startswith("above 44\n")
    assert above.endswith("above 299\n")
    assert body["prompt"] == "    x = f("
    assert below.startswith(")\nbelow 0\n")
    assert below.endswith("below 63\n")
    assert (body["n_predict"], body["n_indent"]) == (16, 4)
    assert (body["temperature"], body["cache_prompt"]) == (0, True)


def test_a_blank_line_begins_at_its_start() -> None:
    body = infill_request("def f():\n    ", "\nx", 16)
    assert (body["prompt"], body["n_indent"]) == ("", 0)
    assert (body["input_prefix"], body["input_suffix"]) == ("def f():\n", "\nx\n")


@pytest.mark.parametrize("path", ["", "/", "/infill"])
def test_an_answer_is_its_content(url: str, path: str) -> None:
    answers.append((200, b'{"content": "turn x"}'))
    answer = Peer(url + path, 7).ask("re", "\n")
    assert answer.text == "turn x"
    assert answer.ms > 0
    assert asked == [("/infill", infill_request("re", "\n", 7))]


def test_who_is_no_llama_server_is_refused(url: str) -> None:
    answers.extend([(200, b"<html>"), (501, b'{"error": {"message": "no infill"}}'), (200, b"[]")])
    with pytest.raises(UsageError, match="no llama-server"):
        Peer(url, 7).ask("", "")
    with pytest.raises(CodegenError, match=r"501.*no infill"):
        Peer(url, 7).ask("", "")
    with pytest.raises(UsageError, match="no llama-server"):
        Peer(url, 7).ask("", "")


def test_nobody_at_the_address_is_an_error_of_usage(url: str) -> None:
    with pytest.raises(UsageError, match="no llama-server"):
        Peer("http://127.0.0.1:1", 7).ask("", "")
    with pytest.raises(UsageError, match="no llama-server"):
        Peer("nonsense", 7).ask("", "")
