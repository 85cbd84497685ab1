"""Starting the real command, as a shell would."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

Command = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture(scope="session")
def command() -> Command:
    """`command(*arguments, stdin=b"", **environment)` runs `codegen-lsp` to its end."""

    def run(
        *arguments: str, stdin: bytes = b"", **environment: str
    ) -> subprocess.CompletedProcess[bytes]:
        done = subprocess.run(
            [sys.executable, "-m", "codegen_lsp", *arguments],
            input=stdin,
            capture_output=True,
            env=os.environ | environment,
            check=False,
            timeout=300,
        )
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        return done

    return run
