"""JSON-RPC messages as they lie on the wire: decode and check one, encode an answer.

pygls answers nothing at all when a message is malformed; here every message that can be told to be
a request becomes either a dict that a handler may read or an error that names its id.
"""

import json
from typing import Any

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
SERVER_NOT_INITIALIZED = -32002
REQUEST_FAILED = -32803

Message = dict[str, Any]
MessageId = int | str


class InvalidMessageError(Exception):
    """What has arrived is no JSON-RPC message.

    Attributes:
        code: of the error to answer with.
        id: of the message, None where it has no usable one.
    """

    def __init__(self, code: int, message: str, id_: MessageId | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.id = id_

    @property
    def answer(self) -> bytes:
        """The body of the error response."""
        return encode_error(self.id, self.code, str(self))


def decode(body: bytes) -> Message:
    """The message in `body`: a request, a notification or a response.

    Bytes that are not UTF-8 are replaced, so that the request they stand in is still answered.

    Raises:
        InvalidMessageError: it is none of these.
    """
    try:
        message = json.loads(body.decode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise InvalidMessageError(PARSE_ERROR, f"the message is not JSON: {error}") from error
    if not isinstance(message, dict):
        raise InvalidMessageError(INVALID_REQUEST, "a message must be one JSON object")
    id_ = message.get("id")
    has_id = isinstance(id_, int | str) and not isinstance(id_, bool)
    if "id" in message and not has_id and not ("error" in message and id_ is None):
        raise InvalidMessageError(INVALID_REQUEST, "the id must be a whole number or a string")
    fault = _fault(message)
    if fault:
        raise InvalidMessageError(INVALID_REQUEST, fault, id_ if has_id else None)
    return message


def _fault(message: Message) -> str | None:
    if message.get("jsonrpc") != "2.0":
        return 'the message must say "jsonrpc": "2.0"'
    if "method" in message:
        return None if isinstance(message["method"], str) else "the method must be a string"
    if "id" not in message or not ("result" in message or "error" in message):
        return "the message has neither a method nor the result of one"
    return None


def encode_result(id_: MessageId, result: object) -> bytes:
    """The body of a response that carries `result`."""
    return _encode({"id": id_, "result": result})


def encode_error(id_: MessageId | None, code: int, message: str) -> bytes:
    """The body of an error response."""
    return _encode({"id": id_, "error": {"code": code, "message": message}})


def _encode(fields: Message) -> bytes:
    return json.dumps({"jsonrpc": "2.0", **fields}).encode()
