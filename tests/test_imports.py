"""What starting up loads: nothing that takes seconds."""

import json
import subprocess
import sys

import pytest

HEAVY = {"torch", "transformers", "tokenizers", "huggingface_hub", "tree_sitter", "numpy", "gguf"}


def modules_after(code: str) -> set[str]:
    """Top-level modules that a fresh interpreter has loaded after `code`."""
    report = "import json, sys; print('\\n' + json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"], capture_output=True, check=True, timeout=60
    )
    return {name.partition(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}


@pytest.mark.parametrize(
    "code",
    [
        "import codegen_lsp",
        """
from codegen_lsp.cli import main
try:
    main(["--version"])
except SystemExit as done:
    assert done.code == 0
""",
        """
from codegen_lsp.cli import main
assert main(["complete", "no-such-file.py:1:1"]) == 2
""",
    ],
    ids=["import", "version", "usage error"],
)
def test_nothing_heavy_is_loaded(code: str) -> None:
    loaded = modules_after(code)
    assert "codegen_lsp" in loaded
    assert not HEAVY & loaded


def test_the_answer_to_initialize_needs_neither_the_model_nor_pygls() -> None:
    loaded = modules_after("import codegen_lsp.server.run, codegen_lsp.server.handshake")
    assert not (HEAVY | {"pygls", "lsprotocol", "sqlite3"}) & loaded


def test_the_server_loads_nothing_heavy() -> None:
    loaded = modules_after("import codegen_lsp.server.features")
    assert "pygls" in loaded
    assert not (HEAVY | {"pathspec"}) & loaded
