"""The scripted server (tests/e2e/scripted_server.py), which does not say that it suggests."""

import runpy
from pathlib import Path

from codegen_lsp.config import Settings
from codegen_lsp.server import handshake
from codegen_lsp.server.client import Client

_result = handshake._result


def _without_suggestions(client: Client, settings: Settings) -> dict[str, object]:
    result = _result(client, settings)
    capabilities = result["capabilities"]
    assert isinstance(capabilities, dict)
    return result | {"capabilities": capabilities | {"inlineCompletionProvider": None}}


handshake._result = _without_suggestions
runpy.run_path(str(Path(__file__).parents[2] / "e2e/scripted_server.py"), run_name="__main__")
