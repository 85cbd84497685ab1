"""Whatever a client sends: one answer to every request, and a server that lives on."""

import itertools
import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from codegen_lsp.evaluate.json_rpc import Message, frame, read_body
from tests.e2e.editor import CARET, SCRIPTED, Editor
from tests.e2e.hostile import Hostile, all_gone, call, until

PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS = -32700, -32600, -32601, -32602
NOT_INITIALIZED, CANCELLED = -32002, -32800

INLINE = "textDocument/inlineCompletion"
PLACE = {"line": 0, "character": 0}
PARAMS = {"textDocument": {"uri": "file:///a"}, "position": PLACE, "context": {"triggerKind": 2}}
HUGE = 2**70
NO_LINES: list[Any] = [-1, HUGE, -HUGE, "one", None, [], {}, 1e300]

_ids = (f"bad-{number}" for number in itertools.count(1))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    """One server for every test that does not end it; in the end it must have answered all."""
    with Hostile(tmp_path_factory.mktemp("hostile")) as shared:
        shared.initialize()
        shared.wait_ready()
        yield shared
        shared.leave()


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Hostile]:
    """A server of the test's own, not initialized; the test ends it or leaves it to be killed."""
    with Hostile(tmp_path) as started:
        yield started


def works(editor: Editor) -> None:
    """The server completes as if nothing had happened."""
    assert editor.texts(editor.put(f"x = {CARET}")) == ["scripted"]


def ready(editor: Hostile) -> Hostile:
    editor.initialize()
    editor.wait_ready()
    return editor


def with_header(body: bytes, header: bytes | None = None) -> bytes:
    return (header or b"Content-Length: %d" % len(body)) + b"\r\n\r\n" + body


def body_of(message: Message) -> bytes:
    return json.dumps(message).encode()


# Parameters


@pytest.mark.parametrize(
    "params",
    [
        pytest.param(None, id="missing"),
        pytest.param([], id="a list"),
        pytest.param("text", id="a string"),
        pytest.param({}, id="empty"),
        *(
            pytest.param({k: v for k, v in PARAMS.items() if k != key}, id=f"no {key}")
            for key in PARAMS
        ),
        *(pytest.param(PARAMS | {key: None}, id=f"{key} null") for key in PARAMS),
        *(pytest.param(PARAMS | {key: 5}, id=f"{key} a number") for key in PARAMS),
        *(
            pytest.param(PARAMS | {"position": PLACE | {"line": line}}, id=f"line {line!r}")
            for line in NO_LINES
        ),
        pytest.param(PARAMS | {"context": {"triggerKind": "often"}}, id="trigger kind"),
        pytest.param(
            PARAMS | {"context": {"triggerKind": 2, "selectedCompletionInfo": {"text": 5}}},
            id="selected without a range",
        ),
    ],
)
def test_malformed_parameters_are_refused(hostile: Hostile, params: Any) -> None:
    id_ = next(_ids)
    assert hostile.error(call(id_, INLINE) | {"params": params}, id_) == INVALID_PARAMS
    works(hostile)


@pytest.mark.parametrize(
    "oddity",
    [
        pytest.param({"position": {"line": "0", "character": "0"}}, id="numbers in strings"),
        pytest.param({"position": {"line": 0.5, "character": True}}, id="no whole numbers"),
        pytest.param({"textDocument": {"uri": None}}, id="uri null"),
        pytest.param({"textDocument": {"uri": [1], "version": {}}}, id="uri a list"),
    ],
)
def test_odd_parameters_have_one_answer(hostile: Hostile, oddity: Message) -> None:
    id_ = next(_ids)
    (answer,) = hostile.exchange(frame(call(id_, INLINE, PARAMS | oddity)), id_)
    assert answer.get("result", {"items": []}) == {"items": []}
    works(hostile)


