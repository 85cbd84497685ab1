"""What a person sees and chooses beside the text: the installed extension in a real VS Code."""

import re
from pathlib import Path

import pytest

from tests.editors.vscode.driver import (
    Drive,
    executable,
    is_running,
    login_path,
    said,
    type_into,
)

pytestmark = pytest.mark.editors


def test_the_server_is_installed_after_asking_and_that_can_be_cancelled(
    drive: Drive, package: Path, tmp_path: Path
) -> None:
    child = tmp_path / "child"
    folder, tools, source = (tmp_path / name for name in ("empty", "tools", "source"))
    for each in (folder, tools, source):
        each.mkdir()
    executable(
        tools / "uv",
        'if [ "$1" = venv ]; then mkdir -p "$5"; exit; fi',
        "sleep 3600 &",
        f'echo "half of it is here"; echo "$! $4" >"{child}.new"; mv "{child}.new" "{child}"; wait',
    )
    login_path(tmp_path / "home", tools)
    steps: list[dict[str, object]] = [
        {"see": "Install it into an environment of its own?"},
        {"shot": "not_installed"},
        {"click": "Install"},
        {"see": "The folder of codegen-lsp's source"},
        {"type": f"{source}s"},
        {"see": f"There is no {source}s."},
        {"shot": "no_such_folder"},
        {"press": "Backspace"},
        {"press": "Enter"},
        {"see": f"Installing {source}"},
        {"made": str(child)},
        {"shot": "installing"},
        {"click": "Cancel"},
        {
            "gone": str(
                tmp_path / "home/user-data/User/globalStorage/codegen-lsp.codegen-lsp/server"
            )
        },
        {"run": "codegen-lsp: Menu"},
        {"see": "Disable Everywhere"},
        {"unseen": "the installation failed"},
        {"shot": "installation_cancelled"},
    ]
    done = drive(
        "run_typing.mjs", folder=str(folder), extension=str(package), steps=steps, server=""
    )
    assert done.returncode == 0, said(done)
    pid, python = child.read_text("utf-8").split()
    assert not Path(python).parents[1].exists()
    assert not is_running(int(pid))


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
        {"see": "Fetch the Model"},
        {"type": "Fetch"},
        {"shot": "menu"},
        {"press": "Enter"},
        {"status": "ready"},
    ]
    done = drive("run_typing.mjs", folder=str(folder), extension=str(package), steps=steps)
    assert done.returncode == 0, said(done)


def test_trusting_a_folder_starts_its_program_with_its_settings(
    drive: Drive, package: Path, project: Path, tmp_path: Path
) -> None:
    login_path(tmp_path / "home", tmp_path / "bin")
    (project / "sample.py").write_text("x = ", encoding="utf-8")
    started = tmp_path / "started"
    program = project / ".venv/bin/codegen-lsp"
    text = program.read_text("utf-8")
    program.write_text(text.replace("\n", f'\ntouch "{started}"\n', 1), encoding="utf-8")
    steps: list[dict[str, object]] = [
        {"status": "ready"},
        {"gone": str(started)},
        {"shot": "untrusted"},
        {"run": "Workspaces: Manage Workspace Trust"},
        {"click": "Trust"},
        {"made": str(started)},
        {"status": "off: suggestions come only when asked for"},
        {"press": "Control+w"},
        {
            "again": ["codegen-lsp: Suggest Now", "codegen-lsp: Explain the Last Silence"],
            "until": "suggestions are switched off here by the settings",
        },
        {"pause": 500},
        {"shot": "trusted"},
    ]
    done = drive(
        "run_typing.mjs",
        folder=str(project),
        file="sample.py",
        extension=str(package),
        steps=steps,
        server="",
        trusts=False,
    )
    assert done.returncode == 0, said(done)


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
