"""Runs one case of a Lua file, cases.lua or plugin_cases.lua, in one headless Neovim."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SCRIPTED_SERVER = [sys.executable, str(ROOT / "tests/e2e/scripted_server.py")]
REAL_SERVER = [sys.executable, "-m", "codegen_lsp", "lsp"]


def files_of_the_user(folder: Path) -> dict[str, str]:
    """Variables with which an editor and the server keep what is a user's in `folder`."""
    homes = {f"XDG_{name}_HOME": str(folder / name) for name in ("CONFIG", "STATE", "DATA")}
    own = {
        f"CODEGEN_LSP_{name}_DIR": str(folder / f"codegen-{name}") for name in ("CONFIG", "DATA")
    }
    return homes | own


def run_case(
    nvim: str,
    folder: Path,
    name: str,
    server: list[str],
    *,
    file: str = "cases.lua",
    variables: Mapping[str, str] | None = None,
) -> None:
    """Run the case `name` of `file` to its end in `folder`; an AssertionError says what it did not.

    `variables` of the environment say more about how.
    """
    done = subprocess.run(
        [nvim, "--headless", "--clean", "-S", str(HERE / file)],
        cwd=folder,
        env=os.environ
        | {
            "CODEGEN_LSP_TEST_CASE": name,
            "CODEGEN_LSP_TEST_SERVER": json.dumps(server),
            "PYTHONPATH": str(ROOT),
        }
        | dict(variables or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
