"""What the tests of the extension are driven with."""

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[2]

Drive = Callable[..., subprocess.CompletedProcess[str]]


def scripted_server(folder: Path, script: Path = ROOT / "tests/e2e/scripted_server.py") -> Path:
    """A `codegen-lsp` whose language server is `script`, as an executable file."""
    return executable(
        folder / "codegen-lsp",
        f'export PYTHONPATH="{ROOT}"',
        'if [ "$1" = lsp ]; then shift',
        f'exec "{sys.executable}" "{script}" "$@"; fi',
        f'exec "{sys.executable}" -m codegen_lsp "$@"',
    )


def real_server(folder: Path) -> Path:
    """A `codegen-lsp` of this repository, as an executable file."""
    run = f'PYTHONPATH="{ROOT}" exec "{sys.executable}" -m codegen_lsp "$@"'
    return executable(folder / "codegen-lsp", run)


def executable(file: Path, *lines: str) -> Path:
    """A shell script of these lines."""
    file.write_text("\n".join(("#!/bin/sh", *lines, "")), encoding="utf-8")
    file.chmod(0o755)
    return file


def wheel_of(folder: Path, program: Path) -> Path:
    """A wheel whose `codegen-lsp` runs `program`."""
    file = folder / "codegen_lsp-0.0.1-py3-none-any.whl"
    run = f"import os, sys\n\ndef main():\n    os.execv({str(program)!r}, sys.argv)\n"
    info = "codegen_lsp-0.0.1.dist-info"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("started.py", run)
        archive.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: codegen-lsp\nVersion: 0.0.1\n"
        )
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(
            f"{info}/entry_points.txt", "[console_scripts]\ncodegen-lsp = started:main\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return file


def login_path(home: Path, folder: Path) -> None:
    """Put `folder` on the PATH of the login shell, where VS Code takes it from."""
    for name in (".bash_profile", ".bashrc"):
        (home / name).write_text(f'export PATH="{folder}:$PATH"\n', encoding="utf-8")


def said(done: subprocess.CompletedProcess[str]) -> str:
    return done.stdout + done.stderr


def type_into(
    drive: Drive,
    package: Path,
    folder: Path,
    content: str,
    *steps: dict[str, object],
    **options: Any,
) -> subprocess.CompletedProcess[str]:
    """Open a file with `content` in the installed extension, and do `steps` at its end."""
    file = folder / "typed/sample.py"
    file.parent.mkdir()
    file.write_text(content, encoding="utf-8")
    begin = [{"status": "ready"}, {"press": "Control+End"}]
    return drive(
        "run_typing.mjs",
        folder=str(file.parent),
        file=file.name,
        extension=str(package),
        steps=[*begin, *steps],
        **options,
    )


def is_running(pid: int) -> bool:
    """Whether there is such a process; one that has ended and is not yet waited for is none."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes() != b""
    except FileNotFoundError:
        return False
