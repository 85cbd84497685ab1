"""The scripted server (tests/e2e/scripted_server.py), which does not say that it suggests."""

import runpy
from pathlib import Path
from typing import Any

from codegen_lsp.server import handshake

_result = handshake._result


def _without_suggestions(*arguments: Any) -> dict[str, Any]:
    result: dict[str, Any] = _result(*arguments)
    del result["capabilities"]["inlineCompletionProvider"]
    return result


handshake._result = _without_suggestions
runpy.run_path(str(Path(__file__).parents[2] / "e2e/scripted_server.py"), run_name="__main__")