@pytest.mark.parametrize("depth", [100, 900])
def test_deeply_nested_arguments(hostile: Hostile, depth: int) -> None:
    id_ = next(_ids)
    command = f'{{"command": "codegen.accept", "arguments": {"[" * depth}{"]" * depth}}}'
    body = body_of(call(id_, "workspace/executeCommand", "?")).replace(b'"?"', command.encode())
    assert len(hostile.exchange(with_header(body), id_)) == 1


def test_nesting_too_deep_to_parse(hostile: Hostile) -> None:
    nested = "[" * 100_000 + "]" * 100_000
    body = body_of(call(1, "codegen/explain", "?")).replace(b'"?"', nested.encode())
    assert hostile.error(with_header(body), None) == PARSE_ERROR
    works(hostile)


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("textDocument/didOpen", {"textDocument": {"uri": "file:///bad"}}),
        ("textDocument/didOpen", None),
        ("textDocument/didChange", {"textDocument": {"uri": 5}, "contentChanges": [None]}),
        ("textDocument/didChange", {"contentChanges": "all"}),
        ("textDocument/didClose", []),
        ("notebookDocument/didOpen", {"cellTextDocuments": [{}]}),
        ("notebookDocument/didChange", {"change": {"cells": 5}}),
        ("workspace/didChangeConfiguration", {"settings": [1]}),
        ("workspace/didChangeConfiguration", None),
        ("textDocument/didShowCompletion", {"item": {"command": {"arguments": 5}}}),
        ("textDocument/didPartiallyAcceptCompletion", {"acceptedLength": {}}),
        ("textDocument/didFocus", 5),
        ("window/workDoneProgress/cancel", {"token": []}),
        ("$/cancelRequest", {"id": []}),
        ("$/cancelRequest", None),
        ("$/setTrace", {"value": 5}),
        ("no/such", {"a": 1}),
        (INLINE, PARAMS),
        ("shutdown", None),
    ],
)
def test_malformed_notifications_are_passed_over(
    hostile: Hostile, method: str, params: Any
) -> None:
    answered = sum(hostile.answers.values())
    hostile.notify(method, params)
    works(hostile)
    assert sum(hostile.answers.values()) == answered + 1


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("codegen.accept", [{"a": 1}, [["x"]], None]),
        ("codegen.reject", "all"),
        ("codegen.explain", [1, 2, 3]),
        ("codegen.explain", ["file:///unknown", {"line": "1", "character": None}]),
        ("codegen.explain", [None]),
    ],
)
def test_odd_arguments_of_commands(hostile: Hostile, command: str, arguments: Any) -> None:
    id_ = next(_ids)
    params = {"command": command, "arguments": arguments}
    (answer,) = hostile.exchange(frame(call(id_, "workspace/executeCommand", params)), id_)
    assert answer.get("error", {"code": INVALID_PARAMS})["code"] == INVALID_PARAMS


@pytest.mark.parametrize("command", ["no.such", 5, None])
def test_an_unknown_command_is_refused(hostile: Hostile, command: Any) -> None:
    id_ = next(_ids)
    message = call(id_, "workspace/executeCommand", {"command": command})
    assert hostile.error(message, id_) == INVALID_PARAMS


# JSON-RPC


def test_a_message_without_a_version_is_refused(hostile: Hostile) -> None:
    assert hostile.error({"id": "no version", "method": "codegen/explain"}, "no version") == (
        INVALID_REQUEST
    )


@pytest.mark.parametrize("id_", [None, True, 1.5, [1], {"a": 1}])
def test_an_id_that_is_none(hostile: Hostile, id_: Any) -> None:
    message = call(1, "codegen/explain") | {"id": id_}
    assert hostile.error(message, None) == INVALID_REQUEST


@pytest.mark.parametrize("id_", [0, -5, HUGE, "", "ü🙂", "1"])
def test_ids_of_any_size_and_kind_come_back(hostile: Hostile, id_: int | str) -> None:
    (answer,) = hostile.exchange(frame(call(id_, "codegen/explain")), id_)
    assert answer["id"] == id_
    assert answer["result"]["decision"] == "none"


