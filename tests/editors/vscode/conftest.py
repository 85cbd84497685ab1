"""A real VS Code for each test, with a scripted model unless the test says otherwise.

`make test-editors` installs what they need: .venv/vscode-1.139 and .venv/vscode-1.96.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.editors.vscode.driver import HERE, ROOT, Drive, scripted_server

SCREENSHOTS = ROOT / "build/screenshots"
VERSIONS = ("1.139", "1.96")


@pytest.fixture(scope="session")
def package() -> Path:
    """The extension as it is shipped, which `make test-editors` has just built."""
    folder = ROOT / "editors/vscode"
    built = folder / "out/codegen-lsp.vsix"
    sources = [folder / "package.json", *(folder / "src").iterdir()]
    if not built.exists() or any(each.stat().st_mtime > built.stat().st_mtime for each in sources):
        pytest.fail(f"{built} is missing or older than its sources: run `make test-editors`")
    return built


@pytest.fixture(params=VERSIONS)
def drive(
    request: pytest.FixtureRequest,
    package: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Drive:
    """`drive(script, **options)` runs one of the scripts here in a fresh VS Code.

    Those in the extension host take the extension as it was built for `package`.
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
