"""`codegen-lsp demo`: complete a sample through the language server, as an editor would."""

import argparse
import subprocess
import sys
from typing import Any

from codegen_lsp.errors import CodegenError

_SAMPLE = '''def is_palindrome(text: str) -> bool:
    """Whether text reads the same backwards, ignoring case and punctuation."""
    '''
_URI = "untitled:sample.py"
_LOADING_S = 120
_ANSWER_S = 60


def add_parser(subparsers: Any) -> None:
    """Add the `demo` command to the `subparsers` of the main parser."""
    parser = subparsers.add_parser(
        "demo",
        help="complete a sample through the language server",
        description="Start the language server, open a sample in it and print what it suggests.",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry out the `demo` command; returns its exit status."""
    from codegen_lsp.evaluate.lsp_client import LspClient, items_of

    # -P: a pygls.py in the current folder, which may be anyone's project, is not run.
    command = [sys.executable, "-P", "-m", "codegen_lsp", "lsp"]
    with LspClient(command, stderr=subprocess.DEVNULL) as client:
        server = client.initialize()["serverInfo"]
        print(f"{server['name']} {server['version']} is started; it loads the model")
        _, status = client.wait_for(_is_settled, _LOADING_S)
        if status["kind"] != "Normal":
            raise CodegenError(f"the server has no model: {status['message']}")
        client.open(_URI, "python", _SAMPLE)
        line, character = _SAMPLE.count("\n"), len(_SAMPLE) - _SAMPLE.rfind("\n") - 1
        asked = client.inline_completion(_URI, line, character, invoked=True)
        items = items_of(asked.wait(_ANSWER_S))
        why = client.explain(_URI).wait(_ANSWER_S)["summary"]
        client.shutdown()
    print(f"textDocument/inlineCompletion at line {line + 1}: {why}\n")
    if items:
        print(client.apply(_SAMPLE, items[0]))
    return 0


def _is_settled(method: str, params: Any) -> bool:
    return method == "didChangeStatus" and not params["busy"]