def test_an_id_with_a_lone_surrogate_comes_back(hostile: Hostile) -> None:
    (answer,) = hostile.exchange(frame(call("\ud800", "codegen/explain")), "\ud800")
    assert "result" in answer


@pytest.mark.parametrize("method", [None, 5, [], {}])
def test_a_method_that_is_no_string(hostile: Hostile, method: Any) -> None:
    id_ = next(_ids)
    assert hostile.error(call(id_, "") | {"method": method}, id_) == INVALID_REQUEST


def test_a_request_without_a_method(hostile: Hostile) -> None:
    id_ = next(_ids)
    assert hostile.error({"jsonrpc": "2.0", "id": id_, "params": {}}, id_) == INVALID_REQUEST


def test_an_unknown_method(hostile: Hostile) -> None:
    id_ = next(_ids)
    assert hostile.error(call(id_, "textDocument/hover", {}), id_) == METHOD_NOT_FOUND


@pytest.mark.parametrize("body", [b"[]", b"5", b"null", b'"text"', b"true"])
def test_a_message_that_is_no_object(hostile: Hostile, body: bytes) -> None:
    assert hostile.error(with_header(body), None) == INVALID_REQUEST


def test_a_batch_is_refused_as_a_whole(hostile: Hostile) -> None:
    batch = json.dumps([call("a", "codegen/explain"), call("b", "codegen/explain")])
    assert hostile.error(with_header(batch.encode()), None) == INVALID_REQUEST


@pytest.mark.parametrize(
    "message",
    [
        {"jsonrpc": "2.0", "id": 999_999, "result": None},
        {"jsonrpc": "2.0", "id": "unknown", "error": {"code": 1, "message": "no"}},
        {"jsonrpc": "2.0", "id": None, "error": {"code": 1, "message": "no"}},
        {"jsonrpc": "2.0", "id": "unknown", "error": 5},
    ],
)
def test_a_result_of_no_request(hostile: Hostile, message: Message) -> None:
    hostile.send(message)
    works(hostile)


def test_a_result_with_the_id_of_the_client_s_own_request(hostile: Hostile) -> None:
    pending = hostile.ask(hostile.put(f"# scripted: delay_ms=100\n{CARET}"))
    hostile.send({"jsonrpc": "2.0", "id": pending.id, "result": None})
    assert [each["insertText"] for each in pending.wait()["items"]] == ["scripted"]


def test_an_id_that_is_under_way_already(hostile: Hostile) -> None:
    place = hostile.put(f"# scripted: delay_ms=200\n{CARET}")
    params = {"textDocument": {"uri": place.uri}, "position": place.position}
    message = call("twice", INLINE, params | {"context": {"triggerKind": 2}})
    refused, answer = hostile.exchange(frame(message) + frame(message), "twice", "twice")[:2]
    assert refused["error"]["code"] == INVALID_REQUEST
    assert len(answer["result"]["items"]) == 1


@pytest.mark.parametrize("answer", [None, 5, "text", {"a": 1}, [5], []])
def test_a_client_that_answers_nonsense_to_the_question_for_its_settings(
    alone: Hostile, answer: Any
) -> None:
    alone.responders["workspace/configuration"] = lambda params: answer
    alone.initialize({"workspace": {"configuration": True}})
    alone.wait_ready()
    alone.leave()


# Frames


@pytest.mark.parametrize(
    "header",
    [
        "content-length: %d",
        "CONTENT-LENGTH:%d",
        "Content-Length : %d ",
        "X-Header: a\r\nContent-Length: %d\r\nContent-Type: application/json; charset=utf-8",
        "no header at all\r\nContent-Length: %d",
        "Content-Length: %d\nX-Header: a",
    ],
)
def test_headers_of_all_kinds(hostile: Hostile, header: str) -> None:
    id_ = next(_ids)
    body = body_of(call(id_, "codegen/explain"))
    (answer,) = hostile.exchange(with_header(body, (header % len(body)).encode()), id_)
    assert "result" in answer


