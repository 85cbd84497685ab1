"""pygls' protocol, made strict: every request gets exactly one answer, whatever it looks like.

pygls leaves malformed requests and requests after `shutdown` unanswered, tells the user of every
error in a popup, and puts messages into its logs. What is different here: bodies come from
`transport`, `initialize` has been answered by `handshake`, and documents are kept by `documents`.
"""

import asyncio
import contextvars
import logging
from collections.abc import Generator, Iterable, Mapping
from concurrent.futures import Future
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcRequestCancelled
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method

from codegen_lsp.errors import CodegenError
from codegen_lsp.server.json_rpc import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    REQUEST_FAILED,
    InvalidMessageError,
    Message,
    MessageId,
    decode,
    encode_error,
)

_log = logging.getLogger(__name__)

_ENDING_S = 0.5  # for what is under way when the client leaves

_KEPT_BUILTINS = (
    types.INITIALIZED,
    types.SET_TRACE,
    types.SHUTDOWN,
    types.WORKSPACE_EXECUTE_COMMAND,
)

raw_params: contextvars.ContextVar[Mapping[str, Any]] = contextvars.ContextVar("raw_params")
"""The parameters of the message being handled as they came, with what lsprotocol does not know."""


class Protocol(LanguageServerProtocol):
    """What one client says and hears.

    Attributes:
        exit_status: of the process, once the client has sent `exit`.
    """

    exit_status: int | None = None

    def __init__(self, server: LanguageServer, converter: Any) -> None:
        super().__init__(server, converter)
        for method in self.fm.builtin_features.keys() - set(_KEPT_BUILTINS):
            del self.fm.builtin_features[method]

    def receive(self, body: bytes) -> None:
        """Handle one message; errors are answered or logged, never raised."""
        try:
            self._receive(decode(body))
        except InvalidMessageError as error:
            _log.warning("refused a message: %s", error)
            self._write(error.answer)
        except Exception:  # the one place where a fault of ours would end the server
            _log.exception("a message could not be handled")

    async def cancel_all(self) -> None:
        """End every request that is under way; returns once they are answered."""
        under_way: Iterable[object] = self._request_futures.values()
        tasks = [each for each in under_way if isinstance(each, asyncio.Task)]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=_ENDING_S)
            await asyncio.sleep(0)  # the callbacks that answer them

    def _receive(self, message: Message) -> None:
        method = message.get("method")
        if method is None:
            self._receive_response(message)
        elif "id" in message:
            self._receive_request(message["id"], method, message)
        elif method == types.EXIT:
            self.exit_status = 0 if self._shutdown else 1
        elif not self._shutdown:
            self._receive_notification(method, message)

    def _receive_request(self, id_: MessageId, method: str, message: Message) -> None:
        if self._shutdown:
            self._refuse(id_, INVALID_REQUEST, "the server has been shut down")
        elif method == types.INITIALIZE:
            self._refuse(id_, INVALID_REQUEST, "the server is initialized already")
        elif id_ in self._request_futures:
            self._refuse(id_, INVALID_REQUEST, f"a request with the id {id_!r} is under way")
        elif not self._handles(method):
            self._refuse(id_, METHOD_NOT_FOUND, f"unknown method {method}")
        else:
            try:
                params = self._structure(method, message)
            except Exception as error:
                _log.warning("refused the parameters of %s: %s", method, type(error).__name__)
                self._refuse(id_, INVALID_PARAMS, f"invalid parameters of {method}")
                return
            context = self._context(message)
            context.run(self._handle_request, id_, method, params)

    def _receive_notification(self, method: str, message: Message) -> None:
        if method == types.CANCEL_REQUEST:
            self._cancel(message.get("params"))
            return
        if not self._handles(method):
            _log.debug("ignored the notification %s", method)
            return
        try:
            params = self._structure(method, message)
        except Exception as error:
            _log.warning("ignored the malformed notification %s: %s", method, type(error).__name__)
            return
        self._context(message).run(self._handle_notification, method, params)

    def _cancel(self, params: object) -> None:
        """Cancel a request of the client; it stays under way until it is answered."""
        id_ = params.get("id") if isinstance(params, dict) else None
        task = self._request_futures.get(id_) if isinstance(id_, int | str) else None
        if isinstance(task, asyncio.Task):  # those of our own requests are no tasks
            task.cancel()

    def _receive_response(self, message: Message) -> None:
        """Hand the client's answer to what waits for it; a malformed one counts as an error."""
        id_ = message["id"]
        # The client's requests are kept with ours, which alone have a type of result.
        future = self._request_futures.get(id_) if id_ in self._result_types else None
        if future is None or future.cancelled():
            _log.warning("ignored a response that nobody waits for")
            return
        try:
            response = self.structure_message(message)
        except Exception as error:
            _log.warning("a response was malformed: %s", type(error).__name__)
            fault = {"code": INVALID_REQUEST, "message": "malformed response"}
            response = self.structure_message({"jsonrpc": "2.0", "id": id_, "error": fault})
        self._result_types.pop(id_, None)
        self.handle_message(response)

    def _handles(self, method: str) -> bool:
        return method in self.fm.builtin_features or method in self.fm.features

    def _structure(self, method: str, message: Message) -> Any:
        """The parameters as lsprotocol's type; those of methods it does not know as they came."""
        message_type = self.get_message_type(method)
        if message_type is None:
            return message.get("params")
        return self._converter.structure(message, message_type).params

    def _context(self, message: Message) -> contextvars.Context:
        context = contextvars.copy_context()
        params = message.get("params")
        context.run(raw_params.set, params if isinstance(params, dict) else {})
        return context

    def _send_handler_result(self, future: "Future[Any]", *, msg_id: MessageId) -> None:
        self._request_futures.pop(msg_id, None)
        if future.cancelled():
            self._refuse(msg_id, JsonRpcRequestCancelled.CODE, "the request was cancelled")
            return
        error = future.exception()
        if error is None:
            self._send_response(msg_id, result=future.result())
        elif isinstance(error, JsonRpcException):
            self._refuse(msg_id, error.code, error.message)
        elif isinstance(error, CodegenError):
            self._refuse(msg_id, REQUEST_FAILED, str(error))
        else:
            _log.error("a request failed", exc_info=error)
            self._refuse(msg_id, INTERNAL_ERROR, f"internal error: {type(error).__name__}")

    def _check_handler_result(self, future: "Future[Any]") -> None:
        if not future.cancelled() and (error := future.exception()) is not None:
            _log.error("a notification could not be handled", exc_info=error)

    @lsp_method(types.SHUTDOWN)
    def lsp_shutdown(self, *_params: object) -> Generator[Any, Any, None]:
        """Answer everything that is under way, as cancelled, and then this request."""
        for id_, future in list(self._request_futures.items()):
            if id_ != self.msg_id:
                future.cancel()
        self._shutdown = True
        yield from ()  # pygls' own handlers are generators

    def _refuse(self, id_: MessageId, code: int, reason: str) -> None:
        self._write(encode_error(id_, code, reason))

    def _write(self, body: bytes) -> None:
        if self.writer is not None:
            self.writer.write(body)
