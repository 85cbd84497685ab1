"""A language server that suggests the same to everybody; its worker does nothing.

With "alone" as its argument it starts no worker, with "bare" it says that it has no model, with
"forgetful" it never knows what it suggested, with "slow" it asks its model again for what it knows,
with "mute" it suggests nothing.
"""

import json
import subprocess
import sys
from collections import Counter
from typing import Any

SUGGESTION = "suggested(text)\n"
fault = sys.argv[-1]
typed: Counter[str] = Counter()


def write(message: Any) -> None:
    body = json.dumps({"jsonrpc": "2.0"} | message).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
    sys.stdout.buffer.flush()


def read() -> Any:
    length = int(sys.stdin.buffer.readline().split(b":")[1])
    sys.stdin.buffer.readline()
    return json.loads(sys.stdin.buffer.read(length))


def completion(params: Any) -> Any:
    if params["context"]["triggerKind"] == 2 and fault != "forgetful":
        typed[params["textDocument"]["uri"]] += 1
    place = {"start": params["position"], "end": params["position"]}
    rest = "" if fault == "mute" else SUGGESTION[typed[params["textDocument"]["uri"]] :]
    return {"items": [{"insertText": rest, "range": place}] if rest else []}


def explanation(params: Any) -> Any:
    if params["textDocument"]["uri"] not in typed:
        return {"error": {"code": -32803, "message": "nothing yet"}}
    return {"result": {"source": "model" if fault == "slow" else "cache"}}


worker = None
if fault != "alone":
    worker = subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()", "codegen_lsp.worker"],
        stdin=subprocess.PIPE,
    )
while (received := read())["method"] != "exit":
    if received["method"] == "initialized":
        write({"method": "didChangeStatus", "params": {"busy": True, "kind": "Normal"}})
        kind = "Warning" if fault == "bare" else "Normal"
        status = {"busy": False, "kind": kind, "message": "not fetched"}
        write({"method": "didChangeStatus", "params": status})
    elif received["method"] == "textDocument/inlineCompletion":
        write({"id": received["id"], "result": completion(received["params"])})
    elif received["method"] == "codegen/explain":
        write({"id": received["id"]} | explanation(received["params"]))
    elif "id" in received:
        write({"id": received["id"], "result": {"capabilities": {}}})
if worker and worker.stdin:
    worker.stdin.close()
    worker.wait()