@pytest.mark.parametrize(
    "garbage",
    [
        pytest.param(b"\r\n\r\n\r\n\n\n", id="empty lines"),
        pytest.param(b"\0\xff\xfe garbage \x1b\r\n", id="binary"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", id="HTTP"),
        pytest.param(with_header(b'{"jsonrpc": "2.0"}', b"X-Header: 1"), id="no length"),
        pytest.param(with_header(b'{"jsonrpc": "2.0"}', b"Content-Length: -1"), id="negative"),
        pytest.param(with_header(b'{"jsonrpc": "2.0"}', b"Content-Length: ten"), id="words"),
        pytest.param(
            with_header(b"{}", b"Content-Length: " + b"9" * 40), id="a length of 40 digits"
        ),
        pytest.param(b"x" * 300_000 + b"\r\n", id="more than headers may be"),
    ],
)
def test_garbage_between_frames_is_passed_over(hostile: Hostile, garbage: bytes) -> None:
    first, second = next(_ids), next(_ids)
    frames = [frame(call(id_, "codegen/explain")) for id_ in (first, second)]
    answers = hostile.exchange(garbage.join(frames) + garbage, first, second)
    assert [answer["id"] for answer in answers] == [first, second]


def test_a_length_that_is_too_short_costs_one_message(hostile: Hostile) -> None:
    body = body_of(call(1, "codegen/explain"))
    data = with_header(body, b"Content-Length: %d" % (len(body) - 3))
    assert hostile.error(data, None) == PARSE_ERROR
    works(hostile)


def test_a_frame_that_comes_byte_by_byte(hostile: Hostile) -> None:
    id_ = next(_ids)
    data = frame(call(id_, "codegen/explain"))
    for i in range(len(data) - 1):
        hostile.send_raw(data[i : i + 1])
    (answer,) = hostile.exchange(data[-1:], id_)
    assert "result" in answer


@pytest.mark.parametrize("body", [b"", b" ", b"{", b"not JSON", b"{'a': 1}", b"\xff\xfe\0", b"\0"])
def test_a_body_that_is_not_json(hostile: Hostile, body: bytes) -> None:
    assert hostile.error(with_header(body), None) == PARSE_ERROR
    works(hostile)


@pytest.mark.parametrize("broken", [b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf0\x9f\x99"])
def test_invalid_utf_8_within_a_request(hostile: Hostile, broken: bytes) -> None:
    id_ = next(_ids)
    body = body_of(call(id_, "codegen/explain", {"a": "?"})).replace(b"?", broken)
    (answer,) = hostile.exchange(with_header(body), id_)
    assert "result" in answer


# Documents


def test_an_unknown_document_is_answered_with_nothing(hostile: Hostile) -> None:
    uri = "file:///never-opened.py"
    assert hostile.inline_completion(uri, 0, 0).wait() == {"items": []}
    assert hostile.explain(uri).wait()["reason"]["code"] == "unknown_document"


@pytest.mark.parametrize("uri", ["", "a b", "untitled:1", "file://[", "\ud800", "x" * 100_000])
def test_any_uri_names_a_document(hostile: Hostile, uri: str) -> None:
    hostile.open(uri, "python", "x = ")
    assert len(hostile.inline_completion(uri, 0, 4).wait()["items"]) == 1
    hostile.close(uri)


def test_a_log_file_takes_any_uri(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with Hostile(tmp_path, "--log-file", str(log)) as editor:
        editor.initialize()
        editor.close("file:///\ud800.py")
        editor.leave()
    assert "file:///\\ud800.py is not open" in log.read_text("utf-8")


def test_changes_of_and_closing_a_closed_document_are_passed_over(hostile: Hostile) -> None:
    place = hostile.put(f"x = {CARET}")
    hostile.close(place.uri)
    hostile.change(place.uri, 2, None, "y")
    hostile.close(place.uri)
    assert hostile.items(place) == []
    assert hostile.reason(place) == "unknown_document"


def test_opening_an_open_document_replaces_its_text(hostile: Hostile) -> None:
    place = hostile.put(f"x = {CARET}")
    hostile.open(place.uri, "python", "other", version=1)
    assert hostile.text_of(place.uri, 2) == "other"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ((9, 0), (9, 9), "ab\ncd!"),
        ((0, 99), (0, 99), "ab!\ncd"),
        ((0, 1), (99, 99), "a!"),
        ((1, 1), (0, 1), "a!d"),
        ((2**31 - 1, 2**31 - 1), (2**31 - 1, 2**31 - 1), "ab\ncd!"),
    ],
)
def test_ranges_outside_the_text_are_clamped(
    hostile: Hostile, start: tuple[int, int], end: tuple[int, int], expected: str
) -> None:
    place = hostile.put(f"ab\ncd{CARET}")
    first, last = ({"line": line, "character": character} for line, character in (start, end))
    hostile.change(place.uri, 2, {"start": first, "end": last}, "!")
    assert hostile.text_of(place.uri, 3) == expected


@pytest.mark.parametrize("line", [-1, HUGE, "one", None])
def test_an_edit_at_no_position_leaves_the_text_alone(hostile: Hostile, line: Any) -> None:
    place = hostile.put(f"ab{CARET}")
    at = {"line": line, "character": 0}
    hostile.change(place.uri, 2, {"start": at, "end": at}, "!")
    assert hostile.text_of(place.uri, 3) == "ab"


@pytest.mark.parametrize(
    ("line", "character", "clamped"),
    [(0, 99, (0, 32)), (1, 2**31 - 1, (1, 5)), (99, 0, (1, 5)), (2**31 - 1, 2**31 - 1, (1, 5))],
)
def test_an_answer_outside_the_text_is_for_the_nearest_place_in_it(
    hostile: Hostile, line: int, character: int, clamped: tuple[int, int]
) -> None:
    place = hostile.put(f"# 🙂 scripted: replaces=1 text=a\r\nb🙂é){CARET}")
    (item,) = hostile.inline_completion(place.uri, line, character).wait()["items"]
    assert item["range"]["start"] == {"line": clamped[0], "character": clamped[1]}


def test_versions_out_of_order_follow_the_stream(hostile: Hostile) -> None:
    place = hostile.put(f"a{CARET}")
    start = {"start": PLACE, "end": PLACE}
    for version in (7, 3, 3, -5, 2**31 - 1):
        hostile.change(place.uri, version, start, "b")
    assert hostile.text_of(place.uri, 0) == "bbbbba"


@pytest.mark.parametrize("separator", ["\f", "\v", "\x1c", "\x1d", "\x85", "\u2028", "\u2029"])
def test_other_separators_are_no_line_ends(hostile: Hostile, separator: str) -> None:
    place = hostile.put(f"a{separator}b\nc{separator}d{CARET}")
    before_d = {"line": 1, "character": 2}
    hostile.change(place.uri, 2, {"start": before_d, "end": before_d}, f"[{separator}]")
    assert hostile.text_of(place.uri, 3) == f"a{separator}b\nc{separator}[{separator}]d"


def test_lone_surrogates_in_texts(hostile: Hostile) -> None:
    place = hostile.put(f"a\ud800b{CARET}")
    at = {"line": 0, "character": 3}
    hostile.change(place.uri, 2, {"start": at, "end": at}, "\udc00c")
    assert hostile.text_of(place.uri, 3) == "a\ufffdb\ufffdc"


def test_a_line_of_two_megabytes(hostile: Hostile) -> None:
    options = {"codegen-lsp": {"max_document_kb": 10_000}}
    hostile.notify("workspace/didChangeConfiguration", {"settings": options})
    place = hostile.put("🙂" * 500_000 + CARET)
    assert place.character == 1_000_000
    assert hostile.texts(place) == ["scripted"]
    middle = {"line": 0, "character": 500_000}
    hostile.change(place.uri, 2, {"start": middle, "end": place.position}, "x")
    assert hostile.text_of(place.uri, 3) == "🙂" * 250_000 + "x"
    hostile.close(place.uri)
    hostile.notify("workspace/didChangeConfiguration", {"settings": {"codegen-lsp": {}}})


def test_a_document_of_fifty_megabytes_is_answered_with_nothing(hostile: Hostile) -> None:
    uri = "file:///large.py"
    hostile.open(uri, "python", "x = 1\n" * (50_000_000 // 6))
    assert hostile.inline_completion(uri, 0, 0, invoked=True).wait() == {"items": []}
    assert hostile.explain(uri).wait()["reason"]["code"] == "document_too_large"
    hostile.close(uri)
    works(hostile)


# Bursts and cancelling


def test_of_two_hundred_requests_at_once_only_the_newest_holds_items(hostile: Hostile) -> None:
    place = hostile.put(f"# scripted: delay_ms=20\n{CARET}")
    params = {"textDocument": {"uri": place.uri}, "position": place.position}
    ids = [f"burst-{i}" for i in range(200)]
    messages = [call(id_, INLINE, params | {"context": {"triggerKind": 1}}) for id_ in ids]
    answers = hostile.exchange(b"".join(map(frame, messages)), *ids)
    assert [answer["id"] for answer in answers] == ids
    assert [len(answer["result"]["items"]) for answer in answers] == [0] * 199 + [1]


def test_a_cancellation_before_its_request_has_no_effect(hostile: Hostile) -> None:
    id_ = next(_ids)
    hostile.notify("$/cancelRequest", {"id": id_})
    (answer,) = hostile.exchange(frame(call(id_, "codegen/explain")), id_)
    assert "result" in answer


def test_a_cancellation_on_the_heels_of_its_request(hostile: Hostile) -> None:
    id_ = next(_ids)
    place = hostile.put(f"# scripted: delay_ms=10000\n{CARET}")
    params = {"textDocument": {"uri": place.uri}, "position": place.position}
    request = frame(call(id_, INLINE, params | {"context": {"triggerKind": 2}}))
    cancellation = frame(call(None, "$/cancelRequest", {"id": id_}))
    assert hostile.error(request + cancellation + cancellation, id_) == CANCELLED


def test_a_cancellation_while_the_model_works(hostile: Hostile, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    pending = hostile.ask(hostile.put(f"# scripted: touch={begun} wait_for=/never\n{CARET}"))
    until(begun.exists)
    hostile.cancel(pending)
    pending.finished()
    assert [each["error"]["code"] for each in hostile.heard[pending.id]] == [CANCELLED]
    works(hostile)


def test_a_cancellation_after_the_answer(hostile: Hostile) -> None:
    pending = hostile.ask(hostile.put(f"x{CARET}"))
    assert pending.wait()["items"]
    hostile.cancel(pending)
    works(hostile)
    assert hostile.answers[pending.id] == 1


def test_the_id_of_a_cancelled_request_used_again_at_once(hostile: Hostile) -> None:
    id_ = next(_ids)
    place = hostile.put(f"# scripted: delay_ms=100\n{CARET}")
    params = {"textDocument": {"uri": place.uri}, "position": place.position}
    request = frame(call(id_, INLINE, params | {"context": {"triggerKind": 2}}))
    cancellation = frame(call(None, "$/cancelRequest", {"id": id_}))
    answers = hostile.exchange(request + cancellation + request, id_, id_)[:2]
    codes = [answer.get("error", {}).get("code") for answer in answers]
    codes.remove(CANCELLED)
    # What is written at once may be read in parts: answered by then, the id is free again.
    assert codes in ([INVALID_REQUEST], [None])


# Faults of the model's process


@pytest.mark.parametrize("fault", ["raise=ValueError", "raise=MemoryError", "exit=137"])
def test_an_engine_that_fails_is_answered_told_and_restarted(hostile: Hostile, fault: str) -> None:
    since = len(hostile.notifications)
    place = hostile.put(f"# scripted: {fault}\n{CARET}")
    assert hostile.items(place) == []
    assert hostile.reason(place) == "engine_failed"

    def failed(method: str, params: Any) -> bool:
        return method == "didChangeStatus" and params["kind"] == "Error"

    hostile.wait_for(failed, since=since)
    hostile.wait_ready(since)
    works(hostile)


def test_what_the_model_prints_reaches_no_client(hostile: Hostile) -> None:
    place = hostile.put(f"# scripted: print=Content-Length:\n{CARET}")
    assert hostile.texts(place) == ["scripted"]
    assert hostile.malformed == []


# The beginning and the end


def test_requests_before_initialize(alone: Hostile) -> None:
    for number, method in enumerate([INLINE, "shutdown", "codegen/explain", "no/such"]):
        alone.asked[f"early-{number}"] += 1
        alone.send_raw(frame(call(f"early-{number}", method, PARAMS)))
    alone.notify("textDocument/didOpen", {})
    ready(alone)
    codes = [alone.heard[f"early-{number}"][0]["error"]["code"] for number in range(4)]
    assert codes == [NOT_INITIALIZED] * 4
    alone.leave()


@pytest.mark.parametrize("params", [None, [], 5])
def test_initialize_without_an_object_may_be_tried_again(alone: Hostile, params: Any) -> None:
    alone.asked["first"] += 1
    alone.send_raw(frame(call("first", "initialize") | {"params": params}))
    alone.initialize()
    assert [each["error"]["code"] for each in alone.heard["first"]] == [INVALID_PARAMS]
    alone.leave()


@pytest.mark.parametrize(
    "params",
    [
        {"rootUri": "file:///a%00b", "rootPath": "a\0b"},
        {"rootUri": 5, "workspaceFolders": [None], "initializationOptions": [1]},
        {"rootUri": "file:///" + "a" * 100_000, "capabilities": {"general": 5, "window": []}},
        {"initializationOptions": {"model": 5, "candidates": "x", "max_document_kb": HUGE}},
        {"capabilities": {"general": {"positionEncodings": [{}, None, "utf-7"]}}},
    ],
)
def test_initialize_with_odd_parameters(alone: Hostile, params: Message) -> None:
    result = alone.request("initialize", params)
    assert result["capabilities"]["positionEncoding"] == "utf-16"
    alone.notify("initialized", {})
    alone.wait_ready()
    works(alone)
    alone.leave()


def test_a_second_initialize(hostile: Hostile) -> None:
    assert hostile.error(call("again", "initialize", {"capabilities": {}}), "again") == (
        INVALID_REQUEST
    )
    works(hostile)


def test_requests_after_shutdown(alone: Hostile) -> None:
    alone.initialize()
    alone.request("shutdown")
    for number, method in enumerate([INLINE, "shutdown", "no/such", "initialize"]):
        pending = alone.start(method, PARAMS)
        assert pending.finished(), number
        assert alone.heard[pending.id][0]["error"]["code"] == INVALID_REQUEST
    alone.notify("textDocument/didOpen", {})
    alone.notify("exit")
    assert alone.wait_exit() == 0


def test_exit_without_shutdown(alone: Hostile) -> None:
    ready(alone)
    family = alone.family()
    alone.notify("exit")
    assert alone.wait_exit() == 1
    all_gone(family)


def test_exit_before_initialize(alone: Hostile) -> None:
    alone.notify("exit")
    assert alone.wait_exit() == 1


def test_a_client_that_closes_its_end(alone: Hostile) -> None:
    ready(alone)
    family = alone.family()
    assert len(family) == 2
    alone.ask(alone.put(f"# scripted: wait_for=/never\n{CARET}"))
    alone.close_input()
    alone.wait_exit()
    all_gone(family)


CLIENT_TO_KILL = """\
import sys, time
from pathlib import Path
from tests.e2e.editor import Editor

with Editor(Path(sys.argv[1])) as editor:
    editor.initialize()
    editor.wait_ready()
    print(editor.pid, flush=True)
    time.sleep(600)
"""


def test_a_client_that_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CLIENT_TO_KILL, str(tmp_path)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root) as client:
        assert client.stdout is not None
        server = psutil.Process(int(client.stdout.readline()))
        family = [server, *server.children()]
        client.kill()
    assert len(family) == 2
    all_gone(family)


@pytest.mark.parametrize("state", ["loading", "fetching", "working"])
def test_shutdown_while_the_model_is_busy(tmp_path: Path, state: str) -> None:
    begun, never = tmp_path / "begun", str(tmp_path / "never")
    environ = {
        "loading": {"SCRIPTED_LOAD_TOUCH": str(begun), "SCRIPTED_LOAD_WAIT_FOR": never},
        "fetching": {"SCRIPTED_FETCHED": never, "SCRIPTED_PULL_WAIT_FOR": never},
        "working": {},
    }[state]
    with Hostile(tmp_path, **environ) as editor:
        editor.initialize()
        pending = None
        if state == "loading":
            until(begun.exists)
        elif state == "fetching":
            editor.wait_for(lambda method, params: "command" in (params or {}))
            editor.run("codegen.fetchModel")
            editor.wait_status("half of it")
        else:
            editor.wait_ready()
            place = editor.put(f"# scripted: touch={begun} wait_for={never}\n{CARET}")
            pending = editor.ask(place)
            until(begun.exists)
        family = editor.family()
        assert len(family) == 2
        editor.leave()
        all_gone(family)
        if pending is not None:
            assert [each["error"]["code"] for each in editor.heard[pending.id]] == [CANCELLED]


def test_shutdown_and_exit_in_one_breath_still_answer_what_is_under_way(alone: Hostile) -> None:
    ready(alone)
    pending = [alone.ask(alone.put(f"# scripted: wait_for=/never\n{CARET}")) for _ in range(3)]
    alone.asked["last"] += 1
    alone.send_raw(frame(call("last", "shutdown")) + frame(call(None, "exit")))
    assert alone.wait_exit() == 0
    assert all(each.finished() for each in pending)
    assert (alone.unanswered(), alone.surplus()) == ({}, {})


# TCP


def test_one_completion_over_tcp(tmp_path: Path) -> None:
    log = tmp_path / "stderr"
    with log.open("wb") as stderr:
        command = [*SCRIPTED, "--tcp", "127.0.0.1:0"]
        server = subprocess.Popen(command, stderr=stderr, stdin=subprocess.DEVNULL, cwd=tmp_path)
    try:
        until(lambda: "\n" in log.read_text("utf-8"))
        (port,) = re.findall(
            r"codegen-lsp: listening on 127\.0\.0\.1:(\d+)\n", log.read_text("utf-8")
        )
        with socket.create_connection(("127.0.0.1", int(port))) as connection:
            complete_over(connection)
        assert server.wait(20) == 0
    finally:
        server.kill()
        server.wait()
    assert "Traceback" not in log.read_text("utf-8")


def complete_over(connection: socket.socket) -> None:
    """From the handshake to one suggestion."""
    document = {"uri": "file:///a.py", "languageId": "python", "version": 1, "text": "x = "}
    params = PARAMS | {"textDocument": {"uri": "file:///a.py"}}
    with connection.makefile("rb") as stream:

        def say(*messages: Message) -> None:
            connection.sendall(b"".join(map(frame, messages)))

        def hear() -> Any:
            return json.loads(read_body(stream, print) or b"null")

        say(call(1, "initialize", {"capabilities": {}}))
        assert hear()["id"] == 1
        say(call(None, "initialized", {}))
        say(call(None, "textDocument/didOpen", {"textDocument": document}))
        while (status := hear())["method"] != "didChangeStatus" or status["params"]["busy"]:
            pass
        say(call(2, INLINE, params))
        assert hear()["result"]["items"][0]["insertText"] == "scripted"
