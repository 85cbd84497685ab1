"""The scripted server without inline completion: what must fail the tests that wait for ghost text."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from codegen_lsp.cli import main  # noqa: E402
from codegen_lsp.server import handshake  # noqa: E402
from codegen_lsp.worker import client  # noqa: E402
from tests.worker.scripted_worker import COMMAND  # noqa: E402

client.DEFAULT_COMMAND = COMMAND
_result = handshake._result


def _incapable(*arguments: object) -> dict[str, object]:
    result = _result(*arguments)  # type: ignore[arg-type]
    del result["capabilities"]["inlineCompletionProvider"]  # type: ignore[attr-defined]
    return result


handshake._result = _incapable

if __name__ == "__main__":
    sys.exit(main(["lsp", *sys.argv[1:]]))
