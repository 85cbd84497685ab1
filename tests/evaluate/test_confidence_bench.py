"""What is suggested at places of a project, with a scripted model."""

import json
from pathlib import Path

import pytest

from codegen_lsp.completion.confidence import MEANINGS
from codegen_lsp.errors import UsageError
from codegen_lsp.evaluate.cases import Case
from codegen_lsp.evaluate.confidence_bench import judge, read_rows, row_of
from codegen_lsp.evaluate.confidence_fit import Judged
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
    filtered = [script(prefix, text) for text in (*texts, texts[-1])]  # a silence is tried again
    unfiltered = [script(prefix, text) for text in ("first + second\n", "first\n", "\n", "\n")]
    first, second, *third = filtered
    scripts = [first, unfiltered[0], second, unfiltered[1], *third, *unfiltered[2:]]
    told: list[int] = []
    found = dict(judge(scripted_model(scripts), tmp_path, cases, lambda: told.append(1)))
    right, wrong, silent = found.values()
    assert (right.is_right, right.characters, right.folder) == (True, 14, tmp_path.name)
    assert (wrong.is_right, wrong.characters, wrong.language) == (False, 6, "python")
    assert silent.features is None
    assert right.features is not None
    assert set(right.features) == set(MEANINGS)
    written = [(each.unfiltered_is_right, each.unfiltered_characters) for each in found.values()]
    assert written == [(True, 14), (True, 5), (False, 0)]
    assert len(told) == 3


def test_rows_are_read_as_they_were_written(tmp_path: Path) -> None:
    assert read_rows(tmp_path / "none.jsonl") == {}
    judged = Judged("a", "go", None, False, 0, unfiltered_is_right=True, unfiltered_characters=4)
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps(row_of("a", "x.go:3", judged)) + "\n", encoding="utf-8")
    assert read_rows(rows) == {("a", "x.go:3"): judged}


def test_rows_with_other_features_are_refused(tmp_path: Path) -> None:
    judged = Judged("a", "go", {"total_logprob": -1.0}, True, 4)
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps(row_of("a", "x.go:3", judged)) + "\n", encoding="utf-8")
    with pytest.raises(UsageError, match="other features"):
        read_rows(rows)
