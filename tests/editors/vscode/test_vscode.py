"""The extension in a real VS Code, with a scripted model unless a test says otherwise.

`make test-editors` installs what they need: .venv/vscode-1.139 and .venv/vscode-1.96.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
SCREENSHOTS = ROOT / "build/screenshots"
VERSIONS = ("1.139", "1.96")

pytestmark = pytest.mark.vscode

Drive = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(params=VERSIONS)
def drive(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drive:
    """`drive(script, **options)` runs one of the scripts here in a fresh VS Code.

    Those in the extension host take the extension as `package` has just built it.
    """
    folder = Path(os.environ.get("CODEGEN_LSP_VSCODE", ROOT / ".venv"))
    installed = folder / f"vscode-{request.param}"
    if not (installed / "ready").exists():
        pytest.fail(f"no VS Code at {installed}: run `make test-editors`")
    home = tmp_path / "home"
    home.mkdir()
    config = tmp_path / "config"
    config.mkdir()
    (config / "config.toml").write_text("candidates = 2\n", encoding="utf-8")
    monkeypatch.setenv("CODEGEN_LSP_CONFIG_DIR", str(config))
    monkeypatch.setenv("CODEGEN_LSP_DATA_DIR", str(tmp_path / "data"))
    node = shutil.which("node")
    assert node is not None

    def run(script: str, **options: Any) -> subprocess.CompletedProcess[str]:
        server = options.pop("server") if "server" in options else scripted_server(tmp_path)
        settings = {"codegen-lsp.server.path": str(server)} if server else {}
        settings |= options.pop("settings", {})
        given = {"installed": str(installed), "home": str(home), "settings": settings, **options}
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        given.setdefault("screenshots", str(SCREENSHOTS / f"vscode-{request.param}"))
        return subprocess.run(
            [node, str(HERE / script), json.dumps(given)],
            capture_output=True,
            text=True,
            check=False,
            timeout=400,
        )

    return run


def scripted_server(folder: Path, script: Path = ROOT / "tests/e2e/scripted_server.py") -> Path:
    """A `codegen-lsp` whose language server is `script`, as an executable file."""
    return executable(
        folder / "codegen-lsp",
        f'export PYTHONPATH="{ROOT}"',
        'if [ "$1" = lsp ]; then shift',
        f'exec "{sys.executable}" "{script}" "$@"; fi',
        f'exec "{sys.executable}" -m codegen_lsp "$@"',
    )


def executable(file: Path, *lines: str) -> Path:
    """A shell script of these lines."""
    file.write_text("\n".join(("#!/bin/sh", *lines, "")), encoding="utf-8")
    file.chmod(0o755)
    return file


def said(done: subprocess.CompletedProcess[str]) -> str:
    return done.stdout + done.stderr


def test_in_the_extension_host(drive: Drive, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    done = drive("run_in_host.mjs", folder=str(folder), cases="trusted")
    assert done.returncode == 0, said(done)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a program, settings and a project file; another program is elsewhere."""
    folder = tmp_path / "project"
    (folder / ".vscode").mkdir(parents=True)
    (folder / ".vscode/settings.json").write_text('{"codegen-lsp.automatic": false}')
    (folder / ".codegen-lsp.toml").write_text('disabled_languages = ["python"]\n')
    for name in ("project/.venv/bin", "bin"):
        (tmp_path / name).mkdir(parents=True)
        scripted_server(tmp_path / name)
    # Not PATH itself: VS Code asks the login shell for that.
    monkeypatch.setenv("CODEGEN_LSP_TEST_PATH", str(tmp_path / "bin"))
    return folder


def test_a_trusted_folder_is_read(drive: Drive, project: Path) -> None:
    done = drive("run_in_host.mjs", folder=str(project), cases="trusted_folder", server="")
    assert done.returncode == 0, said(done)


def test_an_untrusted_folder_is_left_alone(drive: Drive, project: Path) -> None:
    done = drive("run_in_host.mjs", folder=str(project), cases="untrusted", server="", trusts=False)
    assert done.returncode == 0, said(done)


