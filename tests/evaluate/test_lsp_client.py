"""The client of a language server, against a server that misbehaves on request."""

import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from codegen_lsp.evaluate.json_rpc import frame
from codegen_lsp.evaluate.lsp_client import (
    LspClient,
    LspError,
    ServerGoneError,
    items_of,
    offset_of,
)

SERVER = [sys.executable, str(Path(__file__).with_name("scripted_server.py"))]


@pytest.fixture
def client() -> Iterator[LspClient]:
    with LspClient(SERVER) as started:
        yield started


def heard(client: LspClient, method: str) -> Any:
    """Params of the next notification of `method` that the server says it got."""
    found = client.wait_for(
        lambda name, params: name == "test/heard" and params["method"] == method
    )
    return found[1].get("params")


def test_a_session_from_the_handshake_to_the_end(client: LspClient, tmp_path: Path) -> None:
    result = client.initialize(options={"model": "tiny"}, folder=tmp_path, encodings=["utf-8"])
    assert client.position_encoding == "utf-8"
    assert result["params"]["capabilities"]["textDocument"] == {"inlineCompletion": {}}
    assert result["params"]["initializationOptions"] == {"model": "tiny"}
    assert result["params"]["rootUri"] == tmp_path.as_uri()
    assert heard(client, "initialized") == {}
    assert client.shutdown() == 0
    assert client.unanswered() == client.surplus() == Counter()
    assert client.answers == {1: 1, 2: 1}


def test_a_client_that_says_nothing_of_encodings_speaks_utf_16(client: LspClient) -> None:
    result = client.initialize(capabilities={})
    assert client.position_encoding == "utf-16"
    assert result["params"]["capabilities"] == {}


def test_documents_and_requests_have_the_shape_of_the_specification(client: LspClient) -> None:
    uri = "file:///a.py"
    start, end = {"line": 0, "character": 1}, {"line": 0, "character": 2}
    span = {"start": start, "end": end}
    client.open(uri, "python", "é\ud800", version=4)
    opened = {"uri": uri, "languageId": "python", "version": 4, "text": "é\ud800"}
    assert heard(client, "textDocument/didOpen") == {"textDocument": opened}
    client.change(uri, 5, span, "x")
    changed = {"textDocument": {"uri": uri, "version": 5}}
    expected = changed | {"contentChanges": [{"range": span, "text": "x"}]}
    assert heard(client, "textDocument/didChange") == expected
    asked = client.inline_completion(uri, 3, 7, selected={"range": span, "text": "y"})
    assert asked.wait()["params"] == {
        "textDocument": {"uri": uri},
        "position": {"line": 3, "character": 7},
        "context": {"triggerKind": 2, "selectedCompletionInfo": {"range": span, "text": "y"}},
    }
    invoked = client.inline_completion(uri, 3, 7, invoked=True).wait()
    assert invoked["params"]["context"] == {"triggerKind": 1}
    explained = client.explain(uri, start).wait()["params"]
    assert explained == {"textDocument": {"uri": uri}, "position": start}
    client.close(uri)
    assert heard(client, "textDocument/didClose") == {"textDocument": {"uri": uri}}


def test_a_whole_text_is_changed_without_a_range(client: LspClient) -> None:
    client.change("file:///a.py", 2, None, "all")
    assert heard(client, "textDocument/didChange")["contentChanges"] == [{"text": "all"}]


def test_an_error_is_raised_with_its_code(client: LspClient) -> None:
    with pytest.raises(LspError, match="told to") as caught:
        client.request("test/fail")
    assert caught.value.code == -32800
    assert not client.unanswered()


def test_double_answers_are_counted(client: LspClient) -> None:
    pending = client.start("test/twice")
    pending.wait()
    client.request("test/echo")  # behind it, both have arrived
    assert client.surplus() == {pending.id: 1}
    assert client.answers[pending.id] == 2


def test_silence_is_counted_and_the_client_goes_on(client: LspClient) -> None:
    silent = client.start("test/silent")
    client.send({"jsonrpc": "2.0", "id": "own", "method": "test/silent"})
    client.request("test/echo")
    assert client.unanswered() == {silent.id: 1, "own": 1}
    assert not silent.finished(timeout=0)
    with pytest.raises(TimeoutError, match="test/silent"):
        silent.wait(timeout=0.01)
    client.cancel(silent)
    assert heard(client, "$/cancelRequest") == {"id": silent.id}


def test_raw_bytes_go_out_as_they_are(client: LspClient) -> None:
    request = frame({"jsonrpc": "2.0", "id": "raw", "method": "test/echo"})
    client.send_raw(request[:9])
    client.send_raw(request[9:])
    client.asked["raw"] += 1
    client.request("test/echo")
    assert client.answers["raw"] == 1
    assert not client.unanswered()
    assert not client.surplus()


