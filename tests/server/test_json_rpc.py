"""What counts as a message, and which error answers what does not."""

import json

import pytest

from codegen_lsp.server.json_rpc import (
    INVALID_REQUEST,
    PARSE_ERROR,
    InvalidMessageError,
    decode,
    encode_error,
    encode_result,
)


@pytest.mark.parametrize(
    "message",
    [
        {"jsonrpc": "2.0", "id": 1, "method": "a", "params": {}},
        {"jsonrpc": "2.0", "id": "x", "method": "a"},
        {"jsonrpc": "2.0", "method": "a"},
        {"jsonrpc": "2.0", "id": 1, "result": None},
        {"jsonrpc": "2.0", "id": None, "error": {"code": 1, "message": ""}},
    ],
)
def test_requests_notifications_and_responses_pass(message: dict[str, object]) -> None:
    assert decode(json.dumps(message).encode()) == message


@pytest.mark.parametrize(
    ("body", "code", "id_"),
    [
        (b"", PARSE_ERROR, None),
        (b"{", PARSE_ERROR, None),
        (b"[" * 100_000, PARSE_ERROR, None),
        (b"1" * 5000, PARSE_ERROR, None),
        (b"[]", INVALID_REQUEST, None),
        (b'"text"', INVALID_REQUEST, None),
        (b"{}", INVALID_REQUEST, None),
        (b'{"id": 7, "method": "a"}', INVALID_REQUEST, 7),
        (b'{"jsonrpc": "1.0", "id": "x", "method": "a"}', INVALID_REQUEST, "x"),
        (b'{"jsonrpc": "2.0", "id": 7, "method": 5}', INVALID_REQUEST, 7),
        (b'{"jsonrpc": "2.0", "id": 7}', INVALID_REQUEST, 7),
        (b'{"jsonrpc": "2.0", "id": null, "method": "a"}', INVALID_REQUEST, None),
        (b'{"jsonrpc": "2.0", "id": true, "method": "a"}', INVALID_REQUEST, None),
        (b'{"jsonrpc": "2.0", "id": 1.5, "method": "a"}', INVALID_REQUEST, None),
        (b'{"jsonrpc": "2.0", "id": {}, "method": "a"}', INVALID_REQUEST, None),
        (b'{"jsonrpc": "2.0", "result": 1}', INVALID_REQUEST, None),
    ],
)
def test_the_rest_is_refused_by_id_where_there_is_one(body: bytes, code: int, id_: object) -> None:
    with pytest.raises(InvalidMessageError) as caught:
        decode(body)
    answer = json.loads(caught.value.answer)
    assert (answer["id"], answer["error"]["code"]) == (id_, code)
    assert answer["jsonrpc"] == "2.0"


def test_bytes_that_are_not_utf8_cost_only_themselves() -> None:
    message = decode(
        b'{"jsonrpc": "2.0", "id": 1, "method": "a", "params": {"text": "a\xff\xfeb"}}'
    )
    assert message["params"]["text"] == "a\ufffd\ufffdb"


def test_answers_are_ascii_json() -> None:
    result = json.loads(encode_result("é", {"a": "😀"}))
    assert result == {"jsonrpc": "2.0", "id": "é", "result": {"a": "😀"}}
    assert json.loads(encode_error(None, -1, "x"))["error"] == {"code": -1, "message": "x"}
    assert encode_result(1, "é").isascii()
