"""The scripted server without inline completion: tests that wait for ghost text must fail."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from codegen_lsp.cli import main
from codegen_lsp.config import Settings
from codegen_lsp.server import handshake
from codegen_lsp.server.client import Client
from codegen_lsp.worker import client as worker
from tests.worker.scripted_worker import COMMAND

worker.DEFAULT_COMMAND = COMMAND
_result = handshake._result


def _incapable(client: Client, settings: Settings) -> dict[str, object]:
    result = _result(client, settings)
    capabilities = result["capabilities"]
    assert isinstance(capabilities, dict)
    del capabilities["inlineCompletionProvider"]
    return result


handshake._result = _incapable

if __name__ == "__main__":
    sys.exit(main(["lsp", *sys.argv[1:]]))
