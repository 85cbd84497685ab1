"""The workspace that a replay is typed in: there while it lasts, gone without a trace."""

from pathlib import Path

import pytest

from codegen_lsp.context.files import Rules
from codegen_lsp.context.indexing import build
from codegen_lsp.evaluate.replay_folder import workspace
from codegen_lsp.evaluate.replay_text import Source


def test_its_files_are_there_and_then_neither_they_nor_an_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(tmp_path))
    files = [Source("a.py", "python", "x = 1\n"), Source("b/c.py", "python", "é = 2\n")]
    with workspace("store", files) as folder:
        assert folder.name == "store"
        written = {path.name: path.read_text("utf-8") for path in folder.rglob("*.py")}
        assert written == {"a.py": "x = 1\n", "c.py": "é = 2\n"}
        assert build(folder, Rules())
        assert list((tmp_path / "index").iterdir()) != []
    assert not folder.exists()
    assert list((tmp_path / "index").iterdir()) == []