@pytest.fixture(scope="session")
def package() -> Path:
    """The extension as it is shipped."""
    done = subprocess.run(
        ["npm", "run", "--silent", "package"],
        cwd=ROOT / "editors/vscode",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, said(done)
    return ROOT / "editors/vscode/out/codegen-lsp.vsix"


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


def test_a_person_types_sees_and_accepts(drive: Drive, package: Path, tmp_path: Path) -> None:
    script = '# scripted: text="return a + b"\n'
    done = type_into(
        drive,
        package,
        tmp_path,
        script,
        {"type": "def add(a, b):\n"},
        {"ghost": "return a + b"},
        {"shot": "ghost_text"},
        {"press": "Tab"},
        {"file": f"{script}def add(a, b):\n    return a + b"},
        {"shot": "accepted"},
    )
    assert done.returncode == 0, said(done)


def test_a_word_and_a_line_are_accepted(drive: Drive, package: Path, tmp_path: Path) -> None:
    script = '# scripted: text="né += 🎉 * 2\\nprint(né)"\n'
    done = type_into(
        drive,
        package,
        tmp_path,
        f"{script}naïve = '🎉';",
        {"type": " "},
        {"ghost": "né += 🎉 * 2\nprint(né)"},
        {"press": "Control+ArrowRight"},
        {"ghost": " += 🎉 * 2\nprint(né)"},
        {"shot": "a_word_accepted"},
        {"press": "Control+Alt+L"},
        {"ghost": "print(né)"},
        {"shot": "a_line_accepted"},
        {"press": "Tab"},
        {"file": f"{script}naïve = '🎉'; né += 🎉 * 2\nprint(né)"},
        keybindings=[{"key": "ctrl+alt+l", "command": "codegen-lsp.acceptLine"}],
    )
    assert done.returncode == 0, said(done)


def test_a_code_action_writes_the_docstring(drive: Drive, package: Path, tmp_path: Path) -> None:
    lines = ("def add(a, b):", '    # scripted: sentence="Add é."', "    return a + b", "")
    docstring = (
        *('    """Add é.', "", "    Args:", "        a: Add é.", "        b: Add é."),
        *("", "    Returns:", "        Add é.", '    """'),
    )
    done = type_into(
        drive,
        package,
        tmp_path,
        "\n".join(lines),
        {"press": "Control+Home"},
        {"run": "codegen-lsp: Generate Docstring"},
        {"see": "Args:"},
        {"shot": "docstring"},
        {"file": "\n".join((lines[0], *docstring, *lines[1:]))},
        {"run": "codegen-lsp: Show Statistics"},
        {"pause": 1500},
        {"shot": "statistics"},
    )
    assert done.returncode == 0, said(done)


def test_fast_typing_loses_no_key_and_shows_nothing_for_an_older_text(
    drive: Drive, package: Path, tmp_path: Path
) -> None:
    script = "# scripted: report=request delay_ms=30\n"
    typed = "the quick brown fox jumps over the lazy dog " * 5
    done = type_into(
        drive,
        package,
        tmp_path,
        script,
        {"watch": True},
        {"type": typed[:200], "delayMs": 15},
        {"pause": 1000},
        {"fresh": len(script)},
        {"file": script + typed[:200]},
        # A selected word would go before the suggestion.
        settings={"editor.wordBasedSuggestions": "off"},
    )
    assert done.returncode == 0, said(done)


def test_the_model_is_fetched_after_asking_and_that_can_be_cancelled(
    drive: Drive, package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCRIPTED_FETCHED", str(tmp_path / "fetched"))
    monkeypatch.setenv("SCRIPTED_PULL_WAIT_FOR", str(tmp_path / "go"))
    folder = tmp_path / "empty"
    folder.mkdir()
    steps: list[dict[str, object]] = [
        {"status": "is not on this machine"},
        {"shot": "missing"},
        {"click": "Fetch it"},
        {"see": "half of it is here"},
        {"status": "%"},
        {"shot": "fetching"},
        {"click": "Cancel"},
        {"status": "fetching the model was cancelled"},
        {"touch": str(tmp_path / "go")},
        {"run": "codegen-lsp: Menu"},
        {"type": "Fetch"},
        {"shot": "menu"},
        {"press": "Enter"},
        {"status": "ready"},
    ]
    done = drive("run_typing.mjs", folder=str(folder), extension=str(package), steps=steps)
    assert done.returncode == 0, said(done)


def test_nothing_is_seen_of_a_server_that_does_not_offer_suggestions(
    drive: Drive, package: Path, tmp_path: Path
) -> None:
    done = type_into(
        drive,
        package,
        tmp_path,
        '# scripted: text="return a + b"\n',
        {"type": "def add(a, b):\n"},
        {"ghost": "return a + b"},
        server=scripted_server(tmp_path, HERE / "dumb_server.py"),
        patienceMs=10_000,
    )
    assert done.returncode == 1
    assert "waited in vain for the ghost text return a + b" in done.stdout, said(done)


def test_the_walkthrough_opens_where_nothing_is_edited(
    drive: Drive, package: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    see = "Code completion from a model on"
    steps = [{"see": see}, {"status": "ready"}, {"shot": "walkthrough"}]
    done = drive("run_typing.mjs", folder=str(folder), extension=str(package), steps=steps)
    assert done.returncode == 0, said(done)


def test_how_long_activation_takes(drive: Drive, package: Path, tmp_path: Path) -> None:
    done = type_into(
        drive, package, tmp_path, "", {"activation": True}, {"shot": "activation"}, height=2000
    )
    assert done.returncode == 0, said(done)
    time = re.search("Activation: ([0-9]+)ms", done.stdout)
    assert time is not None, said(done)
    print(time[0])  # noqa: T201 - the figure, for whoever asks with -s


def test_a_throwing_case_fails_the_run(drive: Drive, tmp_path: Path) -> None:
    done = drive("run_in_host.mjs", folder=str(tmp_path), cases="throwing")
    assert done.returncode == 1
    assert "FAILED fails: Error: as it should" in done.stdout
