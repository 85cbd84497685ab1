"""What is suggested at places of a project, with a scripted model."""

from pathlib import Path

import pytest

from codegen_lsp.completion.confidence import MEANINGS
from codegen_lsp.evaluate.cases import Case
from codegen_lsp.evaluate.confidence_bench import judge, read_rows, row_of
from tests.scripted_models import script, scripted_model


def test_each_place_is_judged_by_what_came_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(tmp_path / ".cache"))
    prefix = "total = "
    texts = ["first + second\n", "second\n", "\n"]
    cases = [
        Case(str(number), "python", prefix, "\nprint(total)\n", "first + second", f"{number}.py")
        for number in range(len(texts))
    ]
    tries = [script(prefix, text) for text in texts]
    model = scripted_model([*tries, tries[-1]])  # a silence is tried again
    told: list[int] = []
    found = dict(judge(model, tmp_path, cases, lambda: told.append(1)))
    right, wrong, silent = found.values()
    assert right is not None
    assert wrong is not None
    assert silent is None
    assert (right.is_right, right.characters, right.folder) == (True, 14, tmp_path.name)
    assert (wrong.is_right, wrong.characters) == (False, 6)
    assert set(right.features) == set(MEANINGS)
    assert len(told) == 3


def test_rows_are_read_as_they_were_written(tmp_path: Path) -> None:
    assert read_rows(tmp_path / "none.jsonl") == {}
    row = row_of("a", "x.py:3", None)
    assert row == {"folder": "a", "id": "x.py:3", "judged": None}
