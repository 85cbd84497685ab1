"""A language server that does as its requests say; every fault of a real one can be had from it."""

import json
import os
import sys
import time
from typing import Any


def write(message: Any) -> None:
    body = json.dumps(message).encode()
    write_raw(b"Content-Length: %d\r\nContent-Type: x\r\n\r\n" % len(body) + body)


def write_raw(data: bytes) -> None:
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def read() -> Any:
    length = 0
    while line := sys.stdin.buffer.readline():
        if not line.strip():
            return json.loads(sys.stdin.buffer.read(length))
        length = int(line.split(b":")[1])
    sys.exit(7)  # the client closed our input


def answer(message: Any) -> None:
    method, params = message["method"], message.get("params")
    result = {"jsonrpc": "2.0", "id": message["id"], "result": message}
    if method == "initialize":
        encodings = params["capabilities"].get("general", {}).get("positionEncodings")
        capabilities = {"positionEncoding": encodings[0]} if encodings else {}
        write(result | {"result": {"capabilities": capabilities, "params": params}})
    elif method == "test/fail":
        error = {"code": -32800, "message": "told to"}
        write({"jsonrpc": "2.0", "id": message["id"], "error": error})
    elif method == "test/twice":
        write(result)
        write(result)
    elif method == "test/garbage":
        write_raw(b"a print\n" + b"Content-Length: 4\r\n\r\n{not" + b"Content-Length: 2\r\n\r\n[]")
        write_raw(b"Content-Length: x\n")
        write(result | {"id": [1]})
        write(result)
    elif method == "test/die":
        sys.exit(3)
    elif method == "test/deaf":
        os.close(0)
        write(result)
        time.sleep(60)
    elif method == "test/ask":
        write({"jsonrpc": "2.0", "id": "s1", "method": params[0], "params": params[1]})
        write(result | {"result": read()})
    elif method != "test/silent":
        write(result)


while True:
    received = read()
    if "id" in received:
        answer(received)
    elif received["method"] == "exit":
        break
    else:
        write({"jsonrpc": "2.0", "method": "test/heard", "params": received})
