"""Documents that are never read: they get silence, and the model never sees them."""

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Start
from tests.e2e.editor import CARET, Editor

TEXT = f"# scripted: text=abc\n{CARET}"


def reason(editor: Editor, path: Path | str, **options: Any) -> str | None:
    """The code of the reason for silence in the file `path`; None where there is a suggestion."""
    uri = path.as_uri() if isinstance(path, Path) else path
    place = editor.put(TEXT, uri=uri)
    if editor.texts(place, **options):
        return None
    return editor.reason(place)


@pytest.mark.parametrize("context", ["true", "false"])
def test_secrets_by_name_are_silent_and_everything_else_is_not(
    start: Start, tmp_path: Path, context: str
) -> None:
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / ".gitignore").write_text("ignored.py\n")
    environ: dict[str, Any] = {
        "CODEGEN_LSP_CONTEXT": context,
        "CODEGEN_LSP_CACHE_DIR": str(tmp_path / "cache"),
    }
    editor = start(options={"deniedFiles": ["/customers/"]}, folder=shop, **environ)
    for name in (".env", "deep/id_rsa", "server.pem", ".ssh/config", "customers/a.py"):
        assert reason(editor, shop / name) == "denied_file"
        assert reason(editor, shop / name, invoked=True) == "denied_file"
    assert reason(editor, f"untitled:{shop}/.env") == "denied_file"
    for name in ("ignored.py", ".env.example", "a_pb2.py", "old/customers/a.py"):
        assert reason(editor, shop / name) is None
    said = editor.explain((shop / ".env").as_uri()).wait()
    assert "holds secrets" in said["summary"]
    assert (said["context"], said["tokens"]["prompt"]) == ([], 0)


def test_the_setting_holds_as_soon_as_it_is_changed(start: Start, tmp_path: Path) -> None:
    editor = start()
    file = tmp_path / "a.sql"
    assert reason(editor, file) is None
    settings = {"codegen-lsp": {"deniedFiles": ["*.sql"]}}
    editor.notify("workspace/didChangeConfiguration", {"settings": settings})
    assert reason(editor, file) == "denied_file"


def test_a_restarted_worker_knows_what_is_denied(start: Start, tmp_path: Path) -> None:
    editor = start(options={"deniedFiles": ["*.sql"]})
    since = len(editor.notifications)
    editor.texts(editor.put(f"# scripted: exit=1\n{CARET}"))
    editor.wait_ready(since)
    assert reason(editor, tmp_path / "a.sql") == "denied_file"