def test_malformed_output_is_noted_and_passed_over(client: LspClient) -> None:
    assert client.request("test/garbage")["method"] == "test/garbage"
    *noted, odd_id = client.malformed
    assert noted == [b"a print\n", b"{not", b"[]", b"Content-Length: x\n"]
    assert b'"id": [1]' in odd_id


def test_a_server_that_dies_ends_every_wait() -> None:
    with LspClient(SERVER) as client:
        waiting = client.start("test/silent")
        with pytest.raises(ServerGoneError, match="test/die"):
            client.request("test/die")
        with pytest.raises(ServerGoneError):
            waiting.wait()
        with pytest.raises(ServerGoneError):
            client.wait_for(lambda method, params: False)
        with pytest.raises(ServerGoneError):
            client.request("test/echo")
        assert client.wait_exit() == 3
        assert client.unanswered()[waiting.id] == 1


def test_a_server_that_no_longer_reads_is_gone(client: LspClient) -> None:
    client.request("test/deaf")
    with pytest.raises(ServerGoneError):
        client.notify("test/any")


def test_closing_the_input_is_seen_by_the_server(client: LspClient) -> None:
    client.close_input()
    assert client.wait_exit() == 7
    with pytest.raises(ServerGoneError):
        client.notify("test/any")


def test_a_server_that_runs_on_is_reported_and_can_be_killed(client: LspClient) -> None:
    with pytest.raises(TimeoutError, match="still runs"):
        client.wait_exit(timeout=0.01)
    client.kill()
    assert client.wait_exit() != 0


@pytest.mark.parametrize(
    ("method", "params", "result"),
    [
        ("window/workDoneProgress/create", {"token": 1}, None),
        ("client/registerCapability", {"registrations": []}, None),
        ("window/showMessageRequest", {"type": 1, "message": "fetch?"}, None),
        ("workspace/configuration", {"items": [{}, {}]}, [None, None]),
    ],
)
def test_the_servers_requests_are_answered(
    client: LspClient, method: str, params: Any, result: Any
) -> None:
    answer = client.request("test/ask", [method, params])
    assert answer == {"jsonrpc": "2.0", "id": "s1", "result": result}
    assert client.server_requests == [(method, params)]


def test_a_test_may_answer_the_server_itself(client: LspClient) -> None:
    client.responders["window/showMessageRequest"] = lambda params: params["actions"][0]
    params = {"actions": [{"title": "Fetch"}]}
    answer = client.request("test/ask", ["window/showMessageRequest", params])
    assert answer["result"] == {"title": "Fetch"}
    unknown = client.request("test/ask", ["test/unknown", None])
    assert unknown["error"]["code"] == -32601


def test_notifications_may_be_awaited_from_a_point_on(client: LspClient) -> None:
    client.notify("test/one")
    client.wait_for(lambda method, params: params["method"] == "test/one")
    with pytest.raises(TimeoutError):
        client.wait_for(lambda method, params: True, timeout=0.01, since=1)
    client.notify("test/two")
    assert client.wait_for(lambda method, params: True, since=1)[1]["method"] == "test/two"


def test_threads_may_share_a_client(client: LspClient) -> None:
    def ask(thread: int) -> None:
        for number in range(50):
            params = [thread, number, "x" * 2000]
            same.append(client.request("test/echo", params)["params"] == params)

    same: list[bool] = []
    threads = [threading.Thread(target=ask, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert same == [True] * 200
    assert not client.unanswered()
    assert not client.surplus()


@pytest.mark.parametrize(
    ("encoding", "character"), [("utf-8", 7), ("utf-16", 4), ("utf-32", 3)], ids=str
)
def test_accepting_an_item_replaces_its_range(
    client: LspClient, encoding: str, character: int
) -> None:
    client.initialize(encodings=[encoding])
    text = "a\x0c\né😀()\nb"
    start = {"line": 1, "character": character}
    end = {"line": 1, "character": character + 1}
    item = {"insertText": "1)\n", "range": {"start": start, "end": end}}
    assert client.apply(text, item) == "a\x0c\né😀(1)\n\nb"
    assert client.apply(text, {"insertText": "1"}, start) == "a\x0c\né😀(1)\nb"


@pytest.mark.parametrize(
    ("line", "character", "offset"),
    [(0, 2, 2), (0, 9, 2), (1, 0, 4), (1, 1, 4), (1, 2, 5), (1, 9, 5), (2, 0, 5), (9, 9, 5)],
)
def test_positions_outside_the_text_are_clamped(line: int, character: int, offset: int) -> None:
    assert offset_of("ab\r\n😀", {"line": line, "character": character}, "utf-16") == offset


def test_items_are_found_in_each_form_of_a_result() -> None:
    item = {"insertText": "x"}
    assert items_of({"items": [item]}) == items_of([item]) == [item]
    assert items_of(None) == []
