"""What the server promises is what it handles."""

from codegen_lsp.server import features
from codegen_lsp.server.handshake import COMMANDS


def test_every_promised_command_is_handled_and_no_other() -> None:
    assert sorted(features._COMMANDS) == sorted(COMMANDS)
